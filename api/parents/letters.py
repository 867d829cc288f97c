"""The town's letters, readable in the portal too."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.access.rules import OwnDossier, Parent, groups_of
from api.dependencies import PagesDep, Reading
from api.parents.visited import dossiers_for
from api.reserved import is_letter_closed
from domain import french
from domain.errors import NotFound
from storage.letters import ACCEPTED, PRINTED, REFUSED, TO_PRINT, Letter

router = APIRouter()

_PER_PAGE = 20
_STATES = {
    ACCEPTED: ("ok", "✓", "Envoyé par mail"),
    TO_PRINT: ("waiting", "…", "À imprimer à l’accueil"),
    PRINTED: ("ok", "✓", "Imprimé à l’accueil"),
    REFUSED: ("alert", "!", "Le mail n’est pas parti : lisez ce courrier ici"),
}
_ON_ITS_WAY = ("neutral", "…", "Envoi du mail en cours")


def rows_of(letters: Sequence[Letter]) -> Sequence[Mapping[str, Any]]:
    """Letters as the macro `letter_list` wants them."""
    return [
        {
            "subject": one.subject,
            "href": f"/dossiers/{one.dossier_id}/lettres/{one.id}",
            "kind": one.kind,
            "when": french.moment(one.created_at),
        }
        for one in letters
    ]


@router.get("/dossiers/{dossier_id}/lettres/{letter_id}")
async def read(
    request: Request, dossier: OwnDossier, letter_id: str, store: Reading, pages: PagesDep
) -> Response:
    """One letter about this dossier."""
    letter = await store.letters.find(letter_id)
    if letter is None or letter.dossier_id != dossier.id:
        raise NotFound
    if await is_letter_closed(store, dossier, letter, groups_of(request, dossier)):
        raise NotFound
    return pages.render(
        request,
        "parents/letter.html",
        dossier=dossier,
        letter={
            "subject": letter.subject,
            "to": letter.to_address,
            "sent": french.moment(letter.created_at),
            "text": letter.text,
            "state": _STATES.get(letter.status, _ON_ITS_WAY),
        },
    )


@router.get("/courriers")
async def list_letters(
    request: Request,
    visitor: Parent,
    store: Reading,
    pages: PagesDep,
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    """Every letter to this family, the latest first."""
    found = await store.letters.of_account(
        visitor.account.id, limit=_PER_PAGE + 1, offset=(page - 1) * _PER_PAGE
    )
    if visitor.behind is not None:
        every = await store.dossiers.of_account(visitor.account.id)
        mine = {one.id for one in dossiers_for(visitor, every)}
        found = [one for one in found if one.dossier_id in mine]
    return pages.render(
        request,
        "parents/letters.html",
        letters=rows_of(found[:_PER_PAGE]),
        page=page,
        last_page=page + (len(found) > _PER_PAGE),
    )
