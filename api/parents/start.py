"""The beginning of a request: what it takes, what the town does with it, the first page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.kept_forms import typed_before
from api.access.rules import Parent, Visitor
from api.answers import greet_as
from api.answers_view import groups
from api.beginning import Known, fill_child, known_answers, known_of, open_procedure
from api.beginning import begin as begin_dossier
from api.dependencies import CheckedForm, Now, PagesDep, Reading, SettingsDep, Writing
from api.form_acts import act_id_of
from api.pages import Pages
from api.parents.dependencies import ParentActs
from api.parents.journey import DOCUMENTS, journey_of
from api.parents.question_page import blocks_of, note_of
from api.parents.questions import to_correct
from api.parents.recap import recap_of
from api.parents.typed import typed_on
from api.parents.visited import (
    dossiers_for,
    name_of,
    procedures_for,
    refuse_unless_open_to,
)
from domain.deadlines import paris_day
from domain.documents import announcement
from domain.errors import NotFound
from domain.kinds.catalogue import RULES
from domain.kinds.rules import Rules
from domain.questions import Answers, Section, Values, read
from domain.states import State
from storage.records import new_id
from storage.store import Store
from storage.town import Procedure

router = APIRouter()


@router.get("/inscription/{slug}")
async def present(
    request: Request,
    visitor: Parent,
    slug: str,
    store: Reading,
    pages: PagesDep,
    settings: SettingsDep,
    at: Now,
) -> Response:
    """What is needed, how long it takes, what becomes of the answers, and the way in."""
    procedure = await store.town.procedure(slug=slug)
    refuse_unless_open_to(visitor, procedure)
    if RULES[procedure.kind].starts_filled:
        return RedirectResponse(f"/actualisation/{procedure.slug}", 303)
    every = await store.dossiers.of_account(visitor.account.id)
    mine = [one for one in dossiers_for(visitor, every) if one.procedure_id == procedure.id]
    rules = RULES[procedure.kind]
    known = await known_of(
        store, visitor.account.id, procedure, agent=visitor.behind, dossiers=every
    )
    is_known = procedure.is_open and is_family_known(known)
    return pages.render(
        request,
        "parents/start.html",
        procedure=procedure,
        department=await store.town.department(procedure.department),
        others=[
            one
            for one in procedures_for(visitor, await store.town.procedures())
            if one.id != procedure.id and one.kind == procedure.kind
        ],
        drafts=[one for one in mine if one.state is State.DRAFT],
        knows_family=bool(mine) or known.record is not None,
        known=_recaps(rules, known.answers, at) if is_known else (),
        children=known.unregistered,
        act_id=new_id(),
        pieces=rules.needs({}),
        limits=announcement(settings.limits),
    )


def _recaps(rules: Rules, known: Answers, at: datetime) -> Sequence[Mapping[str, Any]]:
    """What the town knows of the family, page by page; nothing of a reserved group is on them."""
    shown = groups(rules, known, {}, today=paris_day(at))
    return [recap_of(one, is_short=True) for one in shown if one.code in known]


def is_family_known(known: Known) -> bool:
    """Whether the family has said who it is, and where it lives."""
    return all(known.answers.get(code) for code in ("vous", "adresse"))


@router.post("/inscription/{slug}/connu")
async def begin_known(
    visitor: Parent,
    slug: str,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    acts: ParentActs,
    at: Now,
) -> Response:
    """Open the dossier of another child: all that is known of the family is right, it says.

    The child's own page is filled in for one that the town knows (`child`). The same form twice
    opens one dossier. A family of which nothing is known is led to the first page.
    """
    procedure = await _to_fill(store, visitor, slug)
    account_id, code = visitor.account.id, RULES[procedure.kind].sections[0].code
    known = await known_of(store, account_id, procedure, agent=visitor.behind)
    if not is_family_known(known):
        return RedirectResponse(f"/inscription/{procedure.slug}/{code}", 303)
    child = next((one for one in known.unregistered if one.id == form.get("child")), None)
    dossier = await begin_dossier(
        store,
        writing,
        acts,
        procedure,
        None,
        act_id=act_id_of(form),
        account_id=account_id,
        agent=visitor.behind,
    )
    if child is not None:
        await fill_child(writing, dossier, child)
    async with writing() as now:
        journey = await journey_of(now, dossier, paris_day(at))
    left = journey.unfinished
    return RedirectResponse(journey.address(left[0] if left else DOCUMENTS), 303)


@router.get("/inscription/{slug}/vous")
async def ask(
    request: Request, visitor: Parent, slug: str, store: Reading, pages: PagesDep
) -> Response:
    """The first page of questions; nothing is opened before it is saved."""
    procedure = await _to_fill(store, visitor, slug)
    known = await known_answers(store, visitor.account.id, procedure, agent=visitor.behind)
    section = RULES[procedure.kind].sections[0]
    before = typed_before(request, f"/inscription/{procedure.slug}/{section.code}")
    mine = known.get(section.code) or name_of(visitor)
    values = typed_on(section, before) if before else mine
    return _first_page(pages, request, procedure, section, values, act_id=act_id_of(before))


@router.post("/inscription/{slug}/vous")
async def begin(
    request: Request,
    visitor: Parent,
    slug: str,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    acts: ParentActs,
    pages: PagesDep,
    at: Now,
) -> Response:
    """Open the dossier with what was typed, right or wrong; the same form twice opens one."""
    procedure = await _to_fill(store, visitor, slug)
    section = RULES[procedure.kind].sections[0]
    values, problems = read(section, typed_on(section, form), {}, today=paris_day(at))
    if not any(values.values()):
        return _first_page(pages, request, procedure, section, values, errors=problems)
    dossier = await begin_dossier(
        store,
        writing,
        acts,
        procedure,
        values,
        act_id=act_id_of(form),
        account_id=visitor.account.id,
        agent=visitor.behind,
    )
    if not problems:
        await greet_as(writing, dossier, values)
    async with writing() as now:
        journey = await journey_of(now, dossier, paris_day(at))
    if form.get("then") == "leave":
        return RedirectResponse(journey.address(), 303)
    if problems:
        return RedirectResponse(to_correct(journey, section.code, back_to={}), 303)
    return RedirectResponse(journey.next_after(section.code), 303)


async def _to_fill(store: Store, visitor: Visitor, slug: str) -> Procedure:
    """The open procedure of that slug, if it begins with a first page to fill; else NotFound."""
    procedure = await open_procedure(store, slug)
    refuse_unless_open_to(visitor, procedure)
    if RULES[procedure.kind].starts_filled:
        raise NotFound
    return procedure


def _first_page(
    pages: Pages,
    request: Request,
    procedure: Procedure,
    section: Section,
    values: Values,
    *,
    act_id: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    steps = len(RULES[procedure.kind].sections_for({})) + 2
    return pages.render(
        request,
        "parents/question.html",
        status_code=422 if errors else 200,
        section=section,
        blocks=blocks_of(section, values, errors or {}, {}),
        values=values,
        errors=errors or {},
        action=f"/inscription/{procedure.slug}/{section.code}",
        autosave="",
        back=f"/inscription/{procedure.slug}",
        hidden={"act_id": act_id or new_id()},
        note=note_of(section),
        step=1,
        steps=steps,
        kept=[],
    )
