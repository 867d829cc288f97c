"""A child's health record: its guardians read it, confirm it in one press, and change it.

Both guardians see and change the same record; each change says which of them made it. An agent on
the family's pages needs the duty for health, and leaves a line.
"""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.access.kept_forms import typed_before
from api.access.rules import OwnChild, Parent
from api.answers import fingerprint
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import version_seen
from api.health_readers import line_about, note_reading, reads_health
from api.health_sheets import changed_words, sheet_of
from api.pages import Pages
from api.parents.health_parts import ANSWERS, Part, part_of
from api.parents.question_page import blocks_of, kept_rows, note_of
from api.parents.typed import typed_on
from domain.audit import What
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.french import of
from domain.health import HealthRecord, problems_of
from domain.questions import Values
from storage.family_record import FollowedChild
from storage.store import Store

router = APIRouter()

TO_CORRECT = "a-corriger"
"""The query by which the questions say what is wrong in what is kept."""


async def health_child(request: Request, visitor: Parent, child: OwnChild) -> FollowedChild:
    """A child whose health whoever asks may read: its guardians, and on a visit who has the duty.

    Raises:
        NotFound: an agent without it, as if there were no such page.
    """
    if visitor.behind is not None:
        if not reads_health(visitor.behind, child):
            raise NotFound("reserved")
        await note_reading(request, child)
    return child


HealthChild = Annotated[FollowedChild, Depends(health_child)]


def page_of(child: FollowedChild, rest: str = "") -> str:
    """The address of this child's record, or of a page under it."""
    return f"/famille/enfants/{child.id}/sante{f'/{rest}' if rest else ''}"


@router.get("/famille/enfants/{child_id}/sante")
async def show(
    request: Request, visitor: Parent, child: HealthChild, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """The record, what is missing before activities, and "Tout est exact"."""
    sheet = await sheet_of(store, child, at, reader=visitor.account.id)
    return pages.render(request, "parents/health.html", here=page_of(child), **sheet)


@router.post("/famille/enfants/{child_id}/sante")
async def confirm(
    request: Request,
    child: HealthChild,
    form: CheckedForm,
    writing: Writing,
    tell: Tell,
    at: Now,
) -> Response:
    """Say that all of it is true. Twice: once more. Not of what changed since it was shown."""
    async with writing() as store:
        record = await store.health_records.of(child.id)
        is_right = record is not None and not problems_of(record.values, paris_day(at))
        seen = version_seen(form)
        is_done = is_right and await store.health_records.check(child.id, seen=seen, at=at)
        if is_done:
            await store.audit.add(line_about(request, What.HEALTH_CHECKED, child))
    if not is_right:
        return RedirectResponse(f"{page_of(child, ANSWERS)}?{TO_CORRECT}=1", 303)
    if is_done:
        await tell("success", f"C’est noté : la fiche santé {of(child.first_name)} est à jour.")
    else:
        await tell("attention", "La fiche vient d’être modifiée. Relisez-la avant de confirmer.")
    return RedirectResponse(page_of(child), 303)


@router.get("/famille/enfants/{child_id}/sante/{code}")
async def edit(
    request: Request, child: HealthChild, code: str, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """The questions, or the days of the vaccines, with what is kept."""
    part = part_of(child, code, paris_day(at))
    kept = part.kept(await store.health_records.of(child.id))
    before = typed_before(request, page_of(child, code))
    values = typed_on(part.section, before) if before else kept
    errors = part.problems_of(values) if TO_CORRECT in request.query_params else {}
    seen = before.get("version", "") or fingerprint(kept)
    return _page(pages, request, child, part, values, errors=errors, seen=seen)


@router.post("/famille/enfants/{child_id}/sante/{code}")
async def save(
    request: Request,
    visitor: Parent,
    child: HealthChild,
    code: str,
    form: CheckedForm,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Keep what was typed, when it is right. Twice: once.

    Wrong answers are shown again, all of them. So are those of somebody who did not see the last
    change of this page: both are shown, and nothing is written. Answers are confirmed as of now.
    """
    part = part_of(child, code, paris_day(at))
    values, problems = part.read(form)
    seen = form.get("version", "")
    if problems:
        return _page(pages, request, child, part, values, errors=problems, seen=seen)
    by = (visitor.behind or visitor.account).id
    async with writing() as store:
        record = await store.health_records.of(child.id)
        newer = record if _has_changed(part.kept(record), seen, values) else None
        if newer is None:
            answers, doses = part.whole(values, record)
            newer = await store.health_records.keep(
                child.id,
                answers,
                doses,
                seen=record.version if record else 0,
                by=by,
                at=at,
                checks=code == ANSWERS,
            )
        if newer is None:
            await store.audit.add(line_about(request, What.HEALTH_CHANGED, child))
        else:
            kept = await _kept(store, newer, child, part, values, reader=visitor.account.id)
    if newer is not None:
        now = fingerprint(part.kept(newer))
        return _page(pages, request, child, part, values, seen=now, kept=kept)
    what = "La fiche santé" if code == ANSWERS else "La liste des vaccins"
    await tell("success", f"{what} {of(child.first_name)} est enregistrée.")
    return RedirectResponse(page_of(child), 303)


def _has_changed(kept: Values, seen: str, typed: Values) -> bool:
    return fingerprint(kept) not in {seen, fingerprint(typed)}


async def _kept(
    store: Store,
    newer: HealthRecord,
    child: FollowedChild,
    part: Part,
    typed: Values,
    *,
    reader: str,
) -> list[Mapping[str, str]]:
    who = await changed_words(store, newer, child, reader)
    differs = kept_rows(part.section, part.kept(newer), typed, {})
    return [{"label": "Fiche santé", "value": who}, *differs]


def _page(
    pages: Pages,
    request: Request,
    child: FollowedChild,
    part: Part,
    values: Values,
    *,
    seen: str,
    errors: Mapping[str, str] | None = None,
    kept: list[Mapping[str, str]] | None = None,
) -> Response:
    was_sent = request.method == "POST"
    return pages.render(
        request,
        "parents/question.html",
        status_code=409 if kept else 422 if errors and was_sent else 200,
        section=part.section,
        blocks=blocks_of(part.section, values, errors or {}, {}),
        values=values,
        errors=errors or {},
        action=page_of(child, part.code),
        autosave="",
        back=page_of(child),
        hidden={"version": seen},
        note=note_of(part.section),
        step=0,
        steps=0,
        kept=kept or [],
    )
