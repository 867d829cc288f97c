"""The documents of a dossier: given, listed, sent back, taken away; and sworn statements."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.access.rules import groups_read
from api.act_checks import check_act
from api.bodies import body_up_to
from api.declarations import declarable, declarant, declaration
from api.dependencies import FilesDep, GatewayDep, Now, Reading, SettingsDep, Writing
from api.document_files import document_of, for_staff, original
from api.openings import note_opening
from api.pieces import piece_of
from api.rest import shapes
from api.rest.bearer import DocumentedDossier, Opener, ReadDossier, Reader, Writer, WrittenDossier
from api.rest.bodies import MULTIPART, refuse_type_other_than
from api.rest.giving import acts_of, look_again, told
from api.rest.requests import StatementBody
from api.rest.views import document_shape, documents_for
from api.uploads import Received, Reception, largest_sending
from domain.errors import Invalid, NotFound
from domain.messages import Outcome
from domain.states import Action
from storage.records import is_id

router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["Documents"])


@router.get("/documents", summary="Lister les documents")
async def list_documents(dossier: ReadDossier, bearer: Reader, store: Reading) -> shapes.Documents:
    """Ceux qui sont là, refusés compris : leurs remarques disent pourquoi."""
    found = await store.documents.of(dossier.id)
    groups = groups_read(bearer.account, dossier)
    return shapes.Documents(items=list(documents_for(dossier, found, groups)))


@router.post(
    "/documents",
    status_code=201,
    summary="Ajouter des fichiers à une pièce",
    dependencies=[body_up_to(largest_sending)],
)
async def add_documents(
    dossier: WrittenDossier,
    bearer: Writer,
    request: Request,
    piece: Annotated[str, Query(max_length=60, description="Le code de la pièce.")],
    store: Reading,
    writing: Writing,
    gateway: GatewayDep,
    files: FilesDep,
    settings: SettingsDep,
    response: Response,
    at: Now,
) -> shapes.Reception:
    """Un envoi multipart, un ou plusieurs fichiers.

    Les mêmes octets deux fois pour une pièce ne comptent qu’une fois : renvoyer après une coupure
    est sans risque. Ce que le portail refuse n’est pas gardé, le reste l’est ; 422 quand rien ne
    l’est. Le contrôle suit en quelques secondes : relisez le document. 202 quand le dossier n’en a
    pas encore entendu parler : c’est gardé.
    """
    refuse_type_other_than(request, MULTIPART)
    found = await piece_of(store, dossier, piece, at)
    await check_act(store, dossier, Action.ADD_DOCUMENT)
    await store.release()
    reception = Reception(
        files,
        acts_of(bearer, writing, gateway, at),
        settings.limits,
        dossier_id=dossier.id,
        piece=found.code,
        there=found.own,
    )
    received = await reception.take_all(request, is_form=False)
    refused = {f"files.{n}": one.problem for n, one in enumerate(received) if one.refusal}
    if len(refused) == len(received):
        raise Invalid(refused or {"files": "L’envoi ne contient aucun fichier."})
    if any(one.is_waiting for one in received):
        look_again(response, f"/dossiers/{dossier.id}/documents")
    async with writing() as now:
        there = await now.documents.of(dossier.id)
    return shapes.Reception(
        files=[_received(one) for one in received],
        documents=[document_shape(one) for one in there if one.piece == found.code],
    )


def _received(one: Received) -> shapes.ReceivedFile:
    return shapes.ReceivedFile(
        name=one.name,
        outcome="refused" if one.refusal else "known" if one.is_known else "kept",
        problem=one.problem,
    )


@router.get(
    "/documents/{document_id}/content",
    summary="Télécharger un document",
    response_class=Response,
    responses={
        200: {
            "description": "Le fichier tel qu’il a été donné.",
            "content": {"application/octet-stream": {"schema": {"format": "binary"}}},
        }
    },
)
async def send_document(
    request: Request,
    dossier: DocumentedDossier,
    bearer: Opener,
    document_id: str,
    store: Reading,
    files: FilesDep,
) -> Response:
    """Le fichier tel qu’il a été donné. 404 pour une déclaration ou un fichier refusé.

    503 tant que l’antivirus ne l’a pas analysé, sauf pour la famille qui l’a donné.
    """
    if not is_id(document_id):
        raise NotFound
    document = await document_of(store, dossier, document_id, groups_read(bearer.account, dossier))
    if bearer.account.id != dossier.account_id:
        for_staff(document)
    answer = await original(files, document)
    await note_opening(request, dossier, document, how="original")
    return answer


@router.delete("/documents/{document_id}", summary="Retirer un document")
async def remove_document(
    dossier: WrittenDossier,
    bearer: Writer,
    document_id: str,
    store: Reading,
    writing: Writing,
    gateway: GatewayDep,
    response: Response,
    at: Now,
) -> shapes.Act:
    """Le retire du dossier. Deux fois : une fois."""
    document = await store.documents.find(document_id) if is_id(document_id) else None
    if document is None or document.dossier_id != dossier.id:
        raise NotFound
    await store.release()
    action, act_id = Action.REMOVE_DOCUMENT, f"remove-{document.id}"
    if document.removed_at is not None:
        return told(response, Outcome(applied=True, state=dossier.state), dossier, action, act_id)
    acts = acts_of(bearer, writing, gateway, at)
    outcome = await acts.give(action, dossier.id, act_id=act_id, subject=document.id)
    return told(response, outcome, dossier, action, act_id)


@router.post("/statements", status_code=201, summary="Déclarer sur l’honneur")
async def declare(
    dossier: WrittenDossier,
    bearer: Writer,
    sent: StatementBody,
    store: Reading,
    writing: Writing,
    gateway: GatewayDep,
    response: Response,
    at: Now,
) -> shapes.Documents:
    """À la place d’un document, là où la loi l’admet. Deux fois : la première tient.

    Donne les déclarations de la pièce. 202 : c’est gardé, le dossier ne le sait pas encore.
    """
    piece = await declarable(store, dossier, sent.piece, at)
    await check_act(store, dossier, Action.ADD_DOCUMENT)
    name = await declarant(store, dossier)
    await store.release()
    acts = acts_of(bearer, writing, gateway, at)
    if piece.statement is None:
        outcome = await acts.give_statement(dossier.id, piece.code, declaration(piece, name, at))
        if not isinstance(outcome, Outcome):
            look_again(response, f"/dossiers/{dossier.id}/documents")
    async with writing() as now:
        there = await now.documents.of(dossier.id)
    return shapes.Documents(
        items=[
            document_shape(one)
            for one in there
            if one.piece == piece.code and one.form == "statement"
        ]
    )
