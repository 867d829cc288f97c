"""Whether a piece has room for one more file, and a family for more bytes."""

from datetime import datetime, timedelta

from domain.documents import Limits, exhausts
from domain.errors import DomainError
from domain.remarks import Remark
from storage.documents import FILE, Document
from storage.dossiers import Dossier
from storage.store import Store

_AN_HOUR = timedelta(hours=1)


class Crowded(DomainError):  # noqa: N818
    """The piece, or the family, has given as many files as it may; `remark` says so."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.code)
        self.remark = remark


async def twin_of(store: Store, document: Document, most: int) -> Document | None:
    """What stands for this piece already and is the same; Crowded when it has no room for more."""
    there = [
        one
        for one in await store.documents.of(document.dossier_id)
        if one.counts and one.piece == document.piece and one.form == document.form
    ]
    for one in there:
        if one.sha256 == document.sha256:
            return one
    if document.form == FILE and len(there) >= most:
        raise Crowded(Remark("too_many_files", {"files": most}))
    return None


async def refuse_if_exhausted(
    store: Store, dossier: Dossier, limits: Limits | None, at: datetime
) -> None:
    """Crowded when the family has given as much as it may; without `limits` it never has."""
    if limits is not None:
        # Counted over all dossiers of the family, of which only one is held.
        await store.accounts.take_turn(dossier.account_id)
        remark = await exhausted(store, dossier.id, limits, at)
        if remark is not None:
            raise Crowded(remark)


async def exhausted(store: Store, dossier_id: str, limits: Limits, at: datetime) -> Remark | None:
    """Why this dossier's family can give nothing more now; None when it can."""
    volume = await store.documents.volume(dossier_id, at - _AN_HOUR)
    return exhausts(volume.files_since, volume.bytes_kept, limits)
