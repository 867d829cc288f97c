"""What a campaign does when its turn comes: it opens, writes a batch of letters, ends.

Storage knows everything: whoever comes after a worker that died, or an engine that was lost, goes
on where it was. A family is written to and noted in one transaction, so never twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio import activity

from activities.campaign_letters import CampaignLetters
from activities.letter_writer import LetterWriter
from domain.campaign_messages import CampaignTurn, Turned
from domain.campaigns import (
    INVITATION,
    CampaignState,
    Position,
    ends_at,
    next_turn,
    office_day,
    opens_at,
    rounds_due,
)
from domain.deadlines import end_of_day
from storage.campaign_families import ToWrite
from storage.campaigns import Campaign
from storage.store import OpenStore, Store

_AT_ONCE = 20
"""Families in one transaction: short enough for whoever waits to write."""
_MOST_WAITING = 2
"""Batches of letters that may wait for the mail server; then none is written."""

Post = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class _Written:
    families: int = 0
    letters: tuple[str, ...] = ()


class CampaignActivities:
    """The portal's hand in a campaign. `post` sees that a letter leaves, in its own time."""

    def __init__(self, open_store: OpenStore, writer: LetterWriter, post: Post) -> None:
        self._open_store = open_store
        self._letters = CampaignLetters(writer)
        self._post = post

    @activity.defn
    async def take_turn(self, turn: CampaignTurn) -> Turned:
        """Open, write at most a batch of letters, or end; say when to come again.

        Twice, or by two at once: nobody is written to twice.
        """
        campaign = await self._keep_its_days(turn)
        is_full = False
        if campaign.state is CampaignState.RUNNING:
            is_full = await self._write_a_batch(campaign, turn.at)
        async with self._open_store() as store:
            campaign = await store.campaigns.hold(campaign.id)
            next_at = _next_at(campaign, turn.at, is_full=is_full)
            await store.campaigns.note(campaign, heard=campaign.version, next_at=next_at)
            if campaign.state is CampaignState.RUNNING and not is_full:
                await store.campaigns.note(campaign, reminded_on=office_day(turn.at))
            funnel = await store.campaign_families.funnel(campaign, turn.at)
        return Turned(campaign.state, funnel, next_at)

    async def _keep_its_days(self, turn: CampaignTurn) -> Campaign:
        """Open on the first day, end after the last, as storage says them now.

        An extension that was written before is therefore obeyed, heard or not.
        """
        async with self._open_store() as store:
            campaign = await store.campaigns.hold(turn.campaign_id)
            if campaign.state is CampaignState.CLOSED:
                return campaign
            end = ends_at(campaign.plan)
            if turn.at >= end:
                await store.campaigns.change(campaign, state=CampaignState.CLOSED, closed_at=end)
                await store.campaigns.end_beginnings(campaign)
            elif campaign.state is CampaignState.PLANNED and turn.at >= opens_at(
                campaign.plan.opens_on
            ):
                await store.campaigns.change(
                    campaign, state=CampaignState.RUNNING, opened_at=turn.at
                )
                await store.campaigns.let_begin(campaign)
            return await store.campaigns.find(campaign.id)

    async def _write_a_batch(self, campaign: Campaign, at: datetime) -> bool:
        """Write a batch; whether there may be more to write after a pause."""
        async with self._open_store() as store:
            waiting = await store.campaign_families.letters_waiting()
        size = campaign.plan.batch_size
        if waiting >= _MOST_WAITING * size:
            return True
        left = size
        while left > 0:
            written = await self._write_some(campaign.id, at, min(left, _AT_ONCE))
            if not written.families:
                return False
            left -= written.families
            await asyncio.gather(*(self._post(letter) for letter in written.letters))
        return True

    async def _write_some(self, campaign_id: str, at: datetime, limit: int) -> _Written:
        """Invite some families; when all are, remind some. Nobody, once it is paused or closed."""
        async with self._open_store() as store:
            campaign = await store.campaigns.hold(campaign_id)
            if campaign.state is not CampaignState.RUNNING:
                return _Written()
            families = await store.campaign_families.to_invite(campaign, at, limit=limit)
            if families:
                return await self._invite(store, campaign, families, at)
            return await self._remind(store, campaign, at, limit)

    async def _invite(
        self, store: Store, campaign: Campaign, families: Sequence[ToWrite], at: datetime
    ) -> _Written:
        facts, letters = await self._letters.facts(store, campaign), list[str]()
        for family in families:
            letter_id = ""
            if family.position is not Position.SENT:
                letter_id = await self._letters.write(
                    store, campaign, family, INVITATION, facts, at=at
                )
                letters += [letter_id] if family.has_mail else []
            await store.campaign_families.note_invited(
                campaign.id, family.account_id, letter_id, at
            )
        return _Written(len(families), tuple(letters))

    async def _remind(self, store: Store, campaign: Campaign, at: datetime, limit: int) -> _Written:
        facts = await self._letters.facts(store, campaign)
        for due in rounds_due(campaign.plan, campaign.reminded_on, office_day(at)):
            families = await store.campaign_families.to_remind(
                campaign,
                due,
                invited_before=end_of_day(due.day - timedelta(days=1)),
                limit=limit,
            )
            letters: list[str] = []
            for family in families:
                if await store.campaign_families.note_reminded(
                    campaign.id, family.account_id, due.day
                ):
                    letter_id = await self._letters.write(
                        store, campaign, family, due.letter, facts, at=at, day=due.day.isoformat()
                    )
                    letters += [letter_id] if family.has_mail else []
            if families:
                return _Written(len(families), tuple(letters))
        return _Written()


def _next_at(campaign: Campaign, at: datetime, *, is_full: bool) -> datetime | None:
    plan = campaign.plan
    if campaign.state is CampaignState.CLOSED:
        return None
    if campaign.state is CampaignState.PLANNED:
        return opens_at(plan.opens_on)
    if campaign.state is CampaignState.PAUSED:
        return ends_at(plan)
    if is_full:
        return min(at + timedelta(seconds=plan.batch_pause), ends_at(plan))
    return next_turn(plan, at)
