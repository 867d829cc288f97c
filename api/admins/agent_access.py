"""The access of one of the town's people: closed, opened again, invited again, a lost telephone."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from api.access.confirming import Confirmed
from api.access.notices import mail_afterwards
from api.access.rules import Admin
from api.admins.agent_room import PREFIX, Colleague, back_to, in_turn
from api.admins.agent_view import is_invited
from api.admins.agents import send_invitation
from api.admins.lost_telephones import forget_telephone
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, Tell, Writing
from domain.audit import What
from domain.errors import NotAllowed, NotFound

router = APIRouter(prefix=PREFIX)

_INVITATIONS, _AN_HOUR = 5, timedelta(hours=1)


@router.post("/fermer")
async def close(
    visitor: Admin,
    _: Confirmed,
    agent: Colleague,
    request: Request,
    form: CheckedForm,
    writing: Writing,
    tell: Tell,
    now: Now,
) -> Response:
    """Close the access everywhere, at once. Twice: once. Raises NotAllowed as `in_turn`."""
    del form
    async with writing() as store:
        before = await in_turn(store, agent.id, visitor.account, loses=True)
        if before.disabled_at is None:
            await store.staff.close(before, now)
            await store.audit.add(line_of(request, What.ACCESS_CLOSED, subject=agent.id))
    await tell("success", f"L’accès de {agent.name or agent.email} est fermé partout.")
    return back_to(agent)


@router.post("/rouvrir")
async def open_again(
    visitor: Admin,
    _: Confirmed,
    agent: Colleague,
    request: Request,
    form: CheckedForm,
    writing: Writing,
    tell: Tell,
) -> Response:
    """Open a closed access, with the rights it had. Twice: once."""
    del form
    async with writing() as store:
        before = await in_turn(store, agent.id, visitor.account)
        if before.disabled_at is not None:
            await store.staff.open_again(agent.id)
            await store.audit.add(line_of(request, What.ACCESS_OPENED_AGAIN, subject=agent.id))
    await tell("success", f"L’accès de {agent.name or agent.email} est de nouveau ouvert.")
    return back_to(agent)


@router.post("/inviter")
async def invite_again(
    visitor: Admin,
    _: Confirmed,
    agent: Colleague,
    request: Request,
    form: CheckedForm,
    house: HouseDep,
    writing: Writing,
    tell: Tell,
    now: Now,
) -> Response:
    """Mail the invitation once more: five links an hour at most, as on the sign-in page."""
    del form
    if not is_invited(agent) or agent.disabled_at is not None:
        raise NotFound
    async with writing() as store:
        await store.accounts.take_turn(agent.email)
        sent = await store.accounts.links_since(agent.email, now - _AN_HOUR)
        letter = ""
        if sent < _INVITATIONS:
            letter = await send_invitation(store, house, agent, visitor.account, now)
    if letter:
        mail_afterwards(request, letter)
        await tell("success", f"Une nouvelle invitation part vers {agent.email}.")
    else:
        await tell("attention", "Cinq liens sont déjà partis en une heure. Attendez un peu.")
    return back_to(agent)


@router.post("/second-facteur")
async def lost_telephone(
    visitor: Admin,
    _: Confirmed,
    agent: Colleague,
    request: Request,
    form: CheckedForm,
    writing: Writing,
    tell: Tell,
) -> Response:
    """Take a lost telephone off, and say so by mail; another is set up at the next visit.

    Their sessions end. Nobody does it for themselves: on one's own page a code is asked for.
    """
    del form
    if agent.id == visitor.account.id:
        raise NotAllowed("own_rights")
    async with writing() as store:
        before = await in_turn(store, agent.id, visitor.account)
        letter = await forget_telephone(request, store, before, visitor.account)
    mail_afterwards(request, letter)
    await tell(
        "success", f"{agent.name or agent.email} reliera un téléphone à sa prochaine visite."
    )
    return back_to(agent)
