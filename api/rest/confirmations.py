"""Saying of pages that the town had filled in that they are right."""

from fastapi import APIRouter

from api.confirmed import confirm, unconfirmed
from api.dependencies import Now, Writing
from api.rest import shapes
from api.rest.bearer import Writer, WrittenDossier
from api.rest.headers import VersionRead
from api.rest.requests import ConfirmingBody
from domain.errors import Invalid
from domain.kinds.catalogue import RULES

router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["Réponses"])


@router.put("/confirmations", summary="Confirmer des pages préremplies")
async def confirm_pages(
    dossier: WrittenDossier,
    bearer: Writer,
    seen: VersionRead,
    sent: ConfirmingBody,
    writing: Writing,
    at: Now,
) -> shapes.Confirmations:
    """Dit que ces pages sont exactes ; sans en nommer, toutes celles qui le sont.

    Une page dont une réponse manque ou ne convient pas reste dans `unconfirmed`. Deux fois :
    pareil.
    """
    known = {one.code for one in RULES[dossier.kind].sections}
    if wrong := [one for one in sent.pages if one not in known]:
        raise Invalid(dict.fromkeys(wrong, "Cette page de questions n’existe pas."))
    await confirm(writing, dossier, sent.pages, version_seen=seen, by=bearer.account.id, at=at)
    async with writing() as store:
        fresh = await store.dossiers.find(dossier.id)
        answers = await store.dossiers.answers(dossier.id)
        left = await unconfirmed(store, fresh, answers)
        done = await store.confirmations.of(dossier.id)
    return shapes.Confirmations(
        confirmed=[shapes.Confirmation(page=one.section, at=one.at) for one in done.values()],
        unconfirmed=list(left),
    )
