"""Before and after an act: is the page still true, and which dossier comes next."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.answers_view import groups
from api.form_acts import version_seen
from api.gateway import Kept
from api.pages import Pages
from api.reserved import is_closed
from api.staff.desk_view import Desk
from api.staff.proofs import changes
from domain.deadlines import paris_day
from domain.french import moment, of
from domain.kinds.catalogue import RULES
from domain.messages import Outcome
from domain.questions import Answers, changed
from domain.states import Action, after
from storage.dossiers import Dossier
from storage.store import Store

_KEPT = (
    "C’est gardé. Votre acte sur le dossier {of_child} s’appliquera dès que le service est "
    "rétabli : vous n’avez rien à refaire."
)


def is_stale(desk: Desk, form: Mapping[str, str], action: Action) -> bool:
    """Whether the family changed its answers since the page was shown, and the act is possible."""
    possible = after(desk.dossier.state, action) is not None
    return possible and version_seen(form) != desk.dossier.version


async def stale_page(
    request: Request, pages: Pages, store: Store, desk: Desk, form: Mapping[str, str]
) -> HTMLResponse:
    """Show what the family changed since the page was shown. Nothing is decided."""
    dossier = desk.dossier
    before = await store.dossiers.sent_at_version(dossier.id, version_seen(form))
    compared = groups(
        RULES[dossier.kind],
        desk.answers,
        await store.town.lists(),
        today=paris_day(desk.now),
        read=desk.read,
        compared_with=before,
    )
    return pages.render(
        request,
        "staff/changed.html",
        status_code=409,
        dossier=dossier,
        of_child=of_child(dossier),
        changes=changes(compared),
        documents=_latest_documents(desk),
        who_can=desk.who_can if _has_closed_changes(desk, before or {}) else "",
        desk_href=desk.trail.desk_href(dossier.id),
    )


def _has_closed_changes(desk: Desk, before: Answers) -> bool:
    """Whether an answer that is closed to this agent is not what it was."""
    groups_of = {
        (section.code, field.name): field.group
        for section in RULES[desk.dossier.kind].sections
        for field in section.fields
    }
    found = changed(before, desk.answers)
    return any(is_closed(groups_of.get(question), desk.read) for question in found)


def _latest_documents(desk: Desk) -> list[str]:
    """What the family gave since it last sent the dossier or a complement, with the moment."""
    sent = desk.dossier.answered_at or desk.dossier.submitted_at
    return [
        f"{piece.title}, reçu le {moment(document.given_at)}"
        for piece in desk.pieces
        for document in piece.given
        if sent is not None and document.given_at > sent
    ]


async def next_href(store: Store, desk: Desk) -> str:
    """Where to go once this dossier leaves its queue: the next one, else the first that stays.

    To be asked before the act: afterwards the dossier has no place there any more.
    """
    following = desk.place.next
    if following is None:
        selection = desk.trail.selection(desk.departments, desk.now)
        first = await store.queues.page(selection, limit=2)
        following = next((line for line in first if line.id != desk.dossier.id), None)
    return desk.trail.desk_href(following.id) if following else desk.trail.queue_href()


def of_child(dossier: Dossier) -> str:
    """`de Léna`, `d’Inès`; the number for a child without a name."""
    return of(dossier.child_first_name) if dossier.child_first_name else f"n°\u00a0{dossier.number}"


def said(outcome: Outcome | Kept, dossier: Dossier, words: str) -> tuple[str, str]:
    """What to say of an act on the next page: done, or kept and still to come."""
    if isinstance(outcome, Kept):
        return "attention", _KEPT.format(of_child=of_child(dossier))
    return "success", words
