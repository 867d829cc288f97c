"""What the portal keeps of one person, for that person: letters to them, and what they did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.states import Actor
from storage.acts import REFUSED
from storage.letters import Letter
from storage.records import as_record, columns
from storage.tables import (
    accounts,
    acts,
    audit_log,
    documents,
    dossiers,
    families,
    guardians,
    holds,
    identities,
    letters,
    procedures,
    sessions,
)

_MOST_LINES = 20_000


@dataclass(frozen=True)
class OwnLine:
    """Something the person did, when, and from which network address."""

    at: datetime
    what: str
    place: str


@dataclass(frozen=True)
class Amounts:
    """How much the portal keeps of somebody."""

    dossiers: int
    documents: int
    letters: int


@dataclass(frozen=True)
class OwnHousehold:
    """What an approved registration made of the person's answers: their own names and address."""

    street: str
    postal_code: str
    city: str
    first_name: str
    last_name: str
    relation: str
    phone: str
    email: str


@dataclass(frozen=True)
class OwnSay:
    """What a guardian said of a dossier that the other one sent, in their own words.

    `action` is the act's; an objection ends, `ended_at`, when it is taken back or settled.
    """

    action: str
    procedure: str
    words: str
    given_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class OwnIdentity:
    """Who FranceConnect says that the person is, and since when it opens their account."""

    first_name: str
    last_name: str
    linked_at: datetime


class PersonalData:
    """Questions about one person's own data."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def amounts(self, account_id: str) -> Amounts:
        """How many dossiers, documents and letters, in one question."""
        own = select(dossiers.c.id).where(dossiers.c.account_id == account_id)
        counts = (
            select(func.count()).where(dossiers.c.account_id == account_id).scalar_subquery(),
            select(func.count())
            .where(documents.c.dossier_id.in_(own), documents.c.removed_at.is_(None))
            .scalar_subquery(),
            select(func.count())
            .where(letters.c.account_id == account_id, letters.c.link_id.is_(None))
            .scalar_subquery(),
        )
        return Amounts(*(await self._db.execute(select(*counts))).one())

    async def letters_to(self, account_id: str) -> Sequence[Letter]:
        """Every letter to this person, oldest first; not those that only carry a link."""
        query = (
            select(*columns(letters, Letter))
            .where(letters.c.account_id == account_id, letters.c.link_id.is_(None))
            .order_by(letters.c.created_at, letters.c.id)
        )
        return [as_record(Letter, row) for row in (await self._db.execute(query)).mappings()]

    async def lines_of(self, account_id: str) -> Sequence[OwnLine]:
        """What this person did themselves, oldest first; what staff did is not told here."""
        query = (
            select(*columns(audit_log, OwnLine))
            .where(audit_log.c.actor_id == account_id, audit_log.c.behind_id == "")
            .order_by(audit_log.c.at, audit_log.c.id)
            .limit(_MOST_LINES)
        )
        return [as_record(OwnLine, row) for row in (await self._db.execute(query)).mappings()]

    async def came_in(self, account_id: str) -> Sequence[tuple[str, datetime, datetime]]:
        """The browsers signed in now: in words, since when, last seen."""
        query = select(sessions.c.device, sessions.c.created_at, sessions.c.seen_at).where(
            sessions.c.account_id == account_id
        )
        rows = await self._db.execute(query.order_by(sessions.c.created_at))
        return [(row.device, row.created_at, row.seen_at) for row in rows]

    async def household(self, account_id: str) -> OwnHousehold | None:
        """The person's own line in the town's families; nothing of the other guardian's."""
        query = (
            select(*columns(families, OwnHousehold), *columns(guardians, OwnHousehold))
            .join(guardians, guardians.c.family_id == families.c.id)
            .where(families.c.account_id == account_id, guardians.c.account_id == account_id)
        )
        row = (await self._db.execute(query)).mappings().first()
        return as_record(OwnHousehold, row) if row else None

    async def said_of_dossiers(self, account_id: str) -> Sequence[OwnSay]:
        """What they said as the other guardian, oldest first; nothing else of those dossiers."""
        query = (
            select(
                acts.c.action,
                procedures.c.title.label("procedure"),
                acts.c.words,
                acts.c.given_at,
                holds.c.ended_at,
            )
            .join(dossiers, dossiers.c.id == acts.c.dossier_id)
            .join(procedures, procedures.c.id == dossiers.c.procedure_id)
            .outerjoin(holds, holds.c.id == acts.c.id)
            .where(
                acts.c.actor_id == account_id,
                acts.c.actor == Actor.GUARDIAN.value,
                acts.c.outcome != REFUSED,
            )
            .order_by(acts.c.given_at, acts.c.id)
        )
        return [as_record(OwnSay, row) for row in (await self._db.execute(query)).mappings()]

    async def identities_of(self, account_id: str) -> Sequence[OwnIdentity]:
        """By whom FranceConnect lets them in, the first linked first."""
        query = select(*columns(identities, OwnIdentity)).where(
            identities.c.account_id == account_id
        )
        rows = await self._db.execute(query.order_by(identities.c.linked_at))
        return [as_record(OwnIdentity, row) for row in rows.mappings()]

    async def account_since(self, account_id: str) -> datetime:
        """When the account was made."""
        query = select(accounts.c.created_at).where(accounts.c.id == account_id)
        since: datetime = (await self._db.execute(query)).scalar_one()
        return since
