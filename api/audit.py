"""The line that a request leaves behind: who, from where, and when, found once.

async with writing() as store:
    await store.audit.add(line_of(request, What.DOCUMENT_OPENED, dossier_id=…, subject=…))

Where nothing else is written, `write_down` opens the unit of work.
"""

import contextlib

from fastapi import Request

from api.access.places import place_of
from api.access.sessions import guest_of
from api.house import house_of, now
from domain.audit import What
from storage.audit import Line
from storage.records import is_id
from storage.store import DATABASE_ERRORS

_MOST_REFUSALS = 60
"""Lines of refusals that one account leaves in a minute: whoever tries more is in the log."""


def behind(request: Request) -> str:
    """The id of the agent who acts for the account that is signed in; empty when nobody does."""
    agent = guest_of(request).behind
    return agent.id if agent else ""


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
        behind_id=behind(request),
        dossier_id=dossier_id,
        subject=subject,
        place=place_of(request),
        detail=detail,
    )


async def write_down(
    request: Request, what: What, *, dossier_id: str = "", subject: str = "", **detail: str
) -> None:
    """Write a line by itself. Raises what the database raises: what cannot be told is not done."""
    async with house_of(request).writing() as store:
        await store.audit.add(
            line_of(request, what, dossier_id=dossier_id, subject=subject, **detail)
        )


async def note_refusal(request: Request, code: str) -> None:
    """Somebody who is known asked for what is not theirs: which route, about what, and why not.

    A thing of somebody else's and one that does not exist leave the same line: they are told apart
    neither by the answer nor by its time. Without the database the refusal stands all the same.
    """
    account = guest_of(request).account
    if account is None or house_of(request).pace.wait(
        f"refusals {account.id}", _MOST_REFUSALS, now(request)
    ):
        return
    ids = {name: value for name, value in request.path_params.items() if is_id(str(value))}
    dossier_id = ids.pop("dossier_id", "")
    with contextlib.suppress(*DATABASE_ERRORS):
        await write_down(
            request,
            What.NOT_ALLOWED,
            dossier_id=dossier_id,
            subject=next(iter(ids.values()), ""),
            code=code,
            method=request.method,
            route=_pattern_of(request),
        )


def _pattern_of(request: Request) -> str:
    """The address with the names of its parts in place of what stands there, which may be typed."""
    parts = {str(value): f"{{{name}}}" for name, value in request.path_params.items() if value}
    return "/".join(parts.get(part, part) for part in request.url.path.split("/"))[:200]
