"""Each opening of a family's document by somebody else leaves a line, before a byte leaves.

What cannot be written down is not opened. The family's own openings are its own affair.
"""

from typing import Literal

from fastapi import Request

from api.access.sessions import guest_of
from api.audit import behind, line_of
from api.house import house_of
from domain.audit import What
from domain.kinds.catalogue import RULES
from storage.documents import Document
from storage.dossiers import Dossier

How = Literal["original", "page", "album"]


async def note_opening(
    request: Request, dossier: Dossier, *documents: Document, how: How, page: str = ""
) -> None:
    """Write down that whoever asks opens these documents of the dossier. Twice: two openings.

    One of a reserved piece leaves the line of what is reserved as well.
    """
    account = guest_of(request).account
    if account is not None and _is_familys_own(request, dossier, account.id):
        return
    more = {"page": page} if page else {}
    async with house_of(request).writing() as store:
        for one in documents:
            await store.audit.add(
                line_of(
                    request,
                    What.DOCUMENT_OPENED,
                    dossier_id=dossier.id,
                    subject=one.id,
                    piece=one.piece,
                    how=how,
                    **more,
                )
            )
            if group := RULES[dossier.kind].group_of_piece(one.piece):
                await store.audit.add(
                    line_of(
                        request,
                        What.RESERVED_READ,
                        dossier_id=dossier.id,
                        subject=one.id,
                        groups=group,
                    )
                )


def _is_familys_own(request: Request, dossier: Dossier, account_id: str) -> bool:
    return account_id == dossier.account_id and not behind(request)
