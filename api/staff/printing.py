"""A letter as a sheet of paper: the town's head, who it is for, the letter, its date and number."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.access.rules import Agent, groups_of
from api.audit import line_of
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Writing
from api.reserved import is_letter_closed
from api.staff.room import SentDossier, see
from domain.audit import What
from domain.errors import NotFound
from domain.french import day, moment
from domain.questions import Answers
from domain.states import Actor
from storage.dossiers import Dossier
from storage.letters import TO_PRINT, Letter
from storage.store import Store

router = APIRouter(prefix="/agent/dossiers/{dossier_id}/lettres/{letter_id}")


@router.post("/imprimer")
async def print_letter(
    request: Request,
    visitor: Agent,
    dossier: SentDossier,
    letter_id: str,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    at: Now,
) -> Response:
    """Show the sheet, which the browser prints at once; the letter is printed from now on.

    Twice: it is printed twice, and the first time counts. So may one that was mailed.
    """
    del form
    letter = await _letter(request, store, dossier, letter_id)
    async with writing() as books:
        await books.audit.add(
            line_of(request, What.LETTER_PRINTED, dossier_id=dossier.id, subject=letter.id)
        )
        if await books.paper_letters.note_printed(letter.id, at):
            await books.events.add(
                dossier.id,
                f"printed:{letter.id}",
                at=at,
                what="letter_printed",
                actor=Actor.AGENT,
                actor_id=visitor.account.id,
                state=dossier.state,
                detail={"letters": [letter.id]},
            )
    return see(f"/agent/dossiers/{dossier.id}/lettres/{letter.id}/impression?imprimer=1")


@router.get("/impression")
async def show_sheet(
    request: Request,
    dossier: SentDossier,
    letter_id: str,
    store: Reading,
    pages: PagesDep,
    imprimer: str = "",
) -> HTMLResponse:
    """The sheet, A4. Opening it alone prints nothing and says nothing of the letter."""
    letter = await _letter(request, store, dossier, letter_id)
    return pages.render(
        request,
        "staff/sheet.html",
        root=f"/agent/dossiers/{dossier.id}/lettres/{letter.id}",
        number=dossier.number,
        letter=letter,
        town_name=(await store.town.card()).name,
        department=await store.town.department(dossier.department),
        recipient=_recipient(await store.dossiers.answers(dossier.id)),
        written=day(letter.created_at),
        printed=moment(letter.printed_at) if letter.printed_at else "",
        waits=letter.status == TO_PRINT,
        is_asked=bool(imprimer),
    )


async def _letter(request: Request, store: Store, dossier: Dossier, letter_id: str) -> Letter:
    """A letter about this dossier that whoever asks may read; NotFound otherwise."""
    letter = await store.letters.find(letter_id)
    if letter is None or letter.dossier_id != dossier.id:
        raise NotFound
    if await is_letter_closed(store, dossier, letter, groups_of(request, dossier)):
        raise NotFound
    return letter


def _recipient(answers: Answers) -> Sequence[str]:
    """The lines of the address, as the window of an envelope shows them."""
    you, place = answers.get("vous", {}), answers.get("adresse", {})
    lines = (
        f"{you.get('first_name', '')} {you.get('last_name', '')}",
        place.get("street", ""),
        f"{place.get('postal_code', '')} {place.get('city', '')}",
    )
    return [line.strip() for line in lines if line.strip()]
