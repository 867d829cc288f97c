"""The outbox: every letter, how far it went, and why it did not go further."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.access.kept_forms import typed_before
from api.access.rules import Admin
from api.admins.letter_view import badge_state, letter_page
from api.causes import answer_of
from api.dependencies import Now, PagesDep, Reading
from api.form_acts import act_id_of
from domain import french
from storage.letters import ACCEPTED, PRINTED, REFUSED, RETRYING, TO_PRINT, TO_SEND, Letter

router = APIRouter(prefix="/mails")

PER_PAGE = 50
TABS: Final = (
    ("", "", "Tous"),
    ("a-envoyer", TO_SEND, "À envoyer"),
    ("essai", RETRYING, "Nouvel essai prévu"),
    ("refuse", REFUSED, "Refusés"),
    ("a-imprimer", TO_PRINT, "À imprimer"),
    ("imprime", PRINTED, "Imprimés"),
    ("remis", ACCEPTED, "Remis au serveur de mail"),
)


@router.get("", response_class=HTMLResponse)
async def show(
    _: Admin,
    request: Request,
    store: Reading,
    pages: PagesDep,
    now: Now,
    etat: str = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """Show the letters of one state, newest first."""
    slug, status, title = next((tab for tab in TABS if tab[0] == etat), TABS[0])
    counts = await store.letters.counts()
    total = counts.get(status, 0) if status else sum(counts.values())
    found = await store.letters.outbox(status=status, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return pages.render(
        request,
        "admins/letters.html",
        tabs=_tabs(counts, slug),
        rows=[_row(letter, now) for letter in found],
        title=title,
        slug=slug,
        page=page,
        pages=max(1, -(-total // PER_PAGE)),
    )


@router.get("/{letter_id}", response_class=HTMLResponse)
async def show_one(
    letter_id: str, _: Admin, request: Request, store: Reading, pages: PagesDep, now: Now
) -> HTMLResponse:
    """Show one letter, its tries, and how to send it again."""
    view = await letter_page(store, letter_id, now)
    before = typed_before(request, f"/admin/mails/{letter_id}/renvoi")
    return pages.render(
        request,
        "admins/letter.html",
        **view,
        act_id=act_id_of(before),
        values=before or {"email": view["letter"]["to"]},
        errors={},
    )


def _tabs(counts: Mapping[str, int], current: str) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "label": label,
            "href": f"/admin/mails?etat={slug}" if slug else "/admin/mails",
            "count": counts.get(status, 0) if status else sum(counts.values()),
            "current": slug == current,
        }
        for slug, status, label in TABS
    ]


def _row(letter: Letter, now: datetime) -> Mapping[str, Any]:
    return {
        "href": f"/admin/mails/{letter.id}",
        "subject": letter.subject,
        "to": letter.to_address,
        "state": badge_state(letter.status),
        "when": french.ago(now, letter.created_at),
        "attempts": letter.attempts,
        "reason": answer_of(letter.code) if letter.code and letter.status != ACCEPTED else "",
    }
