"""Twenty people a second sign in, while others read: hashing passwords must hold up nobody."""

import threading
import time
from collections.abc import Sequence
from secrets import token_hex
from typing import Final

from argon2 import PasswordHasher

from bench.pages import serving
from bench.place import Place, signs_in
from bench.table import Row, at_most, number
from bench.visitor import Key, Visitor, WentWrongError
from domain.tokens import form_token
from settings import EXAMPLE_SECRET
from storage.clock import now
from storage.store import Store

PER_SECOND: Final = 20
SECONDS: Final = 30
_PASSWORD: Final = "trois chats dorment bien"  # noqa: S105
_PAUSE: Final = 0.05
_MOST_MS: Final = 1_000
_PATIENCE: Final = 15.0


def measured(place: Place, *, seconds: int = SECONDS) -> Sequence[Row]:
    """What others wait for a page meanwhile, and how many of those who sign in come in."""
    count = PER_SECOND * seconds

    async def families(store: Store) -> Key:
        kept = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(_PASSWORD)
        for n in range(count):
            await store.accounts.add(_mail(n), "parent", now(), password_hash=kept)
        return await signs_in(store, _mail(count))

    key = place.asks(families)
    # Each person comes from an address of their own, as a town does.
    with serving({**place.town.variables, "RIBAMBELLE_PROXIES": "127.0.0.1, ::1"}) as port:
        reader = Visitor(port, key)
        waits: list[float] = []
        came_in: list[float] = []
        people = [threading.Thread(target=_comes_in, args=(port, n, came_in)) for n in range(count)]
        began = time.monotonic()
        is_over = threading.Event()
        reading = threading.Thread(target=_reads, args=(reader, waits, is_over))
        reading.start()
        for n, person in enumerate(people):
            time.sleep(max(0.0, began + n / PER_SECOND - time.monotonic()))
            person.start()
        for person in people:
            person.join()
        is_over.set()
        reading.join()
    return (
        at_most(
            f"A page while {PER_SECOND} people a second sign in, 95th percentile",
            1000 * _p95(waits),
            _MOST_MS,
            " ms",
            more=f"{len(waits)} pages in {seconds} s",
        ),
        # The others were told at once, or after four seconds, to come back in a minute.
        Row(
            "Of them, those who came in at their first try",
            f"{number(100 * len(came_in) / count)} % (95th percentile {number(_p95(came_in))} s)",
        ),
    )


def _comes_in(port: int, n: int, came_in: list[float]) -> None:
    place = f"10.{n // 62_500}.{n // 250 % 250}.{n % 250 + 1}"
    browser = token_hex(32)
    key = Key(browser, form_token(EXAMPLE_SECRET, browser))
    visitor = Visitor(port, key, place=place)
    began = time.monotonic()
    try:
        visitor.posts("/connexion", email=_mail(n), password=_PASSWORD)
        came_in.append(time.monotonic() - began)
    except (OSError, WentWrongError):
        pass  # told to come back: not counted as one who came in
    finally:
        visitor.leaves()


def _reads(reader: Visitor, waits: list[float], is_over: threading.Event) -> None:
    while not is_over.is_set():
        for path in ("/accueil", "/aide", "/connexion"):
            waits.append(reader.opens(path).seconds)
            time.sleep(_PAUSE)


def _p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)] if seconds else _PATIENCE


def _mail(n: int) -> str:
    return f"bench-sign-in-{n}@exemple.fr"
