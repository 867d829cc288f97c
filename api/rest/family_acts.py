"""What a family does to its dossier, by a program."""

from fastapi import APIRouter, Response

from api.dependencies import GatewayDep, Now, Writing
from api.rest import shapes
from api.rest.bearer import Writer, WrittenDossier
from api.rest.giving import acts_of, told
from api.rest.headers import ActKey, VersionRead, refuse_stale
from domain.states import Action

router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["Actes de la famille"])


@router.post("/submit", summary="Envoyer le dossier à la mairie")
async def submit(
    dossier: WrittenDossier,
    bearer: Writer,
    key: ActKey,
    seen: VersionRead,
    writing: Writing,
    gateway: GatewayDep,
    response: Response,
    at: Now,
) -> shapes.Act:
    """Des pièces peuvent manquer : l’accusé de réception les dira toutes. Les réponses, non."""
    refuse_stale(dossier, Action.SUBMIT, seen)
    acts = acts_of(bearer, writing, gateway, at)
    outcome = await acts.give(Action.SUBMIT, dossier.id, act_id=key, version_seen=seen)
    return told(response, outcome, dossier, Action.SUBMIT, key)


@router.post("/answer", summary="Répondre à la demande de complément")
async def answer(
    dossier: WrittenDossier,
    bearer: Writer,
    key: ActKey,
    writing: Writing,
    gateway: GatewayDep,
    response: Response,
    at: Now,
) -> shapes.Act:
    """Dit à la mairie que le complément est entier."""
    acts = acts_of(bearer, writing, gateway, at)
    outcome = await acts.give(Action.ANSWER, dossier.id, act_id=key)
    return told(response, outcome, dossier, Action.ANSWER, key)


@router.post("/withdraw", summary="Retirer la demande")
async def withdraw(
    dossier: WrittenDossier,
    bearer: Writer,
    key: ActKey,
    writing: Writing,
    gateway: GatewayDep,
    response: Response,
    at: Now,
) -> shapes.Act:
    """Possible jusqu’à la décision. Un brouillon est abandonné."""
    acts = acts_of(bearer, writing, gateway, at)
    outcome = await acts.give(Action.WITHDRAW, dossier.id, act_id=key)
    return told(response, outcome, dossier, Action.WITHDRAW, key)
