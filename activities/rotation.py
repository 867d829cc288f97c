"""A change of keys beside a running town: small transactions, begun again wherever it was cut."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from storage.resealing import SEALED
from storage.store import OpenStore

_AT_ONCE = 200


@dataclass(frozen=True)
class Rotated:
    """How many texts were sealed again, and how many no key of the settings opens."""

    done: int = 0
    closed: int = 0


async def rotate_keys(
    writing: OpenStore,
    *,
    at_once: int = _AT_ONCE,
    after_each: Callable[[int], None] = lambda _: None,
) -> Rotated:
    """Seal everything under the newest key. Twice, or after a cut: only what is left.

    `after_each` hears how many were done so far, after each transaction.
    """
    done = closed = 0
    for column in SEALED:
        last: tuple[Any, ...] | None = None
        while True:
            async with writing() as store:
                batch = await store.resealing.some(column, last, limit=at_once)
            done, closed, last = done + batch.done, closed + batch.closed, batch.last
            after_each(done)
            if last is None:
                break
    return Rotated(done, closed)
