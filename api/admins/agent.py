"""One of the town's people: who they are, and what they may do.

Whoever changes rights is an admin at that very instant (`in_turn`), and never changes their own: so
there is always an admin left.
"""

from fastapi import APIRouter, Request, Response

from api.access.confirming import Confirmed
from api.access.rules import Admin
from api.admins.agent_forms import read_description
from api.admins.agent_room import PREFIX, Colleague, agent_page, back_to, in_turn
from api.audit import line_of
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing
from domain.audit import What
from domain.rights import Duty
from storage.accounts import Account
from storage.audit import Line
from storage.staff import ADMIN

router = APIRouter(prefix=PREFIX)


@router.get("")
async def show(
    visitor: Admin,
    agent: Colleague,
    request: Request,
    store: Reading,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Show one person, and what can be done."""
    return await agent_page(request, pages, store, agent, visitor.account, now)


@router.post("")
async def change(
    visitor: Admin,
    _: Confirmed,
    agent: Colleague,
    request: Request,
    form: CheckedForm,
    reading: Reading,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Write who the person is and what they may do; their sessions end when their rights change.

    Raises:
        NotAllowed: nobody would be left to govern the portal (`last_admin`), or the one who asks
            is an admin no more (`no_more_admin`).
    """
    is_own = agent.id == visitor.account.id
    person, errors = read_description(
        form, await reading.town.departments(), role=agent.role if is_own else ""
    )
    if person is None:
        return await agent_page(
            request, pages, reading, agent, visitor.account, now, values=form, errors=errors
        )
    duties: tuple[Duty, ...] = agent.duties if is_own else person.duties
    async with writing() as store:
        before = await in_turn(store, agent.id, visitor.account, loses=person.role != ADMIN)
        await store.staff.change(
            agent.id, name=person.name, title=person.title, role=person.role, duties=duties
        )
        if (before.role, set(before.duties)) != (person.role, set(duties)):
            await store.audit.add(_rights_line(request, before, person.role, duties))
            await store.accounts.end_sessions_of(agent.id)
        if before.role != person.role:
            await store.staff.end_tokens(agent.id, now)
    await tell("success", f"C’est noté pour {person.name}.")
    return back_to(agent)


def _rights_line(request: Request, before: Account, role: str, duties: tuple[Duty, ...]) -> Line:
    return line_of(
        request,
        What.RIGHTS_CHANGED,
        subject=before.id,
        role_before=before.role,
        role=role,
        duties_before=_coded(before.duties),
        duties=_coded(duties),
    )


def _coded(duties: tuple[Duty, ...]) -> str:
    """Duties as a line of the journal holds them: `scolarite:custody creche`."""
    return " ".join(
        ":".join((one.department or "tous", *sorted(group.value for group in one.fields)))
        for one in duties
    )
