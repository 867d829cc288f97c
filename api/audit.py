"""The line that a request leaves behind: who, from where, and when, found once.

async with writing() as store:
    await store.audit.add(line_of(request, What.DOCUMENT_OPENED, dossier_id=…, subject=…))
"""

from fastapi import Request

from api.access.sessions import guest_of
from api.house import now
from domain.audit import What
from storage.audit import Line


def line_of(
    request: Request,
    what: What,
    *,
    actor_id: str = "",
    dossier_id: str = "",
    subject: str = "",
    **detail: str,
) -> Line:
    """The line of what this request does; `actor_id` where nobody is signed in yet."""
    account = guest_of(request).account
    return Line(
        at=now(request),
        what=what,
        actor_id=actor_id or (account.id if account else ""),
        dossier_id=dossier_id,
        subject=subject,
        place=request.client.host if request.client else "",
        detail=detail,
    )
