"""The dossiers: where each one stands, and what the family answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, case, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.deadlines import Pause, Terms, ends
from domain.errors import NotFound, Stale
from domain.kinds.people import named_on
from domain.life import Life, due_at
from domain.questions import Answers, Values
from domain.states import State
from storage.answers import KeptAnswers, Told
from storage.holds import holds_of
from storage.records import as_record, fitting, new_id, sort_key
from storage.requests import Requests
from storage.sealed import Keys
from storage.search_words import keep_words_of_dossier, words_of_dossier
from storage.tables import dossiers
from storage.town import TERMS, Procedure
from storage.writes import count_up

PORTAL, AT_DESK = "portal", "desk"


@dataclass(frozen=True)
class Dossier:
    """One dossier. `version` counts the saves of its answers; `account_id` owns it.

    `origin` is where it was begun: by the family on the portal, or by an agent at the desk.
    """

    id: str
    number: str
    kind: str
    procedure_id: str
    department: str
    account_id: str
    terms: Terms
    state: State
    state_since: datetime
    version: int
    opened_at: datetime
    last_saved_at: datetime
    submitted_at: datetime | None
    due_at: datetime | None
    decided_at: datetime | None
    decided_by: str | None
    decision_basis: str
    reason_code: str
    reason_words: str
    draft_notices: int
    child_name: str
    child_first_name: str
    followed_by: str | None
    answered_at: datetime | None
    origin: str = PORTAL
    is_clear: bool = False
    alerted_at: datetime | None = None


class Dossiers:
    """Questions and writes about dossiers. Every change of state is a conditional write."""

    def __init__(self, connection: AsyncConnection, keys: Keys) -> None:
        self._db = connection
        self._answers = KeptAnswers(connection, keys)

    async def find(self, dossier_id: str) -> Dossier:
        """One dossier; NotFound when there is none."""
        return await self._one(select(dossiers).where(dossiers.c.id == dossier_id))

    async def hold(self, dossier_id: str) -> Dossier:
        """As `find`, and nobody else holds or changes it until this transaction ends.

        Whoever reads something of a dossier and then writes because of it holds the dossier first.
        On SQLite, where those who write wait for each other anyway, it is the same as `find`.

        Raises:
            NotFound: there is none.
        """
        # What only points at the dossier (a document, a letter) may still be added beside.
        query = select(dossiers).where(dossiers.c.id == dossier_id)
        return await self._one(query.with_for_update(key_share=True))

    async def _one(self, query: Select[Any]) -> Dossier:
        row = (await self._db.execute(query)).mappings().first()
        if row is None:
            raise NotFound
        return as_dossier(row)

    async def of_account(self, account_id: str) -> Sequence[Dossier]:
        """The dossiers of a family, the latest first."""
        query = (
            select(dossiers)
            .where(dossiers.c.account_id == account_id)
            .order_by(dossiers.c.opened_at.desc())
        )
        return [as_dossier(row) for row in (await self._db.execute(query)).mappings()]

    async def open_new(
        self, procedure: Procedure, account_id: str, at: datetime, *, origin: str = PORTAL
    ) -> Dossier:
        """Create a draft, with its number and the terms of today."""
        dossier_id, n = new_id(), await count_up(self._db, f"dossiers-{at.year}")
        number = f"{at.year}-{n:04d}"
        await self._db.execute(
            insert(dossiers).values(
                id=dossier_id,
                number=number,
                kind=procedure.kind,
                procedure_id=procedure.id,
                department=procedure.department,
                account_id=account_id,
                terms=TERMS.dump_python(procedure.terms, mode="json"),
                state=State.DRAFT,
                state_since=at,
                version=0,
                opened_at=at,
                last_saved_at=at,
                due_at=ends(at, procedure.terms.draft_life),
                origin=origin,
            )
        )
        await keep_words_of_dossier(self._db, dossier_id, words_of_dossier(number))
        return await self.find(dossier_id)

    async def answers(self, dossier_id: str) -> Answers:
        """Everything the family answered so far, the reserved answers among it."""
        return await self._answers.of(dossier_id)

    async def save_answers(
        self,
        dossier: Dossier,
        section: str,
        values: Values,
        at: datetime,
        *,
        version_seen: int | None = None,
    ) -> int:
        """Keep one page of answers and give the new version.

        Raises:
            Stale: `version_seen` is given and somebody saved in the meantime; or the dossier is no
                longer in the state of `dossier`.
        """
        claim = update(dossiers).where(
            dossiers.c.id == dossier.id, dossiers.c.state == str(dossier.state)
        )
        if version_seen is not None:
            claim = claim.where(dossiers.c.version == version_seen)
        changes: dict[str, Any] = {"version": dossiers.c.version + 1, "last_saved_at": at}
        if dossier.state is State.DRAFT:
            changes["due_at"] = ends(at, dossier.terms.draft_life)
            # As `life.saved_again`: a draft saved after its warning will be warned again.
            reminded = dossiers.c.draft_notices > 1
            changes["draft_notices"] = case((reminded, 1), else_=dossiers.c.draft_notices)
        if child := named_on(section, values):
            changes |= fitting(
                dossiers,
                child_first_name=child.first_names,
                child_name=child.names,
                sort_key=sort_key(child.last, child.first),
            )
        done = await self._db.execute(claim.values(**changes).returning(dossiers.c.version))
        version = done.scalar()
        if version is None:
            raise Stale(version=(await self.find(dossier.id)).version)
        if "child_name" in changes:
            words = words_of_dossier(dossier.number, changes["child_name"].replace(",", ""))
            await keep_words_of_dossier(self._db, dossier.id, words)
        await self._answers.put(dossier.id, dossier.kind, section, values, at)
        return int(version)

    async def note_change(self, dossier_id: str) -> None:
        """Something other than an answer changed: who decides must have seen it."""
        await self._note(dossier_id, version=dossiers.c.version + 1)

    async def keep_snapshot(self, dossier_id: str, version: int, at: datetime) -> None:
        """Keep the answers as they were sent, to show later what changed. Twice: kept once."""
        await self._answers.keep_snapshot(dossier_id, version, at)

    async def keep_beginning(self, dossier: Dossier, known: Answers, at: datetime) -> None:
        """Keep what the town knew when it was opened, to say what it changes. Twice: kept once."""
        await self._answers.keep_beginning(dossier.id, dossier.kind, known, at)

    async def beginning(self, dossier_id: str) -> Answers | None:
        """What the town knew when the dossier was opened; None for one that began with nothing."""
        return await self._answers.beginning(dossier_id)

    async def answers_told(self, dossier_id: str) -> Told:
        """As `answers` and `sent_answers`, with those of the opening; in one question."""
        return await self._answers.told(dossier_id)

    async def changed_since_opening(self, dossier_ids: Sequence[str]) -> Mapping[str, int]:
        """How many answers these dossiers change, of those that started filled in."""
        return await self._answers.changed_since_opening(dossier_ids)

    async def sent_answers(self, dossier_id: str) -> Sequence[tuple[datetime, Answers]]:
        """The answers at each sending, oldest first."""
        return await self._answers.sent(dossier_id)

    async def sent_at_version(self, dossier_id: str, version: int) -> Answers | None:
        """The answers last sent up to this version; None when nothing had been sent then."""
        return await self._answers.sent_at_version(dossier_id, version)

    async def move(
        self,
        dossier_id: str,
        from_: Iterable[State],
        to: State,
        at: datetime,
        **changes: object,
    ) -> bool:
        """Change the state if it still is one of `from_`; False when somebody was faster.

        This conditional write is what makes two decisions at once one decision. What the checks
        found clear is no longer so, unless `changes` say it (`is_clear`).
        """
        done = await self._db.execute(
            update(dossiers)
            .where(dossiers.c.id == dossier_id, dossiers.c.state.in_([str(s) for s in from_]))
            .values(state=to, state_since=at, **{"is_clear": False, **changes})
        )
        return done.rowcount == 1

    async def leave_to_a_person(self, dossier_id: str) -> None:
        """The portal decides nothing by itself here any more, as it stands."""
        await self._note(dossier_id, is_clear=False)

    async def refresh_due(self, dossier_id: str) -> datetime | None:
        """Write by when the one who must act should have acted, from the life as it is kept now."""
        dossier = await self.find(dossier_id)
        due = due_at(await self.life(dossier_id), dossier.terms)
        await self._note(dossier_id, due_at=due)
        return due

    async def follow(self, dossier_id: str, account_id: str) -> None:
        """An agent takes the dossier up; the first to do so stays."""
        await self._db.execute(
            update(dossiers)
            .where(dossiers.c.id == dossier_id, dossiers.c.followed_by.is_(None))
            .values(followed_by=account_id)
        )

    async def note_draft_notice(self, dossier_id: str, count: int) -> None:
        """The owner of a draft was reminded (1) or warned (2)."""
        await self._note(dossier_id, draft_notices=count)

    async def note_alert(self, dossier_id: str, at: datetime) -> None:
        """The department was told that the silent decision comes near."""
        await self._note(dossier_id, alerted_at=at)

    async def _note(self, dossier_id: str, **values: Any) -> None:
        note = update(dossiers).where(dossiers.c.id == dossier_id).values(**values)
        await self._db.execute(note)

    async def life(self, dossier_id: str) -> Life:
        """The life of a dossier as the workflow holds it: what a rebuild goes on from."""
        dossier = await self.find(dossier_id)
        told = await Requests(self._db).of(dossier_id)
        asked = [one for one in told if one.cancelled_at is None]
        return Life(
            state=dossier.state,
            since=dossier.state_since,
            last_saved=dossier.last_saved_at,
            submitted=dossier.submitted_at,
            pauses=tuple(Pause(one.asked_at, one.until, one.received_at) for one in asked),
            reminders_sent=asked[-1].reminders_sent if asked else 0,
            draft_notices=dossier.draft_notices,
            is_clear=dossier.is_clear,
            alerted=dossier.alerted_at,
            holds=await holds_of(self._db, dossier_id),
        )

    async def open_ids(self) -> frozenset[str]:
        """The ids of all dossiers that are not closed: each must have a running workflow."""
        wanted = [str(state) for state in State if not state.is_closed]
        query = select(dossiers.c.id).where(dossiers.c.state.in_(wanted))
        return frozenset((await self._db.execute(query)).scalars())


def as_dossier(row: RowMapping) -> Dossier:
    """A dossier from a whole row of its table."""
    rest = {name: value for name, value in row.items() if name not in {"terms", "state"}}
    return as_record(
        Dossier, rest, terms=TERMS.validate_python(row["terms"]), state=State(row["state"])
    )
