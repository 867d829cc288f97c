"""The town's procedures: the rule each one follows, from which day on, and who set it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.confirming import confirmed
from api.access.kept_forms import typed_before
from api.access.rules import Admin
from api.access.sessions import guest_of
from api.admins.rule_form import (
    SILENCE,
    UNITS,
    VALIDATION,
    read_rule,
    rule_rows,
    values_of,
)
from api.admins.rule_preview import preview
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import act_id_of
from api.pages import Pages
from domain import french
from domain.audit import What
from domain.deadlines import Terms, paris_day
from domain.procedure_rules import ProcedureRule, in_force, is_overruled
from storage.records import new_id
from storage.town import Procedure
from storage.usual_procedures import lacking, usual_for

router = APIRouter(prefix="/demarches")

_HERE = "/admin/demarches"


@router.get("")
async def show(_: Admin, request: Request, store: Reading, pages: PagesDep, at: Now) -> Response:
    """Every procedure, with the rule it follows today and the next one that is set."""
    procedures, departments = await store.town.every_procedure(), await store.town.departments()
    rules = await store.procedure_rules.of_all(procedures)
    names = {one.code: one.name for one in departments}
    usual = usual_for("", paris_day(at))
    return pages.render(
        request,
        "admins/procedures.html",
        rows=[
            _row(one, rules.get(one.id, ()), names.get(one.department, ""), paris_day(at))
            for one in procedures
        ],
        lacking=[one.title for one in lacking(procedures, usual)] if departments else [],
        departments=[(one.code, one.name) for one in departments],
    )


@router.post("")
async def make_usual(
    _: Admin, request: Request, form: CheckedForm, writing: Writing, tell: Tell, at: Now
) -> Response:
    """Make the usual procedures that the town lacks, for one of its departments. Twice: once.

    Raises:
        NotFound: no such department.
    """
    async with writing() as store:
        department = await store.town.department(form.get("department", ""))
        made = await store.town.add_procedures(usual_for(department.code, paris_day(at)))
        if made:
            count = str(len(made))
            await store.audit.add(line_of(request, What.PROCEDURES_MADE, procedures=count))
    words = french.plural(len(made), "démarche créée", "démarches créées")
    await tell("success", f"{words}. Vérifiez la règle de chacune.")
    return RedirectResponse(_HERE, 303)


@router.get("/{slug}")
async def show_one(
    _: Admin, slug: str, request: Request, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """One procedure: its rule, the form of another one, and all there ever were."""
    procedure = await store.town.procedure(slug=slug)
    rules, today = await store.procedure_rules.of(procedure.id), paris_day(at)
    before = typed_before(request, f"{_HERE}/{slug}")
    values = before or values_of(_terms(procedure, rules, today), today)
    return _page(request, pages, procedure, rules, today, values=values)


@router.post("/{slug}")
async def set_rule(
    visitor: Admin,
    slug: str,
    request: Request,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    house: HouseDep,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Show the rule as families will read it, or (`then` is "set") set it. Twice: once.

    Dossiers that are open keep theirs. Setting asks first who it is (`Confirmed`); looking does
    not.
    """
    procedure = await store.town.procedure(slug=slug)
    rules, today = await store.procedure_rules.of(procedure.id), paris_day(at)
    terms, day, errors = read_rule(form, _terms(procedure, rules, today), today)
    if errors or form.get("then") == "edit":
        shown = {} if form.get("then") == "edit" else errors
        return _page(request, pages, procedure, rules, today, values=form, errors=shown)
    if form.get("then") != "set":
        words = french.delay(terms.silence_delay)
        subject, text = await preview(store, house, procedure, terms, at, words)
        return pages.render(
            request,
            "admins/procedure_preview.html",
            procedure=procedure,
            here=f"{_HERE}/{slug}",
            day=day,
            rows=rule_rows(terms),
            letter={"subject": subject, "text": text},
            typed={**_typed(form), "act_id": act_id_of(form)},
        )
    await confirmed(request, guest_of(request), form)
    async with writing() as unit:
        is_new = await unit.procedure_rules.set(
            act_id_of(form), procedure.id, day, terms, by=visitor.account.id, at=at
        )
        if is_new:
            line = line_of(request, What.RULE_SET, procedure=procedure.slug, on=day.isoformat())
            await unit.audit.add(line)
    await tell("success", f"Règle enregistrée. Elle vaut à partir du {french.day(day)}.")
    return RedirectResponse(f"{_HERE}/{slug}", 303)


def _typed(form: Mapping[str, str]) -> dict[str, str]:
    return {name: form.get(name, "") for name in values_of(Terms(), date.min)}


def _terms(procedure: Procedure, rules: Sequence[ProcedureRule], day: date) -> Terms:
    rule = in_force(rules, day)
    return procedure.terms if rule is None else rule.terms


def _row(
    procedure: Procedure, rules: Sequence[ProcedureRule], department: str, today: date
) -> Mapping[str, Any]:
    terms = _terms(procedure, rules, today)
    coming = [one.effective_from for one in rules if one.effective_from > today]
    return {
        "title": procedure.title,
        "detail": ", ".join(part for part in (procedure.school_year, department) if part),
        "href": f"{_HERE}/{procedure.slug}",
        "silence": rule_rows(terms)[0][1],
        "validation": next(one["label"] for one in VALIDATION if one["value"] == terms.validation),
        "coming": french.short_day(min(coming)) if coming else "",
        "is_open": procedure.is_open,
    }


def _page(
    request: Request,
    pages: Pages,
    procedure: Procedure,
    rules: Sequence[ProcedureRule],
    today: date,
    *,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> Response:
    current = in_force(rules, today)
    return pages.ask(
        request,
        "admins/procedure.html",
        errors=errors,
        procedure=procedure,
        here=f"{_HERE}/{procedure.slug}",
        rows=rule_rows(_terms(procedure, rules, today)),
        since=current.effective_from if current else None,
        history=[
            {
                "from": one.effective_from,
                "by": one.set_by,
                "at": one.set_at,
                "rows": rule_rows(one.terms),
                "state": _state(one, rules, current, today),
            }
            for one in rules
        ],
        first=rule_rows(procedure.terms),
        values=values,
        act_id=new_id(),
        silence=SILENCE,
        validation=VALIDATION,
        units=UNITS,
    )


def _state(
    rule: ProcedureRule,
    rules: Sequence[ProcedureRule],
    current: ProcedureRule | None,
    today: date,
) -> tuple[str, str, str]:
    if rule is current:
        return ("ok", "✓", "En vigueur")
    if is_overruled(rule, rules):
        return ("neutral", "–", "Remplacée")
    if rule.effective_from > today:
        return ("waiting", "…", "À venir")
    return ("neutral", "–", "Ancienne")
