"""The other guardian's part in a dossier: told of its sending, asked to sign, heard when against.

Nothing of the first guardian's (address, phone, documents, answers) is in a letter to the other.
"""

from collections.abc import Sequence
from datetime import datetime

from activities.beside import Beside
from activities.passage import Passage
from domain import french
from domain.deadlines import ends, last_day
from domain.holds import NOBODY_LEFT, HoldKind, held_back
from domain.kinds.both_guardians import concerned
from domain.messages import Recorded
from domain.questions import Answers
from domain.states import Action, Actor, after
from storage.cosigners import acts_alone, has_nobody_left
from storage.dossiers import Dossier
from storage.store import Store

_REGISTRATION = "registration"


async def tell_the_other(passage: Passage, dossier: Dossier, answers: Answers) -> None:
    """At the sending: inform each guardian with an access of their own, and ask them to sign.

    Where the terms ask for a signature and the family has another guardian, the decision is held
    until it comes, whether or not that guardian has an access yet.
    """
    await _share(passage, dossier, answers)
    others = await passage.store.guardian_accesses.others_of(dossier.id, passage.act.given_at)
    await _tell(passage, dossier, answers, others)


async def tell_newcomers(passage: Passage, dossier: Dossier, answers: Answers) -> None:
    """As `tell_the_other`, when a dossier is sent again, maybe about other children.

    Whoever was told already is not told again.
    """
    if dossier.kind == _REGISTRATION:
        return
    accesses, at = passage.store.guardian_accesses, passage.act.given_at
    told = await accesses.others_of(dossier.id, at)
    await _share(passage, dossier, answers)
    others = [one for one in await accesses.others_of(dossier.id, at) if one not in told]
    await _tell(passage, dossier, answers, others)


async def _share(passage: Passage, dossier: Dossier, answers: Answers) -> None:
    if dossier.kind != _REGISTRATION:
        whom = concerned(dossier.kind, answers)
        await passage.store.shared_dossiers.tell(dossier.id, dossier.account_id, whom)


async def _tell(
    passage: Passage, dossier: Dossier, answers: Answers, others: Sequence[str]
) -> None:
    until = await _sign_until(passage, dossier, answers, others)
    kind = "cosign_asked" if until else "other_informed"
    last = french.day(last_day(until)) if until else ""
    for account_id in others:
        passage.aside += await _beside(passage, dossier).to_guardian(account_id, kind, until=last)


async def _sign_until(
    passage: Passage, dossier: Dossier, answers: Answers, others: Sequence[str]
) -> datetime | None:
    """By when a signature is awaited, which is asked for now unless it was; None for none."""
    store, at, within = passage.store, passage.act.given_at, passage.message.terms.cosign_within
    asked = [one for one in await store.holds.of(dossier.id) if one.kind is HoldKind.COSIGNATURE]
    if asked:
        return asked[-1].until if asked[-1].is_open else None
    if not within or not (others or await _has_other(store, dossier, answers)):
        return None
    if await acts_alone(store, dossier, at):
        return None  # a court left nobody to sign
    until = ends(at, within)
    await store.holds.ask_to_cosign(dossier.id, at, until)
    passage.facts["sign_until"] = until.isoformat()
    return until


def _beside(passage: Passage, dossier: Dossier) -> Beside:
    return Beside(passage.store, passage.writer, dossier, passage.message.at)


async def _has_other(store: Store, dossier: Dossier, answers: Answers) -> bool:
    """Whether the family said that there is another guardian; else, whether the town knows of one.

    Never for what both are not told of: nobody could sign it.
    """
    said = [page["has_other"] for page in answers.values() if page.get("has_other")]
    if dossier.kind == _REGISTRATION:
        return "yes" in said
    told = await store.shared_dossiers.children_of(dossier.id)
    if said or not told:
        return "yes" in said and bool(told)
    record = await store.family_record.of(dossier.account_id)
    if record is None:
        return False
    wards = [one for one in record.children if one.id in told]
    return any(one.id in ward.guardian_ids for one in record.others for ward in wards)


async def may_speak(passage: Passage, at: datetime) -> bool:
    """Whether whoever acts as the other guardian still has an access; others always may."""
    if passage.act.actor is not Actor.GUARDIAN:
        return True
    others = await passage.store.guardian_accesses.others_of(passage.message.dossier_id, at)
    return passage.act.actor_id in others


async def hold_or_let_go(passage: Passage) -> Recorded:
    """An objection, its end, a signature, or the decision to do without: the state stays."""
    act, dossier = passage.act, await passage.dossier()
    if after(dossier.state, act.action) is None or not await may_speak(passage, act.given_at):
        return await passage.elsewhere()
    return await _STORIES[act.action](passage, dossier)


async def _object(passage: Passage, dossier: Dossier) -> Recorded:
    """Nobody decides any more: the family is told, and the department called."""
    act = passage.act
    await passage.store.holds.object(act.id, dossier.id, act.subject, act.given_at)
    passage.aside += await _beside(passage, dossier).to_department("objection_called")
    return await passage.done(dossier.state, await passage.letter("objection_raised"))


async def _lift(passage: Passage, dossier: Dossier) -> Recorded:
    """The review goes on. Whoever objected reads why, when an agent settled it.

    Not somebody who was shut out meanwhile: nothing of this child is written to them any more.
    """
    store, act = passage.store, passage.act
    await store.holds.lift(dossier.id, act.subject, act.actor_id, act.given_at)
    kept = await store.acts.find(act.id)
    others = await store.guardian_accesses.others_of(dossier.id, act.given_at)
    if act.actor is Actor.AGENT and act.subject in others:
        words = kept.words if kept else ""
        beside = _beside(passage, dossier)
        passage.aside += await beside.to_guardian(act.subject, "objection_settled", words=words)
    return await passage.done(dossier.state, await passage.letter("objection_lifted"))


async def _cosign(passage: Passage, dossier: Dossier) -> Recorded:
    """The other guardian signs: to the clocks, the last missing piece has come."""
    act = passage.act
    await passage.store.holds.sign(dossier.id, act.actor_id, act.given_at)
    return await passage.done(dossier.state, await passage.letter("cosigned"))


async def _waive(passage: Passage, dossier: Dossier) -> Recorded:
    """The time is over, or nobody is left to sign: an agent does without, and says why in the act.

    Somebody let in meanwhile has the time that was given.
    """
    act = passage.act
    is_alone = await has_nobody_left(passage.store, dossier, act.given_at)
    if act.reason_code == NOBODY_LEFT and not is_alone and not await _is_due(passage, dossier):
        return await passage.elsewhere()
    await passage.store.holds.waive(dossier.id, act.actor_id, act.given_at)
    return await passage.done(dossier.state, await passage.letter("cosignature_waived"))


async def _is_due(passage: Passage, dossier: Dossier) -> bool:
    act, holds = passage.act, await passage.store.holds.of(dossier.id)
    return not held_back(holds, act.action, at=act.given_at)


_STORIES = {
    Action.OBJECT: _object,
    Action.LIFT_OBJECTION: _lift,
    Action.COSIGN: _cosign,
    Action.WAIVE_COSIGNATURE: _waive,
}
HOLDS = frozenset(_STORIES)
