"""Campaigns in a town that lives, on a real engine: opened, waited for, told what an admin says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from temporalio.client import WorkflowHandle

from domain.campaigns import CampaignState, Funnel, Position
from domain.deadlines import paris_day
from storage.campaigns import Campaign
from storage.clock import now
from storage.tables import letters
from tests.campaigns import a_campaign, a_family, a_plan
from tests.living_town import LivingTown, eventually

DAY = timedelta(days=1)
OPENS_IN = 2 * DAY


@dataclass
class Run:
    """One campaign of a living town, by the words of who follows it."""

    town: LivingTown
    id: str

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.town.skipper.client.get_workflow_handle(f"campaign-{self.id}")

    async def campaign(self) -> Campaign:
        async with self.town.open_store() as store:
            return await store.campaigns.find(self.id)

    async def is_heard(self) -> bool:
        campaign = await self.campaign()
        return campaign.heard == campaign.version

    async def waits(self, time: timedelta) -> None:
        """Let time pass, then until the campaign has done what was due and rests again."""
        await self.town.skipper.fast_forward(self.handle, time)
        await self.rests()

    async def rests(self) -> None:
        async def it_does() -> bool:
            campaign = await self.campaign()
            if campaign.state is CampaignState.CLOSED:
                return campaign.heard == campaign.version
            at = await self.town.skipper.get_current_time(self.handle)
            return campaign.next_at is not None and campaign.next_at > at

        await eventually(it_does, seconds=30, what="the campaign rests")

    async def says(self, word: str, **values: Any) -> None:
        """An admin says something of it: a row, then a signal."""
        async with self.town.open_store() as store:
            version = await store.campaigns.change(await store.campaigns.find(self.id), **values)
        await self.town.gateway.tell_campaign(self.id, word, version)
        await eventually(self.is_heard, what=f"the campaign has heard {word}")

    async def written(self) -> dict[str, list[str]]:
        """The kinds of letters each account was written, without their prefix, in order."""
        found: dict[str, list[str]] = {}
        async with self.town.open_store() as store:
            query = letters.select().where(letters.c.kind.startswith("campaign_"))
            for row in await store.connection.execute(query.order_by(letters.c.created_at)):
                kind = row.kind.removeprefix("campaign_")
                found.setdefault(row.account_id, []).append(kind)
        return found

    async def funnel(self) -> Funnel:
        campaign = await self.campaign()
        async with self.town.open_store() as store:
            return await store.campaign_families.funnel(campaign, now())


async def families_of(town: LivingTown, count: int, **more: Any) -> Sequence[str]:
    """So many families that the town knows, by their accounts."""
    async with town.open_store() as store:
        return [await a_family(store, f"Famille{n:02}", now(), **more) for n in range(count)]


async def begun(town: LivingTown, *, days: int = 10, **changes: Any) -> Run:
    """A campaign that opens in two days and lasts so many."""
    opens = paris_day(now() + OPENS_IN)
    plan = replace(
        a_plan(
            opens_on=opens,
            closes_on=opens + days * DAY,
            reminders={
                Position.NOT_BEGUN: (opens + 14 * DAY, opens + 50 * DAY),
                Position.BEGUN: (opens + 30 * DAY,),
                Position.MISSING: (opens + 40 * DAY,),
            },
        ),
        **changes,
    )
    async with town.open_store() as store:
        campaign = await a_campaign(store, town.sophie.id, now(), plan)
    await town.gateway.tell_campaign(campaign.id)
    run = Run(town, campaign.id)
    await run.rests()
    return run


async def opened(town: LivingTown, *, days: int = 10, **changes: Any) -> Run:
    """The same, with its invitations written."""
    run = await begun(town, days=days, **changes)
    await run.waits(OPENS_IN + timedelta(hours=9))
    return run


async def is_over(run: Run) -> bool:
    """Whether its last day closed it, and its procedure, and its workflow has ended."""
    campaign = await run.campaign()
    async with run.town.open_store() as store:
        procedure = await store.town.procedure(id=campaign.procedure_id)
    assert await run.handle.result() == CampaignState.CLOSED
    return not procedure.is_open and campaign.closed_by is None


def counts(funnel: Funnel) -> tuple[int, ...]:
    """Invited, opened, begun, sent, approved."""
    return funnel.invited, funnel.opened, funnel.begun, funnel.sent, funnel.approved
