"""What the site is made of, built once by `api/app.py` and handed to every request."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fastapi import Depends, Request

from activities.api_particulier import ApiParticulier
from activities.letter_writer import LetterWriter
from api.access.passwords import Passwords
from api.access.vouching import FranceConnect
from api.gateway import Gateway
from api.pace import Pace
from api.pages import Pages, TownHall
from settings import Settings
from storage.files import Files
from storage.store import OpenStore, Store

_log = logging.getLogger("ribambelle.site")
_TOWN_HALL_LASTS = timedelta(seconds=30)


class TownHallCard:
    """The name and phone of the town hall, read again from storage every half minute."""

    def __init__(self) -> None:
        self.card = TownHall(name="votre commune")
        self._read_at: datetime | None = None

    def is_old(self, at: datetime) -> bool:
        """Whether the card is to be read again."""
        return self._read_at is None or at - self._read_at >= _TOWN_HALL_LASTS

    async def refresh(self, store: Store, at: datetime) -> None:
        """Read the card again if it is old. The phone is the one of the first open procedure."""
        if not self.is_old(at):
            return
        town = await store.town.card()
        departments = {one.code: one for one in await store.town.departments()}
        codes = [procedure.department for procedure in await store.town.procedures()]
        chosen = departments.get(codes[0]) if codes else next(iter(departments.values()), None)
        self.card = TownHall(
            name=town.name,
            phone=chosen.phone if chosen else "",
            mail=chosen.email if chosen else "",
        )
        self._read_at = at


@dataclass(frozen=True)
class House:
    """The parts of the site. `clock` gives the present moment, aware, in UTC."""

    settings: Settings
    reading: OpenStore
    writing: OpenStore
    files: Files
    gateway: Gateway
    writer: LetterWriter
    pages: Pages
    passwords: Passwords
    clock: Callable[[], datetime]
    town_hall: TownHallCard
    france_connect: FranceConnect | None = None
    api_particulier: ApiParticulier | None = None
    pace: Pace = field(default_factory=Pace)
    errands: set[asyncio.Task[Any]] = field(default_factory=set)

    def after_the_answer(self, errand: Coroutine[Any, Any, object]) -> None:
        """Do something that the person need not wait for. What it cannot do, others do again."""
        task = asyncio.create_task(_run(errand))
        self.errands.add(task)
        task.add_done_callback(self.errands.discard)


async def _run(errand: Coroutine[Any, Any, object]) -> None:
    try:
        await errand
    except Exception as error:  # noqa: BLE001  (nobody waits for it; what it had to do is a row)
        _log.warning("errand failed", extra={"error": type(error).__name__})


def house_of(request: Request) -> House:
    """The house this request came to."""
    house: House = request.app.state.house
    return house


def now(request: Request) -> datetime:
    """One moment for the whole request: aware, in UTC."""
    if not hasattr(request.state, "now"):
        request.state.now = house_of(request).clock()
    moment: datetime = request.state.now
    return moment


async def reading_store(request: Request) -> AsyncIterator[Store]:
    """One read-only store for the whole request: all its pages see the same moment."""
    async with house_of(request).reading() as store:
        yield store


READING = Depends(reading_store, scope="function")
"""Closed before the answer leaves: a slow browser holds no transaction open."""
