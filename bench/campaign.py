"""Opening a campaign: every family is invited, in large batches."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Final, Self

from sqlalchemy import func, insert, select

from api import engine_starts
from api.engine_starts import connect
from bench.place import Place, memory_mib
from bench.table import Row
from domain.campaigns import Plan
from domain.deadlines import paris_day
from storage.accounts import PARENT
from storage.clock import now
from storage.records import new_id
from storage.store import Store
from storage.tables import accounts, campaign_families, children, families

FAMILIES: Final = 5_000
_BATCH: Final = 500
_PATIENCE: Final = 600.0
_LOOK: Final = 0.25


def measured(place: Place, count: int = FAMILIES) -> Sequence[Row]:
    """How fast invitations are written, and the most that the worker held in memory meanwhile.

    Letters leave beside, as fast as the catcher takes them; the campaign waits for those that do
    not, as it would for a slow mail server.
    """
    worker, campaign_id = place.town.pid("worker"), new_id()
    idle = memory_mib(worker)
    place.asks(lambda store: _plan(store, campaign_id, count, now()))
    with _Highest(worker) as highest:
        began = time.monotonic()
        asyncio.run(_tell(place, campaign_id))
        while place.asks(lambda store: _invited(store, campaign_id)) < count:
            if time.monotonic() - began > _PATIENCE:
                raise TimeoutError("the campaign did not open")
            time.sleep(_LOOK)
        seconds = time.monotonic() - began
    what = f"Invitations to a campaign for {count:,} families, per second"
    return (
        Row(what, _figure(count, seconds)),
        Row(
            "Most memory of the worker meanwhile",
            f"{highest.mib:.0f} MiB ({idle:.0f} MiB idle)",
        ),
    )


def _figure(count: int, seconds: float) -> str:
    return f"{count / seconds:.0f} ({seconds:.0f} s, batches of {_BATCH}, one second apart)"


class _Highest:
    """The most memory that a process was seen to hold."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = Event()
        self._thread = Thread(target=self._watch)
        self.mib = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_LOOK):
            self.mib = max(self.mib, memory_mib(self._pid))


async def _plan(store: Store, campaign_id: str, count: int, at: datetime) -> None:
    ids = [(new_id(), new_id()) for _ in range(count)]
    await store.connection.execute(
        insert(accounts),
        [
            {
                "id": account,
                "email": f"campagne{n:05}@exemple.fr",
                "role": PARENT,
                "name": f"Anne Campagne{n:05}",
                "title": "",
                "duties": (),
                "created_at": at,
            }
            for n, (account, _) in enumerate(ids)
        ],
    )
    place = {"street": "3 rue des Lilas", "postal_code": "47990", "city": "Valbourg"}
    await store.connection.execute(
        insert(families),
        [{"id": one, "account_id": account, "created_at": at, **place} for account, one in ids],
    )
    child = {"first_name": "Léna", "last_name": "Campagne", "sort_key": "campagne lena"}
    born = {"birth_date": "2020-03-12", "birth_place": "Valbourg", "grade": "cp"}
    await store.connection.execute(
        insert(children), [{"id": new_id(), "family_id": one, **child, **born} for _, one in ids]
    )
    await store.accounts.add("campagne@v.example", "admin", at, account_id=campaign_id)
    [procedure, *_] = await store.town.procedures_of_kind("actualisation")
    today = paris_day(at)
    plan = Plan(
        today - timedelta(days=1),
        today + timedelta(days=60),
        batch_size=_BATCH,
        batch_pause=1,
    )
    await store.campaigns.add(
        campaign_id, procedure.id, "Actualisation", plan, by=campaign_id, at=at
    )


async def _invited(store: Store, campaign_id: str) -> int:
    query = select(func.count()).where(campaign_families.c.campaign_id == campaign_id)
    return int((await store.connection.execute(query)).scalar_one())


async def _tell(place: Place, campaign_id: str) -> None:
    client = await connect(place.town.engine_address, "default", lazy=False)
    await engine_starts.tell_campaign(client, campaign_id, "", 0)
