"""The town's letters about a dossier."""

from fastapi import APIRouter

from api.access.rules import groups_read
from api.dependencies import Reading
from api.reserved import is_letter_closed
from api.rest import shapes
from api.rest.bearer import LetteredDossier, LetterReader
from domain.errors import NotFound
from storage.letters import Letter
from storage.records import is_id

router = APIRouter(prefix="/dossiers/{dossier_id}/letters", tags=["Courriers"])


@router.get("", summary="Lister les courriers")
async def list_letters(dossier: LetteredDossier, store: Reading) -> shapes.Letters:
    """Les courriers de la mairie au sujet de ce dossier."""
    found = await store.letters.of_dossier(dossier.id)
    return shapes.Letters(items=[_summary(one) for one in found])


@router.get("/{letter_id}", summary="Lire un courrier")
async def show_letter(
    dossier: LetteredDossier, bearer: LetterReader, letter_id: str, store: Reading
) -> shapes.Letter:
    """Le texte tel que la famille le reçoit."""
    letter = await store.letters.find(letter_id) if is_id(letter_id) else None
    if letter is None or letter.dossier_id != dossier.id:
        raise NotFound
    groups = groups_read(bearer.account, dossier)
    is_closed = await is_letter_closed(store, dossier, letter, groups)
    return shapes.Letter(
        **_summary(letter).model_dump(),
        to=letter.to_address,
        text="" if is_closed else letter.text,
        reserved=is_closed,
    )


def _summary(letter: Letter) -> shapes.LetterSummary:
    return shapes.LetterSummary(
        id=letter.id,
        kind=letter.kind,
        subject=letter.subject,
        status=letter.status,
        created_at=letter.created_at,
        accepted_at=letter.accepted_at,
    )
