"""A letter to a family about no dossier, as a sheet of paper: an invitation to a campaign."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from activities.campaign_letters import KINDS
from api.access.rules import Agent
from api.audit import line_of
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Writing
from api.staff.room import see
from domain.audit import What
from domain.errors import NotFound
from domain.french import day, moment
from storage.letters import ON_PAPER, TO_PRINT, Letter
from storage.records import is_id
from storage.store import Store

router = APIRouter(prefix="/agent/courriers/{letter_id}")


@router.post("/imprimer")
async def print_letter(
    request: Request,
    _: Agent,
    letter_id: str,
    form: CheckedForm,
    writing: Writing,
    at: Now,
) -> Response:
    """Show the sheet, which the browser prints at once; the letter is printed from now on.

    Twice: it is printed twice, and the first time counts.
    """
    del form
    async with writing() as store:
        letter = await _letter(store, letter_id)
        await store.audit.add(line_of(request, What.LETTER_PRINTED, subject=letter.id))
        await store.paper_letters.note_printed(letter.id, at)
    return see(f"/agent/courriers/{letter.id}/impression?imprimer=1")


@router.get("/impression")
async def show_sheet(
    request: Request,
    _: Agent,
    letter_id: str,
    store: Reading,
    pages: PagesDep,
    imprimer: str = "",
) -> HTMLResponse:
    """The sheet, A4. Opening it alone prints nothing and says nothing of the letter."""
    letter = await _letter(store, letter_id)
    return pages.render(
        request,
        "staff/sheet.html",
        root=f"/agent/courriers/{letter.id}",
        number="",
        letter=letter,
        town_name=(await store.town.card()).name,
        department=None,
        recipient=await store.paper_letters.address_of(letter.account_id or ""),
        written=day(letter.created_at),
        printed=moment(letter.printed_at) if letter.printed_at else "",
        waits=letter.status == TO_PRINT,
        is_asked=bool(imprimer),
    )


async def _letter(store: Store, letter_id: str) -> Letter:
    """A letter on paper of a campaign; NotFound for any other, which is nobody's at the desk."""
    letter = await store.letters.find(letter_id) if is_id(letter_id) else None
    if letter is None or letter.kind not in KINDS or letter.status not in ON_PAPER:
        raise NotFound
    return letter
