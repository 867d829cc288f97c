"""Look at documents without trusting them. The worker's door to this package.

It knows paths and facts; neither where documents are stored nor who asks.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, Literal, Self, get_args

from activities.inspection.jobs import (
    LONG,
    MACHINE,
    MEBIBYTE,
    PAGES_DRAWN,
    SHORT,
    THUMBNAIL,
    Job,
    Patience,
    page_name,
)
from activities.inspection.link import CannotInspectError, Link, LostError
from domain.documents import FIRST_BYTES, Facts, Failure, MediaType, sniff

_SHORT_AT_ONCE: Final = 2
_LONG_AT_ONCE: Final = 1
_PDF_MEMORY: Final = 512 * MEBIBYTE
_PHOTO_MEMORY: Final = 1024 * MEBIBYTE


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What was drawn: names of JPEG files in the folder, in page order; possibly none at all.

    `was_cut`: the time was over before the last page.
    """

    pages: tuple[str, ...] = ()
    thumbnail: str | None = None
    is_blank: bool | None = None
    was_cut: bool = False

    def complete(self, facts: Facts) -> Facts:
        """The facts of the look, with what the drawing has shown."""
        return replace(facts, is_drawn=bool(self.pages), is_blank=self.is_blank)


class Inspector:
    """Keeps a nursery ready. A short try first: two documents together, photos one after the other.

    What needs a long try has a place of its own, one for all, so that the short ones never wait
    for it.
    """

    def __init__(self, link: Link | None = None) -> None:
        self._link = link or Link()
        self._short = asyncio.Semaphore(_SHORT_AT_ONCE)
        self._long = asyncio.Semaphore(_LONG_AT_ONCE)
        self._photos = asyncio.Semaphore(1)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Have the nursery ready. Twice: the second changes nothing.

        Raises:
            CannotInspectError: the machine cannot start it.
        """
        await self._link.start()

    async def close(self) -> None:
        """End the nursery. Twice: the second changes nothing."""
        await self._link.close()

    @property
    def is_isolated(self) -> bool:
        """Whether documents are looked at where there is no network."""
        return self._link.is_isolated

    @property
    def nursery_pid(self) -> int | None:
        """The nursery's process id, for supervision; None while there is none."""
        return self._link.pid

    async def look(self, path: Path, into: Path, patience: Patience = LONG) -> Facts:
        """The facts of a file, within seconds whatever the file is.

        With `SHORT` patience, the failure `timeout` says that a long look is worth while.

        A readable photo is also written upright and stripped to `into / page_name(1)`, for an
        existing folder `into`. Twice: the same facts, the same file. A document that cannot be read
        is not an error: `Facts.failure` says so.

        Raises:
            CannotInspectError: no nursery, a full disk, no folder: nothing is said of the document.
            OSError: the file is not there.
        """
        size, media_type = await asyncio.to_thread(_glance, path)
        if size == 0:
            return Facts(size_bytes=0)
        outcome = await self._do("look", path, into, media_type, patience)
        return _facts(outcome, size, media_type)

    async def draw(
        self, path: Path, into: Path, facts: Facts, patience: Patience = LONG
    ) -> Drawing:
        """Page images and a thumbnail in the folder where the look has written.

        The first ten pages at most; fewer, or none, when the document resists: that is no reason to
        refuse it. Twice: the same files.

        Raises:
            CannotInspectError: no nursery, a full disk, no folder.
        """
        outcome = await self._do("draw", path, into, facts.media_type, patience)
        return await asyncio.to_thread(_drawn, into, outcome)

    async def _do(
        self,
        task: Literal["look", "draw"],
        path: Path,
        into: Path,
        media_type: MediaType | None,
        patience: Patience,
    ) -> dict[str, Any]:
        is_photo = media_type is not None and media_type.is_photo
        job = Job(
            task=task,
            path=str(path),
            into=str(into),
            memory_bytes=_PHOTO_MEMORY if is_photo else _PDF_MEMORY,
            cpu_seconds=patience.cpu_seconds,
            wall_seconds=patience.wall_seconds,
        )
        async with self._turn(patience, is_photo=is_photo):
            for _ in range(2):  # a nursery may be killed for reasons of its own: once more, then no
                try:
                    outcome = await self._link.ask(job)
                except LostError:
                    continue
                if outcome.get("failure") == MACHINE:
                    raise CannotInspectError
                return outcome
            return {"failure": "crash"}

    @asynccontextmanager
    async def _turn(self, patience: Patience, *, is_photo: bool) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if patience.cpu_seconds > SHORT.cpu_seconds:
                await stack.enter_async_context(self._long)
            else:
                if is_photo:
                    await stack.enter_async_context(self._photos)
                await stack.enter_async_context(self._short)
            yield


def _glance(path: Path) -> tuple[int, MediaType | None]:
    with path.open("rb") as file:
        return path.stat().st_size, sniff(file.read(FIRST_BYTES))


def _facts(outcome: dict[str, Any], size: int, media_type: MediaType | None) -> Facts:
    """The child's answer, believed only as far as its types; the size is what we saw ourselves."""
    failure: Failure | None = outcome.get("failure")
    if set(outcome) == {f.name for f in fields(Facts)}:
        found = outcome["media_type"]
        numbers = [outcome[name] for name in ("pages", "width", "height", "empty_count")]
        names = outcome["empty_fields"]
        if (
            found in (None, media_type)
            and (failure is None or failure in get_args(Failure))
            and all(type(number) is int for number in numbers)
            and isinstance(names, list)
            and all(isinstance(name, str) for name in names)
        ):
            return Facts(
                size_bytes=size,
                media_type=None if found is None else media_type,
                failure=failure,
                needs_password=outcome["needs_password"] is True,
                has_active_content=outcome["has_active_content"] is True,
                pages=numbers[0],
                width=numbers[1],
                height=numbers[2],
                empty_count=numbers[3],
                empty_fields=tuple(names),
                is_xfa_only=outcome["is_xfa_only"] is True,
            )
    known = failure if failure in get_args(Failure) else "crash"
    return Facts(size_bytes=size, media_type=media_type, failure=known)


def _drawn(into: Path, outcome: dict[str, Any]) -> Drawing:
    blank = outcome.get("is_blank")
    for unfinished in into.glob("*.part"):
        unfinished.unlink(missing_ok=True)
    names = [page_name(number) for number in range(1, PAGES_DRAWN + 1)]
    return Drawing(
        pages=tuple(name for name in names if _is_file(into / name)),
        thumbnail=THUMBNAIL if _is_file(into / THUMBNAIL) else None,
        is_blank=blank if isinstance(blank, bool) else None,
        was_cut=outcome.get("failure") == "timeout",
    )


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
