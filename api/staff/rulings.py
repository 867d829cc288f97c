"""Court rulings about the child of a dossier: recorded as effects, each shown before it is written.

For agents who read rulings only; for everybody else there is no such page, and no word of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.confirming import Confirmed
from api.access.kept_forms import typed_before
from api.access.notices import mail_afterwards
from api.access.rules import Agent
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell
from api.form_acts import act_id_of
from api.forms import Form
from api.house import House
from api.pages import Pages
from api.staff.guardian_access import CustodyDossier, Ending, end_access
from api.staff.room import see
from api.staff.rulings_view import (
    ALTERNATING,
    Circle,
    accesses_to_end,
    children_to_choose,
    circle_of,
    papers_of,
    read_ruling,
    ruling_rows,
)
from api.staff.trail import trail_from
from domain.audit import What
from domain.custody import Effect, Ruling, consequences
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.french import of
from storage.dossiers import Dossier
from storage.family_record import FamilyRecord
from storage.records import new_id
from storage.store import Store

router = APIRouter()

_CHOOSE_A_CHILD = "Choisissez l’enfant que la décision concerne."


@router.get("/agent/dossiers/{dossier_id}/jugements")
async def show(
    request: Request,
    dossier: CustodyDossier,
    house: HouseDep,
    store: Reading,
    pages: PagesDep,
    now: Now,
) -> Response:
    """What was recorded, and the form for a ruling. Each reading of a ruling leaves a line."""
    known = await _known(store, dossier)
    if known[1]:
        async with house.writing() as books:
            await books.audit.add(line_of(request, What.RULING_READ, dossier_id=dossier.id))
    before = typed_before(request, _here(dossier), f"{_here(dossier)}/verifier")
    return await _page(request, store, pages, dossier, known, now, values=before)


@router.post("/agent/dossiers/{dossier_id}/jugements/verifier")
async def check(
    request: Request,
    visitor: Agent,
    dossier: CustodyDossier,
    form: CheckedForm,
    store: Reading,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Say all that the ruling would change. Nothing is written."""
    circle, typed, errors = await _read(store, dossier, form, visitor.account.id, now)
    if circle is None or typed is None or form.get("then") == "edit":
        known = await _known(store, dossier)
        shown = {} if form.get("then") == "edit" else errors
        return await _page(request, store, pages, dossier, known, now, values=form, errors=shown)
    return pages.render(
        request,
        "staff/ruling_check.html",
        dossier=dossier,
        of_child=of(circle.of_child),
        decided_on=typed.decided_on,
        sentences=[one.words for one in typed.decisions],
        changes=await _what_changes(store, dossier, typed, circle, now),
        fields=_fields(form, typed.id),
        here=_here(dossier),
    )


@router.post("/agent/dossiers/{dossier_id}/jugements")
async def record(
    request: Request,
    visitor: Agent,
    dossier: CustodyDossier,
    form: CheckedForm,
    _: Confirmed,
    house: HouseDep,
    store: Reading,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Record the ruling, and end the accesses that it ends. Twice: once."""
    circle, typed, errors = await _read(store, dossier, form, visitor.account.id, now)
    if circle is None or typed is None:
        known = await _known(store, dossier)
        return await _page(request, store, pages, dossier, known, now, values=form, errors=errors)
    async with house.writing() as books:
        letters: Sequence[str] = ()
        if await books.court_rulings.record(typed):
            line = line_of(
                request,
                What.RULING_RECORDED,
                dossier_id=dossier.id,
                subject=typed.id,
            )
            await books.audit.add(line)
            letters = await _end_accesses(request, house, books, typed, circle, now)
    for letter_id in letters:
        mail_afterwards(request, letter_id)
    await tell("success", "La décision de justice est enregistrée.")
    return see(trail_from(form).under(dossier.id, "jugements"))


@router.post("/agent/dossiers/{dossier_id}/jugements/{ruling_id}/fin")
async def end(
    request: Request,
    visitor: Agent,
    dossier: CustodyDossier,
    ruling_id: str,
    form: CheckedForm,
    _: Confirmed,
    house: HouseDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Note that a ruling binds no more. What it closed stays closed until an agent opens it."""
    async with house.writing() as store:
        rulings = (await _known(store, dossier))[1]
        if ruling_id not in {one.id for one in rulings}:
            raise NotFound
        if await store.court_rulings.end(ruling_id, by=visitor.account.id, at=now):
            line = line_of(request, What.RULING_ENDED, dossier_id=dossier.id, subject=ruling_id)
            await store.audit.add(line)
    await tell(
        "success",
        "La décision est terminée. Ce qu’elle avait fermé reste fermé : voyez les accès et les "
        "personnes autorisées.",
    )
    return see(trail_from(form).under(dossier.id, "jugements"))


Known = tuple[FamilyRecord | None, Sequence[Ruling]]
"""The family of a dossier, and the rulings about the children that the dossier may be about."""


async def _known(store: Store, dossier: Dossier) -> Known:
    family = await store.family_record.of(dossier.account_id)
    ids = [one.id for one in children_to_choose(dossier, family)]
    return family, await store.court_rulings.of_dossier(dossier.id, ids)


async def _end_accesses(
    request: Request, house: House, store: Store, ruling: Ruling, circle: Circle, now: Now
) -> Sequence[str]:
    alone = any(one.effect is Effect.SOLE_AUTHORITY for one in ruling.decisions)
    on = max(ruling.since, paris_day(now))
    ending = Ending(on, "authority" if alone else "ruling", ruling.decided_on)
    letters = []
    for access in accesses_to_end(ruling, circle):
        registered = await store.dossiers.find(access.dossier_id)
        letters.append(await end_access(request, house, store, registered, access, ending, now))
    return letters


async def _read(
    store: Store, dossier: Dossier, form: Form, by: str, now: Now
) -> tuple[Circle | None, Ruling | None, Mapping[str, str]]:
    record_ = await store.family_record.of(dossier.account_id)
    circle = await circle_of(store, dossier, record_, form.get("child", ""))
    if circle is None:
        return None, None, {"child": _CHOOSE_A_CHILD}
    papers = papers_of(await store.documents.of(dossier.id))
    typed = read_ruling(
        form,
        dossier,
        circle,
        ruling_id=act_id_of(form),
        document_id=papers[-1].id if papers else None,
        by=by,
        at=now,
    )
    return circle, typed.ruling, typed.errors


async def _what_changes(
    store: Store, dossier: Dossier, ruling: Ruling, circle: Circle, now: Now
) -> Sequence[str]:
    today = paris_day(now)
    return consequences(
        ruling,
        circle.people,
        await store.holds.of(dossier.id),
        owner=circle.owner,
        with_access=[who for access, who in circle.accesses if not access.has_ended(today)],
        contacts=circle.contacts,
    )


def _fields(form: Form, ruling_id: str) -> Sequence[tuple[str, str]]:
    """Everything typed, for the form that confirms it; the id makes the same form one act."""
    kept = [
        (name, value)
        for name in form
        if name not in {"csrf", "act_id", "then"}
        for value in form.getlist(name)
    ]
    return [*kept, ("act_id", ruling_id)]


def _here(dossier: Dossier) -> str:
    return f"/agent/dossiers/{dossier.id}/jugements"


async def _page(
    request: Request,
    store: Store,
    pages: Pages,
    dossier: Dossier,
    known: Known,
    now: Now,
    *,
    values: Form | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    typed, (family, rulings) = values or Form([]), known
    children = children_to_choose(dossier, family)
    chosen = typed.get("child", "") or request.query_params.get("enfant", "")
    circle = await circle_of(store, dossier, family, chosen)
    people = [{"value": one.name, "label": one.name} for one in circle.people] if circle else []
    trail = trail_from(typed or request.query_params)
    context: dict[str, Any] = {
        "dossier": dossier,
        "of_child": of(circle.of_child) if circle else "",
        "desk_href": trail.desk_href(dossier.id),
        "accesses_href": trail.under(dossier.id, "acces"),
        "here": _here(dossier),
        "rows": ruling_rows(rulings, {one.id: one.first_name for one in children}, now),
        "papers": papers_of(await store.documents.of(dossier.id)),
        "children": [{"value": one.id, "label": one.name} for one in children],
        "child": circle.child.id if circle and circle.child else "",
        "has_to_choose": circle is None,
        "people": people,
        "choices": [(one["value"], one["label"]) for one in people],
        "homes": [
            *((one["value"], one["label"]) for one in people),
            (ALTERNATING, "En alternance chez les deux parents"),
        ],
        "fields": {**trail.fields, "act_id": typed.get("act_id") or new_id()},
    }
    return pages.render(
        request,
        "staff/rulings.html",
        status_code=422 if errors else 200,
        values=typed,
        errors=errors or {},
        **context,
    )
