"""Receiving the files of families: looked at and counted while they arrive.

What the portal's own limits refuse is not kept, and the other files of the same sending are
unharmed. A file is kept before its row is written, and its row before the engine hears of it.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass

from fastapi import Request

from api.access.sessions import guest_of
from api.acts import Acts
from api.forms import check_origin, check_token
from api.gateway import Kept
from api.multipart import MOST_PARTS, Part, parts_of
from api.room_for_files import Crowded
from domain.documents import FIRST_BYTES, Limits, accepts, clean_name, crowds, outgrows, sniff
from domain.errors import NotAllowed, Unavailable
from domain.remarks import Remark, sentence
from settings import Settings
from storage.documents import STATEMENT, Document
from storage.files import Files, KeptFile, TooLarge

_ROOM_FOR_FIELDS = 1024 * 1024


def largest_sending(settings: Settings) -> int:
    """The most bytes one sending of files may have: as many full files as a piece may have."""
    largest = settings.limits.for_type(None)
    return min(settings.files_per_piece, MOST_PARTS) * largest + _ROOM_FOR_FIELDS


@dataclass(frozen=True)
class Received:
    """What became of one file of a sending.

    `refusal` says why it was not kept. `is_known`: the same bytes were there already, so that
    nothing was added. `is_waiting`: kept, but the engine did not answer yet.
    """

    name: str
    refusal: Remark | None = None
    is_known: bool = False
    is_waiting: bool = False

    @property
    def problem(self) -> str:
        """Why it was refused, in one French sentence; empty when it was not."""
        return f"« {self.name} » : {sentence(self.refusal)}" if self.refusal else ""


class Reception:
    """Takes the files of one sending for one piece, one after the other.

    `there` are the documents this piece has already.
    """

    def __init__(
        self,
        files: Files,
        acts: Acts,
        limits: Limits,
        *,
        dossier_id: str,
        piece: str,
        there: Sequence[Document],
    ) -> None:
        given = [one for one in there if one.counts and one.form != STATEMENT]
        self._files = files
        self._acts = acts
        self._limits = limits
        self._dossier_id = dossier_id
        self._piece = piece
        self._count = len(given)
        self._known = {one.sha256 for one in given}
        self._received: list[Received | asyncio.Task[Received]] = []

    async def take_all(self, request: Request, *, is_form: bool = True) -> Sequence[Received]:
        """Read the whole sending and say what became of each file, in its order.

        Not `is_form`: a program sends it, which came in by its own token and not by a cookie.

        Raises:
            NotAllowed: the form is not from our own page, or its token does not come first.
            Unreadable: it is no form of ours, or it was cut; whole files before the cut are kept.
            TooLarge: everything together is too large; files that arrived before are kept.
            TransitionNotAllowed: the dossier was closed in the meantime.
        """
        if is_form:
            check_origin(request)
        is_ours = not is_form
        try:
            async with aclosing(parts_of(request)) as parts:
                async for part in parts:
                    if part.file_name is None:
                        if part.name == "csrf" and is_form:
                            check_token(guest_of(request), await part.text())
                            is_ours = True
                        continue
                    if not is_ours:
                        raise NotAllowed("stale_form")
                    await self._take(part, part.file_name)
        finally:
            gifts = [one for one in self._received if isinstance(one, asyncio.Task)]
            await asyncio.gather(*gifts, return_exceptions=True)
        return [one if isinstance(one, Received) else await one for one in self._received]

    async def _take(self, part: Part, file_name: str) -> None:
        async with aclosing(part.chunks()) as chunks:
            first = await first_bytes(chunks)
            if not first and not file_name:
                return  # the field was left empty
            name, media_type = clean_name(file_name), sniff(first)
            refusal = accepts(first, file_name)
            refusal = refusal or await self._acts.no_room(self._dossier_id, self._limits)
            if refusal is not None:
                self._received.append(Received(name, refusal))
                return
            limit = self._limits.for_type(media_type)
            try:
                kept = await self._files.keep(after(first, chunks), limit_bytes=limit)
            except TooLarge as stopped:
                if stopped.facts["limit_bytes"] != limit:
                    raise  # not this file: everything together
                too_large = outgrows(limit + 1, media_type, self._limits)
                self._received.append(Received(name, too_large))
                return
        await self._accept(kept, name)

    async def _accept(self, kept: KeptFile, name: str) -> None:
        # Counted only now: the tenth file sent again after a cut is the tenth and no eleventh.
        is_known = kept.sha256 in self._known
        crowded = None if is_known else crowds(self._count, self._limits)
        if is_known or crowded:
            with suppress(Unavailable):  # swept later
                await self._files.remove(kept.document_id)
            self._received.append(Received(name, crowded, is_known=is_known))
            return
        self._known.add(kept.sha256)
        self._count += 1
        # The next file goes on arriving while the engine hears of this one.
        self._received.append(
            asyncio.create_task(self._give(kept, name, place=len(self._received)))
        )

    async def _give(self, kept: KeptFile, name: str, *, place: int) -> Received:
        # If it cannot be given any more, the reconciler sweeps the file that has no row.
        try:
            outcome = await self._acts.give_file(
                self._dossier_id,
                self._piece,
                kept,
                name=name,
                place=place,
                most=self._limits.files_per_piece,
                limits=self._limits,
            )
        except Crowded as crowded:  # filled by another sending meanwhile
            return Received(name, crowded.remark)
        return Received(name, is_waiting=isinstance(outcome, Kept))


async def first_bytes(chunks: AsyncIterator[bytes]) -> bytes:
    """As much of a file as tells what it is; `after` gives it all."""
    first = b""
    async for chunk in chunks:
        first += chunk
        if len(first) >= FIRST_BYTES:
            break
    return first


async def after(first: bytes, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The whole file again, of which the first bytes were read."""
    yield first
    async for chunk in chunks:
        yield chunk
