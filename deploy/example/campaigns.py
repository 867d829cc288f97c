"""Two campaigns of the example town: one half way through, one planned for next year.

Rows, as the pages and the workflow write them; the letters of weeks ago are not written again.
"""

from datetime import datetime, timedelta

from api.gateway import Gateway
from deploy.example.sharing import account_of
from deploy.example.valbourg import ADMIN, REENROLMENT, UPDATE
from domain.campaigns import CampaignState, Plan, Position, opens_at
from domain.deadlines import paris_day
from storage.store import OpenStore
from storage.town import Procedure

_HALF = timedelta(days=45)
_RUNNING, _PLANNED = "ca" * 16, "cb" * 16
_MANY = 500
_WORDS = {"invitation": "Pensez à l’attestation d’assurance de votre enfant."}


async def tell_of_campaigns(writing: OpenStore, gateway: Gateway, at: datetime) -> None:
    """Families were invited six weeks ago, and have six more to go. Twice: nothing more."""
    today = paris_day(at)
    half_way = Plan(
        today - _HALF,
        today + _HALF,
        reminders={
            Position.NOT_BEGUN: (today - timedelta(days=20), today + timedelta(days=10)),
            Position.BEGUN: (today + timedelta(days=20),),
        },
        words=_WORDS,
    )
    next_year = Plan(today + 3 * _HALF, today + 4 * _HALF, words=_WORDS)
    if await _add(writing, _RUNNING, UPDATE, half_way, at):
        await _invited_weeks_ago(writing, half_way)
    await _add(writing, _PLANNED, REENROLMENT, next_year, at)
    for campaign_id in (_RUNNING, _PLANNED):
        await gateway.tell_campaign(campaign_id)


async def _add(
    writing: OpenStore, campaign_id: str, procedure: Procedure, plan: Plan, at: datetime
) -> bool:
    async with writing() as store:
        admin = await account_of(store, ADMIN)
        known = await store.town.procedure(slug=procedure.slug)
        return await store.campaigns.add(
            campaign_id, known.id, procedure.title, plan, by=admin.id, at=at
        )


async def _invited_weeks_ago(writing: OpenStore, plan: Plan) -> None:
    then = opens_at(plan.opens_on)
    async with writing() as store:
        campaign = await store.campaigns.find(_RUNNING)
        await store.campaigns.change(
            campaign,
            state=CampaignState.RUNNING,
            opened_at=then,
            reminded_on=plan.opens_on + _HALF,
        )
        for family in await store.campaign_families.to_invite(campaign, then, limit=_MANY):
            await store.campaign_families.note_invited(_RUNNING, family.account_id, "", then)
