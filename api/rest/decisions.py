"""What an agent, or another system of the town, decides of a dossier."""

from datetime import datetime

from fastapi import APIRouter

from api.access.rules import groups_read
from api.answers_view import Groups
from api.dependencies import Now, Reading, Writing
from api.pieces import pieces_of
from api.reserved import pieces_for
from api.rest import shapes
from api.rest.bearer import Decider, ReviewedDossier
from api.rest.giving import TownAct
from api.rest.headers import VersionRead, refuse_stale
from api.rest.requests import Asking, AskingBody, RefusalBody
from api.reviewing import DEADLINES, mark_what_is_asked, refusal_problems, refuse_while_to_ask
from domain.deadlines import Delay, ends
from domain.errors import Invalid
from domain.reasons import COMPLEMENTS
from domain.states import Action
from storage.dossiers import Dossier
from storage.store import Store

router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["Décisions"])


@router.post("/approve", summary="Accepter")
async def approve(
    dossier: ReviewedDossier, bearer: Decider, act: TownAct, seen: VersionRead, store: Reading
) -> shapes.Act:
    """Accepte la demande, une fois. 422 tant qu’une pièce manque ou est à remplacer."""
    refuse_stale(dossier, Action.APPROVE, seen)
    await refuse_while_to_ask(store, dossier, groups_read(bearer.account, dossier))
    await store.release()
    return await act.give(Action.APPROVE, dossier, version_seen=seen)


@router.post("/refuse", summary="Refuser")
async def refuse(
    dossier: ReviewedDossier, act: TownAct, seen: VersionRead, sent: RefusalBody
) -> shapes.Act:
    """Refuse la demande, une fois, avec un motif et les faits. La famille reçoit la lettre."""
    if problems := refusal_problems(sent.reason, sent.words):
        raise Invalid(problems)
    refuse_stale(dossier, Action.REFUSE, seen)
    words = sent.words.strip()
    return await act.give(
        Action.REFUSE, dossier, version_seen=seen, reason_code=sent.reason, words=words
    )


@router.post("/ask-to-complete", summary="Demander un complément")
async def ask_to_complete(
    dossier: ReviewedDossier,
    bearer: Decider,
    act: TownAct,
    seen: VersionRead,
    sent: AskingBody,
    store: Reading,
    writing: Writing,
    at: Now,
) -> shapes.Act:
    """Demande à la famille tout ce qui manque, en une lettre."""
    await _refuse_wrong(store, dossier, sent, groups_read(bearer.account, dossier))
    await store.release()
    refuse_stale(dossier, Action.ASK_TO_COMPLETE, seen)
    items = [one.model_dump() for one in sent.items]
    await mark_what_is_asked(writing, dossier, items, by=bearer.account.id, at=at)
    return await act.give(
        Action.ASK_TO_COMPLETE,
        dossier,
        version_seen=seen,
        words=sent.words.strip(),
        items=items,
        until=_until(sent, at),
    )


async def _refuse_wrong(store: Store, dossier: Dossier, sent: Asking, groups: Groups) -> None:
    answers = await store.dossiers.answers(dossier.id)
    pieces = pieces_for(await pieces_of(store, dossier, answers, None), groups)
    known = {one.code for one in pieces}
    reserved = {one.code for one in pieces if one.is_reserved and one.given}
    problems = {}
    if not sent.items and not sent.words.strip():
        problems["words"] = "Écrivez ce que la famille doit compléter."
    if sent.days is not None and sent.days not in DEADLINES:
        problems["days"] = f"Choisissez un délai : {', '.join(map(str, DEADLINES))} jours."
    for number, item in enumerate(sent.items):
        if item.piece not in known:
            problems[f"items.{number}.piece"] = "Cette pièce n’est pas de ce dossier."
        if item.piece in reserved:
            problems[f"items.{number}.piece"] = "Cette pièce est réservée à d’autres."
        if item.reason not in COMPLEMENTS:
            problems[f"items.{number}.reason"] = f"Choisissez : {', '.join(COMPLEMENTS)}."
    if len({item.piece for item in sent.items}) < len(sent.items):
        problems["items"] = "Chaque pièce une seule fois."
    if problems:
        raise Invalid(problems)


def _until(sent: Asking, at: datetime) -> datetime | None:
    return ends(at, Delay(days=sent.days)) if sent.days is not None else None


@router.post("/cancel-request", summary="Annuler la demande de complément")
async def cancel_request(dossier: ReviewedDossier, act: TownAct) -> shapes.Act:
    """Reprend la demande : l’étude continue où elle en était."""
    return await act.give(Action.CANCEL_REQUEST, dossier)
