"""The absences of one of the town's people, noted by an admin."""

from fastapi import APIRouter, Request, Response

from api.absences import end_absence, say_absence
from api.access.confirming import Confirmed
from api.access.rules import Admin
from api.admins.agent_room import PREFIX, Colleague, agent_page, back_to
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing

router = APIRouter(prefix=PREFIX)


@router.post("/absence")
async def say_away(
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
    """Note an absence and who stands in, with the reserved groups let to them meanwhile."""
    async with writing() as store:
        errors = await say_absence(request, store, agent, form, by=visitor.account, at=now)
    if errors:
        return await agent_page(
            request, pages, reading, agent, visitor.account, now, absence=form, errors=errors
        )
    await tell("success", f"L’absence de {agent.name} est notée.")
    return back_to(agent)


@router.post("/absence/{absence_id}/fin")
async def call_off(
    _: Admin,
    agent: Colleague,
    absence_id: str,
    request: Request,
    form: CheckedForm,
    writing: Writing,
    now: Now,
) -> Response:
    """End an absence now, or call it off. Twice: once."""
    del form
    async with writing() as store:
        await end_absence(request, store, agent, absence_id, now)
    return back_to(agent)
