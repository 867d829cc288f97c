"""The pages of questions: one subject each, everything typed is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.access.kept_forms import typed_before
from api.access.rules import OwnDossier, Parent, Visitor, groups_of
from api.answers import WRITABLE, YOU, fingerprint, greet_as, keep, refuse_if_read_only
from api.answers_view import Groups, groups
from api.confirmed import unconfirmed
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing
from api.forms import Form
from api.pages import Pages
from api.parents.journey import DOCUMENTS, VERIFY, Journey, journey_of
from api.parents.question_page import blocks_of, kept_rows, note_of
from api.parents.recap import recap_of
from api.parents.typed import typed_on
from api.parents.visited import shown_values, typed_over
from domain.deadlines import paris_day
from domain.errors import Stale
from domain.french import hour
from domain.kinds.catalogue import RULES
from domain.questions import Section, Values, read
from domain.states import State
from storage.dossiers import Dossier
from storage.store import OpenStore

router = APIRouter()

TO_CORRECT = "a-corriger"
"""The query by which a page of questions says what is wrong in what is kept."""


def to_correct(journey: Journey, code: str, *, back_to: Mapping[str, str]) -> str:
    """The address of a page of questions that says what is to be corrected."""
    onward = f"&retour={VERIFY}" if back_to.get("retour") == VERIFY else ""
    return f"{journey.address(code)}?{TO_CORRECT}=1{onward}"


@router.get("/dossiers/{dossier_id}/{code}")
async def show(
    request: Request, dossier: OwnDossier, code: str, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """One page of questions, with what is kept; read only once the town has the dossier."""
    journey = await journey_of(store, dossier, paris_day(at))
    section = journey.section(code)
    if dossier.state not in WRITABLE:
        shown = _groups(journey, groups_of(request, dossier))
        group = next(one for one in shown if one.code == code)
        return pages.render(request, "parents/answers.html", dossier=dossier, recap=recap_of(group))
    before = typed_before(request, journey.address(code))
    typed = typed_on(section, before) if before else journey.answers.get(code, {})
    values, problems = read(section, typed, journey.lists, today=journey.today)
    errors = problems if TO_CORRECT in request.query_params else {}
    return question(
        pages,
        request,
        journey,
        section,
        values,
        back_to=before or request.query_params,
        errors=errors,
        seen=before.get("version", ""),
    )


def _groups(journey: Journey, read_: Groups) -> Any:
    return groups(journey.rules, journey.answers, journey.lists, today=journey.today, read=read_)


def question(
    pages: Pages,
    request: Request,
    journey: Journey,
    section: Section,
    values: Values,
    *,
    back_to: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    kept: Values | None = None,
    seen: str = "",
    status_code: int = 200,
) -> Response:
    """Draw a page of questions with these values; `kept` are other answers kept meanwhile.

    `seen` is the version that whoever typed the values had before them, if not the one of now.
    """
    to_recap = back_to.get("retour") == VERIFY
    is_draft = journey.dossier.state is State.DRAFT
    before = journey.before(section.code) if is_draft else journey.address()
    stored = journey.answers.get(section.code, {}) if kept is None else kept
    number, steps = journey.step(section.code)
    read_ = groups_of(request, journey.dossier)
    values, seen_now = shown_values(section, values, read_), shown_values(section, stored, read_)
    return pages.render(
        request,
        "parents/question.html",
        status_code=status_code,
        section=section,
        blocks=blocks_of(section, values, errors or {}, journey.lists),
        values=values,
        errors=errors or {},
        action=journey.address(section.code),
        autosave=f"{journey.address(section.code)}/brouillon",
        back=journey.address(VERIFY) if to_recap else before,
        hidden={"version": seen or fingerprint(stored), "retour": VERIFY if to_recap else ""},
        note=note_of(section),
        step=number if is_draft and not to_recap and not journey.rules.starts_filled else 0,
        steps=steps,
        kept=kept_rows(section, seen_now, values, journey.lists) if kept is not None else [],
    )


@router.post("/dossiers/{dossier_id}/{code}")
async def save(
    request: Request,
    visitor: Parent,
    dossier: OwnDossier,
    code: str,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Keep what was typed, right or wrong, then go on to the next page to fill.

    A wrong answer is kept too, and its page shown again: by its own address, so that reloading it
    or coming back to it never asks to send the form again.
    """
    refuse_if_read_only(dossier)
    journey = await journey_of(store, dossier, paris_day(at))
    section = journey.section(code)
    values, problems = _read(request, journey, section, form)
    kept = await keep(writing, dossier, section, values, seen=form.get("version", ""), at=at)
    if kept is not None:
        return question(
            pages, request, journey, section, values, back_to=form, kept=kept, status_code=409
        )
    if not problems:
        await _note_right(writing, dossier, code, values, by=visitor, at=at)
    journey = replace(journey, answers={**journey.answers, code: values})
    if form.get("then") == "leave":
        await tell(
            "success", f"Vos réponses sont enregistrées ({hour(at)}). Revenez quand vous voulez."
        )
        return RedirectResponse(journey.address(), 303)
    if problems:
        return RedirectResponse(to_correct(journey, code, back_to=form), 303)
    if dossier.state is not State.DRAFT:
        await tell("success", "C’est enregistré. Répondez à la mairie quand tout est corrigé.")
        return RedirectResponse(journey.address(), 303)
    if form.get("retour") == VERIFY:
        return RedirectResponse(journey.address(VERIFY), 303)
    async with writing() as now:
        left = await unconfirmed(now, dossier, journey.answers)
    return RedirectResponse(_onward(journey, code, left), 303)


def _onward(journey: Journey, code: str, left: Sequence[str]) -> str:
    """The next page to fill, or the list where pages are `left` to be confirmed, or documents."""
    onward = journey.next_after(code)
    is_filled = onward == journey.address(DOCUMENTS)
    return f"{journey.address()}#{left[0]}" if is_filled and left else onward


async def _note_right(
    writing: OpenStore, dossier: Dossier, code: str, values: Values, *, by: Visitor, at: datetime
) -> None:
    """A page that is right: its author is greeted by the name on it, and it counts as looked at."""
    if code == YOU:
        await greet_as(writing, dossier, values)
    if RULES[dossier.kind].starts_filled:
        async with writing() as store:
            await store.confirmations.add(dossier.id, [code], at, (by.behind or by.account).id)


def _read(
    request: Request, journey: Journey, section: Section, form: Form
) -> tuple[Values, Mapping[str, str]]:
    """What was typed, over what whoever types was not shown."""
    kept = journey.answers.get(section.code, {})
    typed = typed_over(section, typed_on(section, form), kept, groups_of(request, journey.dossier))
    return read(section, typed, journey.lists, today=journey.today)


@router.post("/dossiers/{dossier_id}/{code}/brouillon")
async def autosave(
    request: Request,
    dossier: OwnDossier,
    code: str,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    at: Now,
) -> Response:
    """Keep what is being typed; the script tells the hour.

    Raises:
        Stale: the page was changed elsewhere since it was shown.
    """
    journey = await journey_of(store, dossier, paris_day(at))
    section = journey.section(code)
    values, _ = _read(request, journey, section, form)
    if (
        await keep(writing, dossier, section, values, seen=form.get("version", ""), at=at)
        is not None
    ):
        raise Stale(dossier_id=dossier.id)
    return JSONResponse({"saved_at": hour(at), "version": fingerprint(values)})
