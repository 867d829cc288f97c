"""The families of a campaign: who is invited, who is reminded, and how far each has come.

How far is read from the dossiers of the campaign's procedure: nothing of it is written twice, so
that it can never be wrong. Closed accounts (merged into another, erased) are left out everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.campaigns import Audience, Funnel, Position, Round, Step
from domain.deadlines import paris_day
from domain.paper import paper_address, shown_address
from storage.campaign_standing import (
    chosen_by,
    invited_to,
    position_of,
    shown_dossier,
    standing_in,
    step_of,
    where_it_stands,
)
from storage.campaigns import Campaign
from storage.letters import RETRYING, TO_SEND
from storage.records import as_record
from storage.tables import accounts, campaign_families, dossiers, families, letters
from storage.writes import add_once


@dataclass(frozen=True)
class ToWrite:
    """A family to write to, and where it stands.

    `dossier_id` is what it has begun and not finished, "" where there is none.
    """

    account_id: str
    position: Position
    dossier_id: str
    has_mail: bool
    reminders: int = 0


@dataclass(frozen=True)
class InvitedFamily:
    """One family of a campaign, and the furthest step it has come to."""

    account_id: str
    name: str
    email: str
    step: Step
    position: Position
    invited_at: datetime
    reminders: int
    number: str
    dossier_id: str
    letter_id: str


@dataclass(frozen=True)
class Reach:
    """How many families an audience has now, and how many of them without mail."""

    families: int
    without_mail: int


class CampaignFamilies:
    """Whom campaigns write to, and how far they have come."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def reach(self, audience: Audience, at: datetime) -> Reach:
        """How many families an audience has at this moment."""
        chosen = chosen_by(audience, paris_day(at))
        without = func.count().filter(accounts.c.email.like(paper_address("%")))
        query = (
            select(func.count(), without)
            .select_from(families)
            .join(accounts, accounts.c.id == families.c.account_id)
        )
        total, on_paper = (await self._db.execute(query.where(*chosen))).one()
        return Reach(total, on_paper)

    async def to_invite(self, campaign: Campaign, at: datetime, *, limit: int) -> Sequence[ToWrite]:
        """Some families of the audience that have not had their turn yet.

        None of them is erased until this transaction ends; one that is being erased is left out.
        """
        chosen = chosen_by(campaign.plan.audience, paris_day(at))
        stand = standing_in(campaign.procedure_id)
        invited = exists().where(
            campaign_families.c.campaign_id == campaign.id,
            campaign_families.c.account_id == families.c.account_id,
        )
        query = (
            select(families.c.account_id, *where_it_stands(stand))
            .join(accounts, accounts.c.id == families.c.account_id)
            .outerjoin(stand, stand.c.account_id == families.c.account_id)
            .where(*chosen, ~invited)
            .order_by(families.c.account_id)
            .limit(limit)
            .with_for_update(read=True, key_share=True, of=accounts)
        )
        return [_to_write(row) for row in (await self._db.execute(query)).mappings()]

    async def note_invited(
        self, campaign_id: str, account_id: str, letter_id: str, at: datetime
    ) -> bool:
        """This family has had its turn, with a letter or ("") without. Twice: once, and False."""
        return await add_once(
            self._db,
            campaign_families,
            campaign_id=campaign_id,
            account_id=account_id,
            invited_at=at,
            letter_id=letter_id,
        )

    async def to_remind(
        self, campaign: Campaign, due: Round, *, invited_before: datetime, limit: int
    ) -> Sequence[ToWrite]:
        """Some families that this reminder is for and that have not had it yet; as `to_invite`."""
        stand = standing_in(campaign.procedure_id)
        query = (
            invited_to(campaign.id, stand)
            .with_only_columns(
                campaign_families.c.account_id,
                campaign_families.c.reminders,
                *where_it_stands(stand),
            )
            .where(
                campaign_families.c.invited_at < invited_before,
                or_(
                    campaign_families.c.reminded_on.is_(None),
                    campaign_families.c.reminded_on < due.day,
                ),
                position_of(stand).in_([one.value for one in due.positions]),
            )
            .order_by(campaign_families.c.account_id)
            .limit(limit)
            .with_for_update(read=True, key_share=True, of=accounts)
        )
        return [_to_write(row) for row in (await self._db.execute(query)).mappings()]

    async def note_reminded(self, campaign_id: str, account_id: str, day: date) -> bool:
        """This family has had the reminder of that day. Twice: once, and False."""
        done = await self._db.execute(
            update(campaign_families)
            .where(
                campaign_families.c.campaign_id == campaign_id,
                campaign_families.c.account_id == account_id,
                or_(
                    campaign_families.c.reminded_on.is_(None),
                    campaign_families.c.reminded_on < day,
                ),
            )
            .values(reminded_on=day, reminders=campaign_families.c.reminders + 1)
        )
        return done.rowcount == 1

    async def letters_waiting(self) -> int:
        """How many letters of campaigns wait for the mail server."""
        query = select(func.count()).where(
            letters.c.status.in_((TO_SEND, RETRYING)), letters.c.kind.startswith("campaign_")
        )
        return (await self._db.execute(query)).scalar_one()

    async def letter_counts(self, campaign_id: str) -> Mapping[tuple[str, str], int]:
        """How many letters of this campaign there are, by kind and status."""
        query = (
            select(letters.c.kind, letters.c.status, func.count().label("total"))
            .where(letters.c.key.startswith(f"{campaign_id}-"))
            .group_by(letters.c.kind, letters.c.status)
        )
        return {(row.kind, row.status): row.total for row in await self._db.execute(query)}

    async def funnel(self, campaign: Campaign, at: datetime) -> Funnel:
        """How many families came how far, as storage knows at this moment."""
        stand = standing_in(campaign.procedure_id)
        step = step_of(stand).label("step")
        query = (
            invited_to(campaign.id, stand)
            .with_only_columns(step, func.count().label("total"))
            .group_by(step)
        )
        rows = await self._db.execute(query)
        return Funnel.of({Step(row.step): row.total for row in rows}, at)

    async def at_step(
        self, campaign: Campaign, step: Step | None = None, *, limit: int, offset: int = 0
    ) -> Sequence[InvitedFamily]:
        """The families whose furthest step is this one (None: all), by name."""
        stand = standing_in(campaign.procedure_id)
        query = (
            invited_to(campaign.id, stand)
            .outerjoin(dossiers, dossiers.c.id == shown_dossier(stand))
            .with_only_columns(
                accounts.c.id.label("account_id"),
                accounts.c.name,
                accounts.c.email,
                campaign_families.c.invited_at,
                campaign_families.c.reminders,
                campaign_families.c.letter_id,
                func.coalesce(dossiers.c.number, "").label("number"),
                func.coalesce(dossiers.c.id, "").label("dossier_id"),
                step_of(stand).label("step"),
                position_of(stand).label("position"),
            )
            .order_by(accounts.c.name, accounts.c.id)
            .limit(limit)
            .offset(offset)
        )
        if step is not None:
            query = query.where(step_of(stand) == step.value)
        rows = (await self._db.execute(query)).mappings()
        return [
            as_record(
                InvitedFamily,
                {key: value for key, value in row.items() if key not in ("step", "position")},
                step=Step(row["step"]),
                position=Position(row["position"]),
            )
            for row in rows
        ]


def _to_write(row: RowMapping) -> ToWrite:
    rest = {name: value for name, value in row.items() if name not in ("position", "email")}
    has_mail = bool(shown_address(row["email"]))
    return as_record(ToWrite, rest, position=Position(row["position"]), has_mail=has_mail)


async def move_invitations(db: AsyncConnection, kept_id: str, other_id: str) -> None:
    """Have the kept account of two stand for both in every campaign. Twice: nothing more.

    Where both were invited, the kept one's own invitation stands: nobody is invited again.
    """
    mine = select(campaign_families.c.campaign_id).where(campaign_families.c.account_id == kept_id)
    await db.execute(
        update(campaign_families)
        .where(
            campaign_families.c.account_id == other_id,
            campaign_families.c.campaign_id.not_in(mine),
        )
        .values(account_id=kept_id)
    )
