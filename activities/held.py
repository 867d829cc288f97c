"""The other guardian's part in a dossier: told of its sending, asked to sign, heard when against.

Nothing of the first guardian's (address, phone, documents, answers) is in a letter to the other.
"""

from datetime import datetime

from activities.beside import Beside
from activities.passage import Passage
from domain import french
from domain.deadlines import ends, last_day
from domain.messages import Recorded
from domain.questions import Answers
from domain.states import Action, Actor, after
from storage.dossiers import Dossier


async def tell_the_other(passage: Passage, dossier: Dossier, answers: Answers) -> None:
    """At the sending: inform each guardian with an access of their own, and ask them to sign.

    Where the terms ask for a signature and the family has another guardian, the decision is held
    until it comes, whether or not that guardian has an access yet.
    """
    store, at = passage.store, passage.act.given_at
    others = await store.guardian_accesses.others_of(dossier.id, at)
    within = passage.message.terms.cosign_within
    until = ends(at, within) if within and (others or has_other(answers)) else None
    if until:
        await store.holds.ask_to_cosign(dossier.id, at, until)
        passage.facts["sign_until"] = until.isoformat()
    kind = "cosign_asked" if until else "other_informed"
    for account_id in others:
        last = french.day(last_day(until)) if until else ""
        passage.aside += await _beside(passage, dossier).to_guardian(account_id, kind, until=last)


def _beside(passage: Passage, dossier: Dossier) -> Beside:
    return Beside(passage.store, passage.writer, dossier, passage.message.at)


def has_other(answers: Answers) -> bool:
    """Whether the family said that there is another guardian."""
    return any(page.get("has_other") == "yes" for page in answers.values())


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
    """The review goes on. Whoever objected reads why, when an agent settled it."""
    store, act = passage.store, passage.act
    await store.holds.lift(dossier.id, act.subject, act.actor_id, act.given_at)
    kept = await store.acts.find(act.id)
    if act.actor is Actor.AGENT:
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
    """The time is over and an agent does without, with a reason that stays in the act."""
    act = passage.act
    await passage.store.holds.waive(dossier.id, act.actor_id, act.given_at)
    return await passage.done(dossier.state, await passage.letter("cosignature_waived"))


_STORIES = {
    Action.OBJECT: _object,
    Action.LIFT_OBJECTION: _lift,
    Action.COSIGN: _cosign,
    Action.WAIVE_COSIGNATURE: _waive,
}
HOLDS = frozenset(_STORIES)
