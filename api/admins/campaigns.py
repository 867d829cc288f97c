"""Campaigns: all of them, and planning one: written, read over with its letters, then planned."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from activities.campaign_letters import CampaignLetters
from api.access.confirming import Confirmed
from api.access.kept_forms import typed_before
from api.access.rules import Admin
from api.admins.campaign_forms import (
    DEFAULTS,
    LETTER_WORDS,
    Choices,
    Wish,
    choices_of,
    read_wish,
)
from api.admins.campaign_view import audience_of, badge_of, dates_of, pace_of, reminders_of
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import act_id_of
from api.pages import Pages
from domain.audit import What
from domain.campaigns import CampaignState
from domain.deadlines import paris_day
from storage.campaigns import Campaign
from storage.records import new_id

router = APIRouter(prefix="/campagnes")

HERE = "/admin/campagnes"


@router.get("")
async def show(_: Admin, request: Request, store: Reading, pages: PagesDep) -> Response:
    """Show every campaign, the latest first."""
    rows = [
        {
            "href": f"{HERE}/{one.id}",
            "title": one.title,
            "dates": dates_of(one.plan),
            "badge": badge_of(one),
        }
        for one in await store.campaigns.all()
    ]
    return pages.render(request, "admins/campaigns.html", rows=rows)


@router.get("/nouvelle")
async def ask(_: Admin, request: Request, store: Reading, pages: PagesDep) -> Response:
    """Ask what the campaign is to be."""
    before = typed_before(request, f"{HERE}/nouvelle", HERE)
    return _form(request, pages, await choices_of(store), before or DEFAULTS)


@router.post("/nouvelle")
async def read_over(
    visitor: Admin,
    request: Request,
    form: CheckedForm,
    house: HouseDep,
    store: Reading,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Show what would be planned: how many families, which letters. Nothing is written yet."""
    choices = await choices_of(store)
    if form.get("then") == "change":
        return _form(request, pages, choices, form)
    wish, errors = await read_wish(store, form, choices, paris_day(now))
    if wish is None:
        return _form(request, pages, choices, form, errors)
    reach = await store.campaign_families.reach(wish.plan.audience, now)
    campaign = _as_planned(wish, visitor.account.id, now)
    letters = await CampaignLetters(house.writer).preview(store, campaign)
    return pages.render(
        request,
        "admins/campaign_review.html",
        campaign=campaign,
        procedure=wish.procedure,
        dates=dates_of(wish.plan),
        audience=audience_of(wish.plan, choices.schools),
        reach=reach,
        pace=pace_of(wish.plan, reach.families),
        reminders=reminders_of(wish.plan),
        letters=[
            {"label": LETTER_WORDS[letter], "subject": subject, "text": text}
            for letter, (subject, text) in letters.items()
        ],
        typed=[
            (name, value)
            for name in form
            if name not in ("csrf", "then")
            for value in form.getlist(name)
        ],
    )


@router.post("")
async def plan(
    visitor: Admin,
    request: Request,
    form: CheckedForm,
    _: Confirmed,
    house: HouseDep,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Plan the campaign. The same form twice: one campaign."""
    campaign_id = act_id_of(form)
    async with writing() as store:
        choices = await choices_of(store)
        wish, errors = await read_wish(store, form, choices, paris_day(now))
        if wish is not None:
            is_new = await store.campaigns.add(
                campaign_id,
                wish.procedure.id,
                wish.title,
                wish.plan,
                by=visitor.account.id,
                at=now,
            )
            if is_new:
                line = line_of(request, What.CAMPAIGN_PLANNED, subject=campaign_id)
                await store.audit.add(line)
    if wish is None:
        return _form(request, pages, choices, form, errors)
    house.after_the_answer(house.gateway.tell_campaign(campaign_id))
    await tell("success", "La campagne est prévue. Elle s’ouvre seule, à sa date.")
    return RedirectResponse(f"{HERE}/{campaign_id}", 303)


def _form(
    request: Request,
    pages: Pages,
    choices: Choices,
    values: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
) -> Response:
    return pages.ask(
        request,
        "admins/campaign_form.html",
        values=values,
        errors=errors,
        act_id=act_id_of(values),
        **choices.context(),
    )


def _as_planned(wish: Wish, by: str, at: Now) -> Campaign:
    """The campaign as it would be, for whoever reads it over."""
    return Campaign(
        id=new_id(),
        procedure_id=wish.procedure.id,
        title=wish.title,
        plan=wish.plan,
        state=CampaignState.PLANNED,
        version=1,
        heard=0,
        created_by=by,
        created_at=at,
        opened_at=None,
        closed_at=None,
        closed_by=None,
        next_at=None,
        reminded_on=None,
        slug=wish.procedure.slug,
        school_year=wish.procedure.school_year,
    )
