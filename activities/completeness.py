"""What a dossier lacks, and what its family gave before that stands in it.

A document of the wallet stands for a piece as long as the dossier has none of its own for it. Until
the dossier is sent it is looked up; at each sending it is written down, so that what is decided
afterwards rests on the same papers whatever becomes of the wallet.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from domain.deadlines import paris_day
from domain.kinds.catalogue import RULES
from domain.kinds.rules import Requirement
from domain.questions import Answers
from domain.states import State
from domain.wallet import (
    HOLDINGS,
    Kept,
    Owner,
    address_mark,
    child_of,
    children_of,
    day_of_need,
    lend,
    piece_and_place,
    valid_until,
)
from storage.documents import FILE, GOOD, PENDING, Document
from storage.dossiers import Dossier
from storage.store import Store
from storage.wallet import Beside, Held

_NOT_SENT_YET = frozenset({State.DRAFT, State.AWAITING_FAMILY})


async def missing_pieces(store: Store, dossier: Dossier) -> tuple[str, ...]:
    """The mandatory pieces for which nothing readable was given, now or before."""
    answers = await store.dossiers.answers(dossier.id)
    given = {one.piece for one in await store.documents.of(dossier.id) if one.counts}
    used = (await store.wallet.beside(dossier)).used
    standing = {code for code, held in used.items() if any(one.kept.is_whole for one in held)}
    return tuple(
        need.piece.code
        for need in RULES[dossier.kind].needs(answers)
        if need.requirement is Requirement.MANDATORY and need.piece.code not in given | standing
    )


async def lent_to(
    store: Store, dossier: Dossier, answers: Answers, at: datetime | None
) -> Mapping[str, Sequence[Held]]:
    """What stands in this dossier by the wallet, by piece: one question to storage.

    What it was sent with; and, while the family has it in hand, what the wallet would give at this
    moment. The town (None) sees what it was sent with, and nothing else that the family keeps.
    """
    beside = await store.wallet.beside(dossier)
    used = {
        code: [one for one in held if one.kept.is_whole] or held
        for code, held in beside.used.items()
    }
    if at is None or dossier.state not in _NOT_SENT_YET:
        return used
    return {**used, **_lent(beside, dossier, answers, at)}


def _lent(
    beside: Beside, dossier: Dossier, answers: Answers, at: datetime
) -> Mapping[str, Sequence[Held]]:
    codes = [one.piece.code for one in RULES[dossier.kind].needs(answers) if not one.new]
    before = {
        one.kept.document_id: one
        for one in beside.held
        if one.document.dossier_id != dossier.id and one.document.status != PENDING
    }
    day = day_of_need(beside.school_year, paris_day(at))
    lent = lend(codes, [one.kept for one in before.values()], answers, day)
    return {code: [before[one.document_id] for one in kept] for code, kept in lent.items()}


async def note_what_serves(store: Store, dossier: Dossier, answers: Answers, at: datetime) -> None:
    """At a sending: write down what the wallet lends for what the dossier has not itself.

    Twice: the same.
    """
    own = {one.piece for one in await store.documents.of(dossier.id) if one.counts}
    beside = await store.wallet.beside(dossier)
    for code, held in _lent(beside, dossier, answers, at).items():
        if code not in own:
            for one in held:
                await store.wallet.note_use(dossier.id, code, one.kept.document_id, at)


async def keep_what_is_good(store: Store, dossier: Dossier, at: datetime) -> None:
    """Once all was looked at: keep what the checks found good, for the next dossiers.

    Twice: the same.
    """
    answers = await store.dossiers.answers(dossier.id)
    good = [one for one in await store.documents.of(dossier.id) if one.status == GOOD]
    await _keep(store, dossier, answers, good, at)


async def keep_what_was_accepted(
    store: Store, dossier: Dossier, answers: Answers, at: datetime
) -> None:
    """At an approval: keep what this dossier brought, but for what an agent wants replaced.

    What the checks doubted is kept where an agent found it good. Twice: the same.
    """
    marks = await store.documents.marks_of(dossier.id)
    marked = {code: mark.mark for code, mark in marks.items()}
    kept = [
        one
        for one in await store.documents.of(dossier.id)
        if marked.get(one.piece, one.status) == GOOD
    ]
    await _keep(store, dossier, answers, kept, at)


async def _keep(
    store: Store, dossier: Dossier, answers: Answers, documents: Iterable[Document], at: datetime
) -> None:
    files = [one for one in documents if one.form == FILE and one.counts]
    holding = [one for one in files if piece_and_place(one.piece)[0] in HOLDINGS]
    if not holding:
        return
    procedure = await store.town.procedure(id=dossier.procedure_id)
    children, address = await _children(store, dossier, answers), address_mark(answers)
    for one in holding:
        piece, _ = piece_and_place(one.piece)
        child = child_of(one.piece, children)
        if child is None and HOLDINGS[piece].owner is Owner.CHILD:
            continue  # there is no such child yet
        kept = Kept(
            one.id,
            dossier.account_id,
            child,
            piece,
            valid_until(piece, paris_day(one.given_at), procedure.school_year),
            address if HOLDINGS[piece].proves_address else "",
            at,
        )
        await store.wallet.put(kept)


async def _children(store: Store, dossier: Dossier, answers: Answers) -> Mapping[int, str]:
    named = children_of(answers)
    if named:
        return named
    made = [
        one.id
        for one in await store.households.children_of(dossier.account_id)
        if one.dossier_id == dossier.id
    ]
    return dict(enumerate(made, 1))
