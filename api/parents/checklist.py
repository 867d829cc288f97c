"""A draft that starts filled in: what the town knows on one page, to be confirmed or changed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.rules import OwnDossier, Parent, groups_of
from api.answers_view import Group, groups
from api.confirmed import confirm, gone_children
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import version_seen
from api.pages import Pages
from api.parents.journey import DOCUMENTS, Journey, journey_of
from api.parents.recap import is_said
from api.standing import child_of, standing_of
from domain import french
from domain.deadlines import paris_day
from domain.errors import Stale
from domain.kinds.actualisation_questions import CHILDREN
from domain.states import State
from storage.confirmations import Confirmation
from storage.dossiers import Dossier
from storage.store import Store

router = APIRouter()


async def show_checklist(
    request: Request,
    dossier: Dossier,
    store: Store,
    pages: Pages,
    *,
    at: datetime,
    kept: str = "",
    has_changed: bool = False,
) -> Response:
    """Everything that is known, page by page, and one button that says that all of it is right."""
    journey = await journey_of(store, dossier, paris_day(at))
    done = await store.confirmations.of(dossier.id)
    procedure = await store.town.procedure(id=dossier.procedure_id)
    shown = groups(
        journey.rules,
        journey.answers,
        journey.lists,
        today=journey.today,
        read=groups_of(request, dossier),
    )
    cards = [_card(journey, one, done.get(one.code)) for one in shown if _has_page(journey, one)]
    return pages.render(
        request,
        "parents/checklist.html",
        status_code=409 if has_changed else 200,
        dossier=dossier,
        child=child_of(dossier),
        procedure=procedure,
        kept=kept,
        has_changed=has_changed,
        standing=standing_of(dossier, at=at),
        cards=cards,
        is_confirmed=all(one["status"] == "confirmed" for one in cards),
        gone=await gone_children(store, dossier, journey.answers),
        checked_on=_checked_on(journey),
        next_href=journey.address(DOCUMENTS),
        saved=french.moment(dossier.last_saved_at),
    )


def _has_page(journey: Journey, group: Group) -> bool:
    return any(one.code == group.code for one in journey.pages)


def _card(journey: Journey, group: Group, done: Confirmation | None) -> Mapping[str, Any]:
    """One page. What was left empty, or is not the case, is not listed: it is said once."""
    status = "to_fill" if not group.is_filled else "confirmed" if done else "to_check"
    return {
        "code": group.code,
        "title": group.title,
        "status": status,
        "when": french.day(done.at) if done and group.is_filled else "",
        "href": journey.address(group.code),
        "rows": _rows(group),
    }


def _rows(group: Group) -> Sequence[Mapping[str, str]]:
    if not group.is_filled and not any(row.value for row in group.rows if is_said(row)):
        return []
    return [*_said(group), *_images(group)]


def _images(group: Group) -> Sequence[Mapping[str, str]]:
    """That no image of the child may be shown is said: whoever says nothing says no."""
    is_allowed = any(row.name.startswith("image_") and row.value == "Oui" for row in group.rows)
    if not group.code.startswith("autorisations-") or is_allowed:
        return []
    return [{"label": "Photos et vidéos", "value": "Aucune autorisation"}]


def _said(group: Group) -> Sequence[Mapping[str, str]]:
    return [
        {"label": row.label, "value": row.value}
        | ({"missing": "À corriger" if row.value else "À compléter"} if row.missing else {})
        for row in group.rows
        if is_said(row)
    ]


def _checked_on(journey: Journey) -> str:
    """The day on which the family last sent what is known, in words; empty when it never did."""
    said = journey.answers.get(CHILDREN, {}).get("checked_on", "")
    return french.day(date.fromisoformat(said)) if said else ""


@router.post("/dossiers/{dossier_id}/exact")
async def say_it_is_right(
    request: Request,
    visitor: Parent,
    dossier: OwnDossier,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Confirm one page (`page`), or all of them: then go on to what is still missing.

    Whoever saw other answers than those kept now is shown these first: nothing is confirmed.
    """
    page = form.get("page", "")
    by = (visitor.behind or visitor.account).id
    try:
        left = await confirm(
            writing,
            dossier,
            [page] if page else [],
            version_seen=version_seen(form),
            by=by,
            at=at,
        )
    except Stale:
        return await show_checklist(request, dossier, store, pages, at=at, has_changed=True)
    journey = await journey_of(store, dossier, paris_day(at))
    if left:
        if not page:
            words = f"C’est noté. Il reste {french.plural(len(left), 'page')} à compléter."
            await tell("info", words)
        return RedirectResponse(journey.address(left[0]), 303)
    if page:
        return RedirectResponse(f"{journey.address()}#{page}", 303)
    return RedirectResponse(journey.address(DOCUMENTS), 303)


def starts_filled(journey: Journey) -> bool:
    """Whether the pages of this draft are to be confirmed, and not filled one after the other."""
    return journey.rules.starts_filled and journey.dossier.state is State.DRAFT
