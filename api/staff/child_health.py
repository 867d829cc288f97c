"""A child's health record as staff reads it: with the duty for health, and a line each time."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.rules import Agent
from api.dependencies import Now, PagesDep, Reading
from api.health_readers import note_reading, reads_health
from api.health_sheets import sheet_of
from api.house import house_of
from api.staff.labels import for_agents
from domain.errors import NotFound
from storage.family_record import FollowedChild
from storage.records import is_id

router = APIRouter()


async def patient(
    request: Request, visitor: Agent, family_id: str, child_id: str, at: Now
) -> FollowedChild:
    """The child of this family, once it is written down that this agent reads its record.

    Raises:
        NotFound: there is none, or the agent has no duty for its health: the same answer.
    """
    if not (is_id(family_id) and is_id(child_id)):
        raise NotFound
    async with house_of(request).reading() as store:
        child = await store.family_record.child_for(family_id, child_id, at)
    if child is None or child.is_shared or not reads_health(visitor.account, child):
        raise NotFound
    await note_reading(request, child)
    return child


Patient = Annotated[FollowedChild, Depends(patient)]


@router.get("/agent/familles/{family_id}/enfants/{child_id}/sante")
async def show(
    request: Request, child: Patient, family_id: str, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """All of the record, and what is missing before activities; to read and to print."""
    sheet = await sheet_of(store, child, at)
    back = f"/agent/familles/{family_id}"
    answers = [{**row, "label": for_agents(row["label"])} for row in sheet["answers"]]
    return pages.render(
        request, "staff/child_health.html", **{**sheet, "back": back, "answers": answers}
    )
