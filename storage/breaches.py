"""What should never be found in the database: each question gives the rows that break a promise.

Every question is one statement over the whole town and gives `MOST` rows at most: a town in which
more is wrong is told so soon enough. What is being tried again, and shown as an incident, waits for
a known reason and breaks nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, exists, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.breaches import Breach
from domain.states import CLOSED, DECIDED, Action, State
from storage.acts import APPLIED
from storage.documents import FILE, PENDING, REFUSED
from storage.letters import ACCEPTED, TO_SEND
from storage.tables import (
    acts,
    documents,
    dossiers,
    events,
    incidents,
    letters,
    snapshots,
    town_forms,
)

MOST = 100
"""The most rows one question gives."""

_APPROVALS = [str(one) for one in (Action.APPROVE, Action.DEEM_APPROVED, Action.APPROVE_BY_RULE)]
_REFUSALS = [str(one) for one in (Action.REFUSE, Action.DEEM_REFUSED)]
_DECISIONS = _APPROVALS + _REFUSALS
_NOTHING = literal("", String)


@dataclass(frozen=True)
class OpenDossier:
    """A dossier the engine must know, and the state it must be in."""

    id: str
    state: State


@dataclass(frozen=True)
class KeptDocument:
    """A document whose bytes must be there, and what they must be."""

    id: str
    dossier_id: str
    sha256: str


class Breaches:
    """The promises that the database alone can tell broken, and what to compare with the rest."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def found(self, *, late: datetime) -> Sequence[Breach]:
        """Everything wrong in the rows; what is older than `late` should have been done by now."""
        found = []
        for code, question in _QUESTIONS.items():
            rows = await self._db.execute(question(late).limit(MOST))
            found += [Breach(code, dossier_id or "", subject or "") for dossier_id, subject in rows]
        return found

    async def open_dossiers(self, *, after: str, limit: int) -> Sequence[OpenDossier]:
        """A page of the open dossiers by id, from the one after `after`."""
        query = (
            select(dossiers.c.id, dossiers.c.state)
            .where(dossiers.c.id > after, dossiers.c.state.not_in([str(s) for s in CLOSED]))
            .order_by(dossiers.c.id)
            .limit(limit)
        )
        return [OpenDossier(row.id, State(row.state)) for row in await self._db.execute(query)]

    async def closed_among(self, ids: Sequence[str]) -> frozenset[str]:
        """Which of these dossiers are closed."""
        query = select(dossiers.c.id).where(
            dossiers.c.id.in_(ids), dossiers.c.state.in_([str(s) for s in CLOSED])
        )
        return frozenset((await self._db.execute(query)).scalars())

    async def kept_documents(self, *, after: str, limit: int) -> Sequence[KeptDocument]:
        """A page of the documents whose bytes are kept, by id, from the one after `after`.

        The town's forms are among them: they are of no dossier ("").
        """
        given = select(documents.c.id, documents.c.dossier_id, documents.c.sha256).where(
            documents.c.id > after,
            documents.c.form == FILE,
            documents.c.removed_at.is_(None),
            documents.c.status != REFUSED,
        )
        forms = select(town_forms.c.id, _NOTHING, town_forms.c.sha256).where(
            town_forms.c.id > after, town_forms.c.removed_at.is_(None)
        )
        query = union_all(given, forms).order_by("id").limit(limit)
        return [KeptDocument(*row) for row in await self._db.execute(query)]


def _act_undelivered(late: datetime) -> Select[Any]:
    return select(acts.c.dossier_id, acts.c.id).where(
        acts.c.outcome == "", acts.c.given_at < late, ~_is_known(acts.c.dossier_id)
    )


def _act_without_line(_late: datetime) -> Select[Any]:
    # The act of a document is told by the document itself, once the dossier is sent.
    line = (events.c.dossier_id == acts.c.dossier_id) & (events.c.key == "act:" + acts.c.id)
    return select(acts.c.dossier_id, acts.c.id).where(
        acts.c.outcome == APPLIED,
        acts.c.action != Action.ADD_DOCUMENT.value,
        ~exists().where(line),
    )


def _sending_without_act(_late: datetime) -> Select[Any]:
    act = (
        (acts.c.dossier_id == dossiers.c.id)
        & (acts.c.action == Action.SUBMIT.value)
        & (acts.c.outcome == APPLIED)
    )
    return select(dossiers.c.id, _NOTHING).where(
        dossiers.c.submitted_at.is_not(None), ~exists().where(act)
    )


def _sending_without_answers(_late: datetime) -> Select[Any]:
    return select(dossiers.c.id, _NOTHING).where(
        dossiers.c.submitted_at.is_not(None),
        ~exists().where(snapshots.c.dossier_id == dossiers.c.id, snapshots.c.version > 0),
    )


def _document_without_act(_late: datetime) -> Select[Any]:
    return select(documents.c.dossier_id, documents.c.id).where(
        ~exists().where(acts.c.id == "add-" + documents.c.id)
    )


def _decided_twice(_late: datetime) -> Select[Any]:
    return (
        select(events.c.dossier_id, _NOTHING)
        .where(events.c.what.in_(_DECISIONS))
        .group_by(events.c.dossier_id)
        .having(func.count() > 1)
    )


def _decision_without_line(_late: datetime) -> Select[Any]:
    line = (events.c.dossier_id == dossiers.c.id) & events.c.what.in_(_DECISIONS)
    return select(dossiers.c.id, _NOTHING).where(_is_decided(), ~exists().where(line))


def _decision_without_letter(_late: datetime) -> Select[Any]:
    told = (letters.c.dossier_id == dossiers.c.id) & _says(dossiers.c.state)
    return select(dossiers.c.id, _NOTHING).where(_is_decided(), ~exists().where(told))


def _told_otherwise(_late: datetime) -> Select[Any]:
    return (
        select(dossiers.c.id, letters.c.id)
        .join(letters, letters.c.dossier_id == dossiers.c.id)
        .where(letters.c.kind.in_(_DECISIONS), ~_says(dossiers.c.state))
    )


def _decision_without_day(_late: datetime) -> Select[Any]:
    return select(dossiers.c.id, _NOTHING).where(_is_decided(), dossiers.c.decided_at.is_(None))


def _letter_doubled(_late: datetime) -> Select[Any]:
    return (
        select(func.min(letters.c.dossier_id), func.min(letters.c.id))
        .group_by(letters.c.message_id)
        .having(func.count() > 1)
    )


def _letter_accepted_never(_late: datetime) -> Select[Any]:
    return select(letters.c.dossier_id, letters.c.id).where(
        letters.c.status == ACCEPTED, letters.c.accepted_at.is_(None)
    )


def _letter_forgotten(late: datetime) -> Select[Any]:
    return select(letters.c.dossier_id, letters.c.id).where(
        letters.c.status == TO_SEND, letters.c.created_at < late
    )


def _check_stuck(late: datetime) -> Select[Any]:
    return select(dossiers.c.id, _NOTHING).where(
        dossiers.c.state == State.CHECKING.value,
        dossiers.c.state_since < late,
        ~_is_known(dossiers.c.id),
    )


def _document_stuck(late: datetime) -> Select[Any]:
    return select(documents.c.dossier_id, documents.c.id).where(
        documents.c.status == PENDING,
        documents.c.removed_at.is_(None),
        documents.c.given_at < late,
        ~_is_known(documents.c.dossier_id),
    )


def _is_known(dossier_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether something of this dossier is seen failing, and tried again."""
    return exists().where(incidents.c.dossier_id == dossier_id, incidents.c.cleared_at.is_(None))


def _is_decided() -> ColumnElement[bool]:
    return dossiers.c.state.in_([str(state) for state in DECIDED])


def _says(state: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a letter tells the decision that led to this state."""
    yes, no = letters.c.kind.in_(_APPROVALS), letters.c.kind.in_(_REFUSALS)
    return or_((state == State.APPROVED.value) & yes, (state == State.REFUSED.value) & no)


_QUESTIONS: Mapping[str, Callable[[datetime], Select[Any]]] = {
    "act_undelivered": _act_undelivered,
    "act_without_line": _act_without_line,
    "sending_without_act": _sending_without_act,
    "sending_without_answers": _sending_without_answers,
    "document_without_act": _document_without_act,
    "decided_twice": _decided_twice,
    "decision_without_line": _decision_without_line,
    "decision_without_letter": _decision_without_letter,
    "told_otherwise": _told_otherwise,
    "decision_without_day": _decision_without_day,
    "letter_doubled": _letter_doubled,
    "letter_accepted_never": _letter_accepted_never,
    "letter_forgotten": _letter_forgotten,
    "check_stuck": _check_stuck,
    "document_stuck": _document_stuck,
}
