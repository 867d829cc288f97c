"""Campaigns: what an admin decided of each, where it stands, and what its workflow has heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.campaigns import Audience, CampaignState, Plan, Position
from domain.errors import NotFound, Stale
from storage.records import as_record
from storage.tables import campaign_families, campaigns, procedures
from storage.writes import add_once

_OPEN = (CampaignState.RUNNING.value, CampaignState.PAUSED.value)


@dataclass(frozen=True)
class Campaign:
    """One campaign. `version` counts what was said of it, `heard` what its workflow knows.

    `closed_by` is empty where its last day closed it. `reminded_on`: the reminders up to that day
    had their turn. `next_at`: when the portal looks again, None while that is not known.
    """

    id: str
    procedure_id: str
    title: str
    plan: Plan
    state: CampaignState
    version: int
    heard: int
    created_by: str
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    next_at: datetime | None
    reminded_on: date | None
    slug: str
    school_year: str

    @property
    def is_open(self) -> bool:
        """Whether families may begin because of it, letters leaving or not."""
        return self.state in (CampaignState.RUNNING, CampaignState.PAUSED)


@dataclass(frozen=True)
class OpenInvitation:
    """What a family is invited to at this moment. `closes_on` is its last day, whole."""

    campaign_id: str
    title: str
    slug: str
    school_year: str
    closes_on: date


class Campaigns:
    """Questions and writes about campaigns. Every change is conditional on what was seen."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(
        self, campaign_id: str, procedure_id: str, title: str, plan: Plan, *, by: str, at: datetime
    ) -> bool:
        """Plan a campaign under an id that its form chose. Twice: once, and False."""
        return await add_once(
            self._db,
            campaigns,
            id=campaign_id,
            procedure_id=procedure_id,
            title=title,
            state=CampaignState.PLANNED.value,
            created_by=by,
            created_at=at,
            version=1,
            **_kept(plan),
        )

    async def find(self, campaign_id: str) -> Campaign:
        """One campaign; NotFound when there is none."""
        return await self._one(_ALL.where(campaigns.c.id == campaign_id))

    async def hold(self, campaign_id: str) -> Campaign:
        """As `find`, and nobody else changes it, or writes in its name, until this ends."""
        held = select(campaigns.c.id).where(campaigns.c.id == campaign_id)
        await self._db.execute(held.with_for_update())
        return await self.find(campaign_id)

    async def all(self) -> Sequence[Campaign]:
        """Every campaign, the latest to open first."""
        query = _ALL.order_by(campaigns.c.opens_on.desc(), campaigns.c.created_at.desc())
        return [_campaign(row) for row in (await self._db.execute(query)).mappings()]

    async def at_work(self) -> Sequence[Campaign]:
        """Those that need a workflow: not closed, or closed and not told so."""
        is_at_work = or_(
            campaigns.c.state != CampaignState.CLOSED.value,
            campaigns.c.heard < campaigns.c.version,
        )
        query = _ALL.where(is_at_work).order_by(campaigns.c.id)
        return [_campaign(row) for row in (await self._db.execute(query)).mappings()]

    async def open_for(self, account_id: str, day: date) -> OpenInvitation | None:
        """What this family is invited to on that day in Paris, the first to end; None if nothing.

        Whether it has begun, or sent, its dossiers of the procedure say.
        """
        query = (
            _ALL.join(campaign_families, campaign_families.c.campaign_id == campaigns.c.id)
            .where(
                campaign_families.c.account_id == account_id,
                campaigns.c.state.in_(_OPEN),
                campaigns.c.opens_on <= day,
                campaigns.c.closes_on >= day,
            )
            .order_by(campaigns.c.closes_on)
            .limit(1)
        )
        row = (await self._db.execute(query)).mappings().first()
        return as_record(OpenInvitation, row, campaign_id=row["id"]) if row else None

    async def change(
        self,
        campaign: Campaign,
        *,
        state: CampaignState | None = None,
        plan: Plan | None = None,
        **values: Any,
    ) -> int:
        """Say something new of a campaign that was seen like this; its new version.

        Raises:
            Stale: somebody said something else in between.
        """
        version = campaign.version + 1
        if state is not None:
            values["state"] = state.value
        done = await self._db.execute(
            update(campaigns)
            .where(campaigns.c.id == campaign.id, campaigns.c.version == campaign.version)
            .values(version=version, **values, **(_kept(plan) if plan else {}))
        )
        if done.rowcount != 1:
            raise Stale
        return version

    async def note(self, campaign: Campaign, **values: Any) -> None:
        """Write down what the campaign's own workflow has done or heard; no new version."""
        await self._db.execute(
            update(campaigns).where(campaigns.c.id == campaign.id).values(**values)
        )

    async def let_begin(self, campaign: Campaign) -> None:
        """Open the procedure to families: the campaign is on. Twice: the same."""
        await self._set_open(campaign, is_open=True)

    async def end_beginnings(self, campaign: Campaign) -> None:
        """Close the procedure to those who have not begun, unless another campaign is on for it.

        What was begun goes on.
        """
        others = select(campaigns.c.id).where(
            campaigns.c.procedure_id == campaign.procedure_id,
            campaigns.c.id != campaign.id,
            campaigns.c.state.in_(_OPEN),
        )
        if (await self._db.execute(others.limit(1))).first() is None:
            await self._set_open(campaign, is_open=False)

    async def _set_open(self, campaign: Campaign, *, is_open: bool) -> None:
        await self._db.execute(
            update(procedures)
            .where(procedures.c.id == campaign.procedure_id)
            .values(is_open=is_open)
        )

    async def _one(self, query: Select[Any]) -> Campaign:
        row = (await self._db.execute(query)).mappings().first()
        if row is None:
            raise NotFound
        return _campaign(row)


_ALL: Select[Any] = (
    select(campaigns, procedures.c.slug, procedures.c.school_year)
    .select_from(campaigns)
    .join(procedures, procedures.c.id == campaigns.c.procedure_id)
)
_LAST_DAYS = "last_days"


def _kept(plan: Plan) -> Mapping[str, Any]:
    """The columns of a plan."""
    days = {who.value: [day.isoformat() for day in days] for who, days in plan.reminders.items()}
    return {
        "opens_on": plan.opens_on,
        "closes_on": plan.closes_on,
        "audience": {name: list(some) for name, some in vars(plan.audience).items()},
        "reminders": {**days, _LAST_DAYS: plan.last_days},
        "words": dict(plan.words),
        "batch_size": plan.batch_size,
        "batch_pause": plan.batch_pause,
    }


def _campaign(row: RowMapping) -> Campaign:
    reminders = dict(row["reminders"])
    last_days = reminders.pop(_LAST_DAYS)
    plan = Plan(
        opens_on=row["opens_on"],
        closes_on=row["closes_on"],
        audience=Audience(**{name: tuple(some) for name, some in row["audience"].items()}),
        reminders={
            Position(who): tuple(date.fromisoformat(day) for day in days)
            for who, days in reminders.items()
        },
        words=row["words"],
        last_days=last_days,
        batch_size=row["batch_size"],
        batch_pause=row["batch_pause"],
    )
    state = CampaignState(row["state"])
    rest = {name: value for name, value in row.items() if name != "state"}
    return as_record(Campaign, rest, plan=plan, state=state)
