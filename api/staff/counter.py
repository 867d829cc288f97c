"""Who stands at the desk: find the family first, else begin one that has no mail address.

What the desk must not forget is on the same page: letters to print, dossiers begun and not sent.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.rules import Agent, covers
from api.access.sessions import guest_of
from api.access.visiting import begin_visit
from api.access.ways import for_newcomers
from api.audit import line_of
from api.causes import letter_words
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Writing
from api.form_acts import act_id_of
from api.staff.room import see
from domain.audit import What
from domain.french import ago, short_day
from domain.paper import paper_address
from domain.rights import departments_of
from domain.visits import Mode
from storage.accounts import PARENT, Account
from storage.paper_letters import PaperLetter
from storage.people import DeskDraft
from storage.store import Store
from storage.town import Procedure

router = APIRouter()

_MOST_SIGNS, _LONGEST_NAME = 120, 80
_FOUND = 20
_NEEDED = {
    "first_name": "Écrivez le prénom de la personne.",
    "last_name": "Écrivez le nom de la personne.",
}


@router.get("/agent/accueil")
async def show(
    request: Request, visitor: Agent, store: Reading, pages: PagesDep, at: Now, q: str = ""
) -> Response:
    """Look for the family of whoever is there; below, what waits at the desk."""
    words = " ".join(q.replace("\x00", "").split())[:_MOST_SIGNS]
    return await _page(request, visitor.account, store, pages, at, words=words)


@router.post("/agent/familles")
async def begin_family(
    request: Request,
    visitor: Agent,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    at: Now,
) -> Response:
    """Make a family without mail and go on its pages. The same form twice: one family."""
    names = {code: " ".join(form.get(code, "").split())[:_LONGEST_NAME] for code in _NEEDED}
    errors = {code: words for code, words in _NEEDED.items() if not names[code]}
    if errors:
        words = form.get("q", "")[:_MOST_SIGNS]
        return await _page(
            request, visitor.account, store, pages, at, words=words, values=names, errors=errors
        )
    family_id, name = act_id_of(form), " ".join(names.values())
    open_to_all = [one for one in await store.town.procedures() if one.is_open]
    mine = [one for one in open_to_all if covers(visitor.account, one.department)]
    async with writing() as books:
        await books.accounts.take_turn(family_id)
        if await books.accounts.by_id(family_id) is None:
            address = paper_address(family_id)
            await books.accounts.add(address, PARENT, at, name=name, account_id=family_id)
            await books.audit.add(line_of(request, What.FAMILY_ADDED, subject=family_id))
        await begin_visit(request, books, guest_of(request), family_id, Mode.DESK)
    return see(_first_page(for_newcomers(mine)))


def _first_page(procedures: Sequence[Procedure]) -> str:
    """Straight to the request when there is but one to make."""
    return f"/inscription/{procedures[0].slug}" if len(procedures) == 1 else "/accueil"


async def _page(
    request: Request,
    agent: Account,
    store: Store,
    pages: PagesDep,
    at: datetime,
    *,
    words: str,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    departments = departments_of(agent.duties)
    found = await store.people.found(words, limit=_FOUND)
    first, _, last = words.rpartition(" ")
    letters = await store.paper_letters.waiting(departments=departments)
    drafts = await store.people.drafts_at_desk(departments)
    return pages.ask(
        request,
        "staff/counter.html",
        q=words,
        families=found,
        is_cut=len(found) == _FOUND,
        values=values or {"first_name": first, "last_name": "" if "@" in words else last},
        errors=errors,
        act_id=act_id_of({}),
        letters=[_letter_row(one, at) for one in letters],
        drafts=[_draft_row(one, at) for one in drafts],
    )


def _letter_row(letter: PaperLetter, at: datetime) -> Mapping[str, Any]:
    root = f"/agent/courriers/{letter.id}"
    if letter.dossier_id:
        root = f"/agent/dossiers/{letter.dossier_id}/lettres/{letter.id}"
    return {
        "href": root if letter.dossier_id else f"{root}/impression",
        "print": f"{root}/imprimer",
        "kind": letter_words(letter.kind),
        "who": letter.owner_name or "Famille sans nom",
        "number": letter.number,
        "child": letter.child_name,
        "when": f"{short_day(letter.created_at)} ({ago(at, letter.created_at)})",
    }


def _draft_row(draft: DeskDraft, at: datetime) -> Mapping[str, Any]:
    return {
        "href": f"/agent/familles/{draft.family_id}",
        "name": draft.name or "Famille sans nom",
        "number": draft.number,
        "child": draft.child_name,
        "when": ago(at, draft.last_saved_at),
    }
