"""What each act writes: one short story per action, all told through `Passage`."""

from collections.abc import Awaitable, Callable, Mapping

from activities.completeness import (
    keep_what_is_good,
    keep_what_was_accepted,
    missing_pieces,
    note_what_serves,
)
from activities.effects import EFFECTS
from activities.held import HOLDS, hold_or_let_go, tell_newcomers, tell_the_other
from activities.passage import Passage
from domain.deadlines import Validation, ends
from domain.documents import Scan
from domain.holds import held_back
from domain.kinds.catalogue import RULES
from domain.messages import Recorded
from domain.states import Action, State, after
from storage.documents import GOOD

_MISSING = "missing"
_RECEIPTS = frozenset({"acknowledgement", "answer_received"})


async def _is_clear(passage: Passage, missing: tuple[str, ...]) -> bool:
    """Whether the portal may approve this by itself: nothing missing, nothing to doubt or to await.

    What the antivirus has still to see is waited for by a person.
    """
    if missing or passage.message.terms.validation is not Validation.AUTOMATIC:
        return False
    given = await passage.store.documents.of(passage.message.dossier_id)
    return all(one.status == GOOD and one.scan != Scan.PENDING for one in given if one.counts)


async def _submit(passage: Passage) -> Recorded:
    """The family sent its dossier: keep what it said, forget what is no longer asked, and check."""
    store, act = passage.store, passage.act
    if not await passage.move(State.CHECKING, submitted_at=act.given_at):
        return await passage.elsewhere()
    dossier = await passage.dossier()
    await store.dossiers.keep_snapshot(dossier.id, dossier.version, act.given_at)
    answers = await store.dossiers.answers(dossier.id)
    asked = {need.piece.code for need in RULES[dossier.kind].needs(answers)}
    for document in await store.documents.of(dossier.id):
        if document.piece not in asked:
            await store.documents.remove(document.id, passage.message.at)
    await note_what_serves(store, dossier, answers, act.given_at)
    await store.doubles.look(dossier.account_id, passage.message.at)
    await tell_the_other(passage, dossier, answers)
    return await _check_now_or_later(passage)


async def _answer(passage: Passage) -> Recorded:
    """The family says its complement is whole: the open request is received, and we check."""
    store, act = passage.store, passage.act
    if not await passage.move(State.CHECKING, answered_at=act.given_at):
        return await passage.elsewhere()
    dossier = await passage.dossier()
    await store.requests.receive(dossier.id, act.given_at)
    await store.dossiers.keep_snapshot(dossier.id, dossier.version, act.given_at)
    answers = await store.dossiers.answers(dossier.id)
    await note_what_serves(store, dossier, answers, act.given_at)
    await tell_newcomers(passage, dossier, answers)
    return await _check_now_or_later(passage)


async def _check_now_or_later(passage: Passage) -> Recorded:
    """Check in the same transaction, unless a document is still being looked at."""
    if await passage.store.documents.pending_ids(passage.message.dossier_id):
        return await passage.done(State.CHECKING)
    return await _check(passage)


async def _check(passage: Passage) -> Recorded:
    """Is something mandatory missing? Say so at once, all of it, with the time given."""
    store, message = passage.store, passage.message
    dossier = await passage.dossier()
    missing = await missing_pieces(store, dossier)
    to = State.AWAITING_FAMILY if missing else State.UNDER_REVIEW
    is_clear = await _is_clear(passage, missing)
    changes = {"is_clear": is_clear}
    if not await store.dossiers.move(dossier.id, {State.CHECKING}, to, message.at, **changes):
        return await passage.elsewhere()
    await keep_what_is_good(store, dossier, message.at)
    until = ends(message.at, message.terms.complement_delay) if missing else None
    if until:
        items = [{"piece": code, "reason": _MISSING, "words": ""} for code in missing]
        await store.requests.add(dossier.id, asked_at=message.at, until=until, items=items)
    await store.dossiers.refresh_due(dossier.id)
    letter = ""
    if not (is_clear and await _nothing_holds(passage)):  # the decision will say that it arrived
        letter = await _acknowledge(passage, missing=missing, until=until)
    return await passage.done(to, letter, missing=missing, until=until, is_clear=is_clear)


async def _nothing_holds(passage: Passage) -> bool:
    holds = await passage.store.holds.of(passage.message.dossier_id)
    return not held_back(holds, Action.APPROVE_BY_RULE)


async def _acknowledge(passage: Passage, **facts: object) -> str:
    """Write that the dossier, or its complement, has arrived."""
    dossier = await passage.dossier()
    is_first = len(await passage.store.dossiers.sent_answers(dossier.id)) <= 1
    kind = "acknowledgement" if is_first and not dossier.answered_at else "answer_received"
    return await passage.letter(kind, **facts)


async def leave(passage: Passage) -> Recorded:
    """The act does not apply now.

    A family that a decision of the portal was to tell that its dossier has arrived is told without.
    Twice: the same letter.
    """
    dossier = await passage.dossier()
    since = dossier.answered_at or dossier.submitted_at
    is_meant = passage.act.action is Action.APPROVE_BY_RULE and dossier.state is State.UNDER_REVIEW
    if not is_meant or since is None:
        return await passage.elsewhere()
    letters = await passage.store.letters.of_dossier(dossier.id)
    told = [one.id for one in letters if one.kind in _RECEIPTS and one.created_at >= since]
    return await passage.elsewhere(*told or [await _acknowledge(passage, missing=(), until=None)])


async def _ask_to_complete(passage: Passage) -> Recorded:
    """The town asks for pieces, in one letter, with a limit."""
    store, act, message = passage.store, passage.act, passage.message
    if not await passage.move(State.AWAITING_FAMILY):
        return await passage.elsewhere()
    until = act.until or ends(message.at, message.terms.complement_delay)
    kept = await store.acts.find(act.id)
    items, words = (kept.items, kept.words) if kept else ([], "")
    n = await store.requests.add(
        message.dossier_id,
        asked_at=message.at,
        until=until,
        items=items,
        words=words,
        asked_by=act.actor_id or None,
    )
    letter = await passage.letter("complement_request", n=n)
    pieces = tuple(item["piece"] for item in items)
    for piece in pieces:
        await store.wallet.end(message.dossier_id, piece, message.at)
    return await passage.done(State.AWAITING_FAMILY, letter, missing=pieces, until=until)


async def _cancel_request(passage: Passage) -> Recorded:
    """The town takes its request back: the review goes on."""
    if not await passage.move(State.UNDER_REVIEW):
        return await passage.elsewhere()
    await passage.store.requests.cancel(passage.message.dossier_id, passage.message.at)
    return await passage.done(State.UNDER_REVIEW, await passage.letter("request_cancelled"))


async def _decide(passage: Passage) -> Recorded:
    """Approve or refuse, by a person, by rule or by silence: once, with effects and letter."""
    act = passage.act
    to = after(State.UNDER_REVIEW, act.action)
    if to is None:
        return await passage.elsewhere()
    kept = await passage.store.acts.find(act.id)
    moved = await passage.move(
        to,
        decided_at=act.given_at,
        decided_by=act.actor_id or None,
        decision_basis=_BASES.get(act.action, "decision"),
        reason_code=act.reason_code,
        reason_words=kept.words if kept else "",
    )
    if not moved:
        return await passage.elsewhere()
    if to is State.APPROVED:
        await _take_effect(passage)
    return await passage.done(to, await passage.letter(str(act.action)), reason=act.reason_code)


async def _approve_by_rule(passage: Passage) -> Recorded:
    """The portal approves what its checks found clear, if that is still so; else a person looks."""
    dossier = await passage.dossier()
    missing = await missing_pieces(passage.store, dossier)
    if dossier.is_clear and await _is_clear(passage, missing):
        return await _decide(passage)
    await passage.store.dossiers.leave_to_a_person(dossier.id)
    return await leave(passage)


async def _take_effect(passage: Passage) -> None:
    """What the approval changes in what the town knows of the family."""
    store, dossier = passage.store, await passage.dossier()
    answers = await store.dossiers.answers(dossier.id)
    await EFFECTS[dossier.kind](store, dossier, answers, passage.message.at)
    await keep_what_was_accepted(store, dossier, answers, passage.message.at)


async def _close(passage: Passage) -> Recorded:
    """Withdrawn, closed without action or abandoned: nothing is decided, the family is told."""
    to = after((await passage.dossier()).state, passage.act.action)
    if to is None or not await passage.move(to):
        return await passage.elsewhere()
    await passage.store.requests.cancel(passage.message.dossier_id, passage.message.at)
    return await passage.done(to, await passage.letter(str(passage.act.action)))


async def _remove_document(passage: Passage) -> Recorded:
    """A document is taken away: no longer seen, and its bytes go with the next sweep."""
    store, act = passage.store, passage.act
    dossier = await passage.dossier()
    document = await store.documents.find(act.subject)
    is_its_own = document is not None and document.dossier_id == dossier.id
    if after(dossier.state, act.action) is None or document is None or not is_its_own:
        return await passage.elsewhere()
    await store.documents.remove(act.subject, passage.message.at)
    if dossier.state is not State.DRAFT:
        await store.dossiers.note_change(dossier.id)
    return await passage.done(dossier.state, piece=document.piece)


_BASES = {
    Action.DEEM_APPROVED: "silence",
    Action.DEEM_REFUSED: "silence",
    Action.APPROVE_BY_RULE: "rule",
}

PASSAGES: Mapping[Action, Callable[[Passage], Awaitable[Recorded]]] = {
    Action.SUBMIT: _submit,
    Action.ANSWER: _answer,
    Action.FIND_COMPLETE: _check,
    Action.ASK_TO_COMPLETE: _ask_to_complete,
    Action.CANCEL_REQUEST: _cancel_request,
    Action.APPROVE: _decide,
    Action.REFUSE: _decide,
    Action.APPROVE_BY_RULE: _approve_by_rule,
    Action.DEEM_APPROVED: _decide,
    Action.DEEM_REFUSED: _decide,
    Action.WITHDRAW: _close,
    Action.CLOSE_WITHOUT_ACTION: _close,
    Action.ABANDON: _close,
    Action.REMOVE_DOCUMENT: _remove_document,
    **dict.fromkeys(HOLDS, hold_or_let_go),
}
