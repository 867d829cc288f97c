"""One campaign: how far its families are, who stopped where, its letters, and the list to keep."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from activities.campaign_letters import CampaignLetters
from api.access.confirming import Confirmed
from api.access.rules import Admin
from api.admins.campaign_forms import LETTER_WORDS
from api.admins.campaign_view import (
    STEPS,
    STOPPED,
    audience_of,
    badge_of,
    dates_of,
    family_row,
    funnel_rows,
    letter_rows,
    next_of,
    pace_of,
    reminders_of,
)
from api.admins.campaigns import HERE
from api.audit import line_of
from api.csv_files import csv_answer
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Writing
from domain.audit import What
from domain.campaigns import CampaignState, Step
from domain.errors import NotFound
from domain.french import short_day
from storage.campaigns import Campaign
from storage.records import is_id
from storage.store import Store

router = APIRouter(prefix="/campagnes/{campaign_id}")

_PER_PAGE = 50
_MOST_EXPORTED = 20_000
_HEADS = ("Famille", "Adresse mail", "Étape", "Dossier", "Invitation", "Rappels")


@router.get("")
async def show(
    _: Admin,
    request: Request,
    campaign_id: str,
    house: HouseDep,
    store: Reading,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Show where the campaign stands, and what can be done about it."""
    campaign = await campaign_of(store, campaign_id)
    here = f"{HERE}/{campaign.id}"
    reach = None
    if campaign.state is CampaignState.PLANNED:
        reach = await store.campaign_families.reach(campaign.plan.audience, now)
    letters = await CampaignLetters(house.writer).preview(store, campaign)
    return pages.render(
        request,
        "admins/campaign.html",
        here=here,
        campaign=campaign,
        state=campaign.state.value,
        badge=badge_of(campaign),
        dates=dates_of(campaign.plan),
        audience=audience_of(campaign.plan, await store.town.schools()),
        next=next_of(campaign, now),
        reach=reach,
        pace=pace_of(campaign.plan, reach.families) if reach else "",
        reminders=reminders_of(campaign.plan),
        funnel=funnel_rows(await store.campaign_families.funnel(campaign, now), here),
        written=letter_rows(await store.campaign_families.letter_counts(campaign.id)),
        letters=[
            {"label": LETTER_WORDS[letter], "subject": subject, "text": text}
            for letter, (subject, text) in letters.items()
        ],
    )


@router.get("/familles")
async def families(
    _: Admin,
    request: Request,
    campaign_id: str,
    store: Reading,
    pages: PagesDep,
    now: Now,
    etape: str = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show the families that stopped at a step, by name."""
    campaign = await campaign_of(store, campaign_id)
    step = Step(etape) if etape in set(Step) else Step.INVITED
    funnel = await store.campaign_families.funnel(campaign, now)
    rows = funnel_rows(funnel, f"{HERE}/{campaign.id}")
    total = next(one["stopped"] for one in rows if one["step"] == step)
    found = await store.campaign_families.at_step(
        campaign, step, limit=_PER_PAGE, offset=(page - 1) * _PER_PAGE
    )
    return pages.render(
        request,
        "admins/campaign_families.html",
        campaign=campaign,
        here=f"{HERE}/{campaign.id}",
        tabs=[
            {
                "label": STOPPED[Step(one["step"])].capitalize(),
                "href": one["href"],
                "count": one["stopped"],
                "current": one["step"] == step,
            }
            for one in rows
        ],
        title=STOPPED[step],
        families=[family_row(one) for one in found],
        step=step.value,
        page=page,
        pages=max(1, -(-total // _PER_PAGE)),
    )


@router.post("/export")
async def export(
    _admin: Admin,
    request: Request,
    campaign_id: str,
    form: CheckedForm,
    _: Confirmed,
    store: Reading,
    writing: Writing,
    now: Now,
) -> Response:
    """Send every family with its step as one CSV file, and write down that it left."""
    del form
    campaign = await campaign_of(store, campaign_id)
    found = await store.campaign_families.at_step(campaign, limit=_MOST_EXPORTED)
    async with writing() as unit:
        await unit.audit.add(
            line_of(request, What.CAMPAIGN_EXPORTED, subject=campaign.id, families=str(len(found)))
        )
    rows = [
        (
            str(row["name"]),
            str(row["email"]),
            STEPS[one.step],
            one.number,
            short_day(one.invited_at),
            str(one.reminders),
        )
        for one in found
        for row in [family_row(one)]
    ]
    return csv_answer(f"campagne-{now:%Y-%m-%d}", _HEADS, rows)


async def campaign_of(store: Store, campaign_id: str) -> Campaign:
    """The campaign of this address; NotFound when there is none."""
    if not is_id(campaign_id):
        raise NotFound
    return await store.campaigns.find(campaign_id)
