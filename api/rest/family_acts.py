"""What a family does to its dossier, by a program."""

from fastapi import APIRouter

from api.rest import shapes
from api.rest.bearer import WrittenDossier
from api.rest.giving import FamilyAct
from api.rest.headers import VersionRead, refuse_stale
from domain.states import Action

router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["Actes de la famille"])


@router.post("/submit", summary="Envoyer le dossier à la mairie")
async def submit(dossier: WrittenDossier, act: FamilyAct, seen: VersionRead) -> shapes.Act:
    """Des pièces peuvent manquer : l’accusé de réception les dira toutes. Les réponses, non."""
    refuse_stale(dossier, Action.SUBMIT, seen)
    return await act.give(Action.SUBMIT, dossier, version_seen=seen)


@router.post("/answer", summary="Répondre à la demande de complément")
async def answer(dossier: WrittenDossier, act: FamilyAct) -> shapes.Act:
    """Dit à la mairie que le complément est entier."""
    return await act.give(Action.ANSWER, dossier)


@router.post("/withdraw", summary="Retirer la demande")
async def withdraw(dossier: WrittenDossier, act: FamilyAct) -> shapes.Act:
    """Possible jusqu’à la décision. Un brouillon est abandonné."""
    return await act.give(Action.WITHDRAW, dossier)
