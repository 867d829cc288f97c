"""Images of children, for those who take and show them: a list per school, to be printed."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.rules import Agent
from api.audit import write_down
from api.dependencies import Now, PagesDep, Reading
from domain import french
from domain.audit import What
from domain.consents import CELLS, USES, Medium
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.kinds.registration_questions import GRADES
from domain.questions import as_day
from domain.rights import departments_of
from domain.school_years import school_year_of
from storage.image_lists import PupilRights

router = APIRouter()

_OTHERS, _OTHERS_NAME = "autres", "Autres écoles"
_GRADES = {one.value: one.label for one in GRADES}


@router.get("/agent/droit-image")
async def schools(
    request: Request, visitor: Agent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """The schools of this agent's children."""
    mine = departments_of(visitor.account.duties)
    found = await store.image_lists.schools(mine, paris_day(at))
    return pages.render(
        request,
        "staff/image_schools.html",
        schools=[
            {
                "name": one.name or _OTHERS_NAME,
                "href": f"/agent/droit-image/{one.id or _OTHERS}",
                "pupils": one.pupils,
            }
            for one in found
        ],
    )


@router.get("/agent/droit-image/{school}")
async def children(
    school: str, request: Request, visitor: Agent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """Who may not be photographed, and what is allowed for the others. Each opening is a line.

    Raises:
        NotFound: the school has no child that this agent's duties open.
    """
    school_id, mine = "" if school == _OTHERS else school, departments_of(visitor.account.duties)
    schools_ = await store.image_lists.schools(mine, paris_day(at))
    found = next((one for one in schools_ if one.id == school_id), None)
    if found is None:
        raise NotFound
    pupils = await store.image_lists.of_school(school_id, mine, at)
    await write_down(request, What.IMAGES_READ, subject=school_id)
    return pages.render(
        request,
        "staff/image_rights.html",
        school=found.name or _OTHERS_NAME,
        year=school_year_of(paris_day(at)),
        today=french.day(at),
        never=[_row(one) for one in pupils if not one.allowed],
        some=[_row(one) for one in pupils if one.allowed],
    )


def _row(pupil: PupilRights) -> Mapping[str, Any]:
    born = as_day(pupil.birth_date)
    birth = f"{born:%d/%m/%Y}" if born else pupil.birth_date
    return {
        "name": f"{pupil.last_name} {pupil.first_name}".strip(),
        "detail": " · ".join(one for one in (_GRADES.get(pupil.grade, ""), birth) if one),
        "group": _uses(pupil, Medium.GROUP),
        "individual": _uses(pupil, Medium.INDIVIDUAL),
    }


def _uses(pupil: PupilRights, medium: Medium) -> Sequence[str]:
    """What is allowed for this kind of image."""
    return [USES[one.use] for one in CELLS if one.medium is medium and one in pupil.allowed]
