"""A child leaves the town's schools: the day from which what is kept of it runs out."""

from collections.abc import Mapping
from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.rules import Agent
from api.audit import line_of
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing
from api.pages import Pages
from api.staff.family_view import known_children, load_family
from api.staff.room import see
from domain import french
from domain.audit import What
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.questions import as_day
from domain.retention import Category, runs_out
from storage.accounts import Account
from storage.households import Child
from storage.store import Store

router = APIRouter(prefix="/agent/familles/{family_id}/enfants/{child_id}/depart")

_A_YEAR = timedelta(days=366)
_WRONG_DAY = "Écrivez le dernier jour d’école, au plus tard dans un an."


@router.get("")
async def show(
    request: Request,
    family_id: str,
    child_id: str,
    visitor: Agent,
    store: Reading,
    pages: PagesDep,
) -> Response:
    """Ask for the last day at school, or show the one that was noted."""
    child = await _child(store, family_id, child_id, visitor.account)
    return await _page(request, store, pages, family_id, child)


@router.post("")
async def note(
    request: Request,
    family_id: str,
    child_id: str,
    visitor: Agent,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Note the last day at school. Twice: the last word stands."""
    child, today = await _child(store, family_id, child_id, visitor.account), paris_day(now)
    left_on = as_day("/".join(form.get(f"left_{part}", "").strip() for part in _PARTS))
    problem = await _problem_of(store, child, left_on, today)
    if left_on is None or problem:
        errors = {"left": problem}
        return await _page(request, store, pages, family_id, child, values=form, errors=errors)
    async with writing() as unit:
        await unit.departures.note(child.id, left_on, by=visitor.account.id, at=now)
        line = line_of(
            request,
            What.DEPARTURE_NOTED,
            dossier_id=child.dossier_id or "",
            subject=child.id,
            on=left_on.isoformat(),
        )
        await unit.audit.add(line)
    await tell("success", f"Le départ de {child.first_name} est noté.")
    return see(f"/agent/familles/{family_id}")


@router.post("/annuler")
async def take_back(
    request: Request,
    family_id: str,
    child_id: str,
    visitor: Agent,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    tell: Tell,
) -> Response:
    """The child stays, or came back. Twice: once."""
    del form
    child = await _child(store, family_id, child_id, visitor.account)
    async with writing() as unit:
        if await unit.departures.take_back(child.id):
            line = line_of(
                request,
                What.DEPARTURE_TAKEN_BACK,
                dossier_id=child.dossier_id or "",
                subject=child.id,
            )
            await unit.audit.add(line)
    await tell("success", f"{child.first_name} reste inscrit dans la commune.")
    return see(f"/agent/familles/{family_id}")


_PARTS = ("day", "month", "year")


async def _problem_of(store: Store, child: Child, left_on: date | None, today: date) -> str:
    """What is wrong with this day: nobody leaves before being there. "" for nothing."""
    if left_on is None or left_on > today + _A_YEAR:
        return _WRONG_DAY
    born = as_day(child.birth_date)
    if born is not None and left_on < born:
        return f"Cet enfant est né le {french.day(born)} : vérifiez l’année."
    sent = (await store.dossiers.find(child.dossier_id)).submitted_at if child.dossier_id else None
    if sent is not None and left_on < paris_day(sent):
        return (
            f"L’inscription a été demandée le {french.day(sent)} : le dernier jour d’école ne peut "
            "pas venir avant."
        )
    return ""


async def _child(store: Store, family_id: str, child_id: str, agent: Account) -> Child:
    family = await load_family(store, family_id, agent)
    for child in await known_children(store, family):
        if child.id == child_id:
            return child
    raise NotFound


async def _page(
    request: Request,
    store: Store,
    pages: Pages,
    family_id: str,
    child: Child,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    left_on = await store.departures.of(child.id)
    here = f"/agent/familles/{family_id}"
    return pages.ask(
        request,
        "staff/departure.html",
        back=here,
        here=f"{here}/enfants/{child.id}/depart",
        name=f"{child.first_name} {child.last_name}".strip() or "Enfant sans nom",
        left_on=french.day(left_on) if left_on else "",
        until=french.day(_until(left_on)) if left_on else "",
        values=values or {"left": left_on.isoformat() if left_on else ""},
        errors=errors or {},
    )


def _until(left_on: date) -> date:
    """The last day on which the dossier is kept."""
    return runs_out(Category.ENROLLED, left_on) - timedelta(days=1)
