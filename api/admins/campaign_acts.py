"""What an admin does with a campaign: pause, resume, extend, close; each asked first, then done.

Each is written down before its workflow hears of it; when the engine is away, it hears later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.confirming import Confirmed
from api.access.kept_forms import typed_before
from api.access.rules import Admin
from api.admins.campaign import campaign_of
from api.admins.campaign_forms import LONGEST, read_day
from api.admins.campaign_view import badge_of, dates_of
from api.admins.campaigns import HERE
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell, Writing
from api.pages import Pages
from domain.audit import What
from domain.campaigns import CampaignState, can_extend, ends_at
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.french import day
from storage.campaigns import Campaign
from storage.store import Store

router = APIRouter(prefix="/campagnes/{campaign_id}/{act}")


@dataclass(frozen=True)
class Act:
    """One thing to do: its word for the workflow, its line in the journal, and how it reads."""

    signal: str
    what: What
    title: str
    button: str
    done: str
    from_states: frozenset[CampaignState]
    to: CampaignState | None = None
    sentences: tuple[str, ...] = ()


_AT_WORK = frozenset({CampaignState.PLANNED, CampaignState.RUNNING, CampaignState.PAUSED})
ACTS: Final[Mapping[str, Act]] = {
    "pause": Act(
        "pause",
        What.CAMPAIGN_PAUSED,
        "Mettre la campagne en pause",
        "Mettre en pause",
        "La campagne est en pause : aucun courrier ne part.",
        frozenset({CampaignState.RUNNING}),
        CampaignState.PAUSED,
        (
            "Aucune invitation et aucun rappel ne part plus, jusqu’à la reprise.",
            "Les familles peuvent toujours commencer, continuer et envoyer leur dossier.",
            "Le dernier jour ne change pas.",
        ),
    ),
    "reprise": Act(
        "resume",
        What.CAMPAIGN_RESUMED,
        "Reprendre la campagne",
        "Reprendre",
        "La campagne reprend : les courriers repartent.",
        frozenset({CampaignState.PAUSED}),
        CampaignState.RUNNING,
        (
            "Les invitations repartent où elles s’étaient arrêtées.",
            "Des rappels tombés pendant la pause, chaque famille reçoit le dernier seulement.",
        ),
    ),
    "prolongation": Act(
        "extend",
        What.CAMPAIGN_EXTENDED,
        "Prolonger la campagne",
        "Prolonger",
        "La campagne est prolongée.",
        _AT_WORK,
        None,
        (
            "Les familles peuvent commencer jusqu’au nouveau dernier jour compris.",
            "Le dernier rappel se déplace avec lui.",
        ),
    ),
    "fin": Act(
        "close",
        What.CAMPAIGN_CLOSED,
        "Terminer la campagne maintenant",
        "Terminer maintenant",
        "La campagne est terminée.",
        _AT_WORK,
        CampaignState.CLOSED,
        (
            "Plus aucune famille ne peut commencer, et aucun courrier ne part plus.",
            "Les dossiers commencés ou envoyés continuent : rien n’est perdu.",
            "On ne peut pas revenir en arrière.",
        ),
    ),
}
_TOO_LATE = "La campagne a changé entre-temps. Voici où elle en est maintenant."
_NOT_LATER = "Choisissez un jour après le dernier jour actuel, par exemple 28/02/2027."
_TOO_LATE_A_DAY = "Choisissez un jour dans l’année qui vient."


@router.get("")
async def ask(
    _: Admin, request: Request, campaign_id: str, act: str, store: Reading, pages: PagesDep
) -> Response:
    """Say what it would do, and ask."""
    wanted = _act(act)
    campaign = await campaign_of(store, campaign_id)
    if campaign.state not in wanted.from_states:
        return RedirectResponse(f"{HERE}/{campaign.id}", 303)
    before = typed_before(request, request.url.path)
    return _page(request, pages, campaign, act, values=dict(before))


@router.post("")
async def do(
    visitor: Admin,
    request: Request,
    campaign_id: str,
    act: str,
    form: CheckedForm,
    _: Confirmed,
    house: HouseDep,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Do it. Twice: once. Of two admins at once, the second reads what the first has done."""
    wanted, until = _act(act), read_day(form, "until")
    async with writing() as store:
        await campaign_of(store, campaign_id)
        campaign = await store.campaigns.hold(campaign_id)
        wrong = _why_not(campaign, wanted, form.get("seen", ""), until, now)
        if wrong is None:
            version = await _write(store, campaign, wanted, until, by=visitor.account.id, at=now)
            facts = {"until": until.isoformat()} if wanted.signal == "extend" and until else {}
            await store.audit.add(line_of(request, wanted.what, subject=campaign.id, **facts))
    if wrong:
        return _page(request, pages, campaign, act, values=form, errors={"until": wrong})
    if wrong is None:
        house.after_the_answer(house.gateway.tell_campaign(campaign_id, wanted.signal, version))
        await tell("success", wanted.done)
    else:
        await tell("attention", _TOO_LATE)
    return RedirectResponse(f"{HERE}/{campaign_id}", 303)


def _why_not(
    campaign: Campaign, act: Act, seen: str, until: date | None, at: datetime
) -> str | None:
    """None when it can be done; what to correct; "" when there is nothing to do any more.

    An end that came while it was being said has not come: the moment of saying counts.
    """
    if act.signal != "extend":
        return None if campaign.state in act.from_states else ""
    plan = campaign.plan
    if campaign.closed_by is not None or at >= ends_at(plan):
        return ""
    if seen != plan.closes_on.isoformat():
        return "" if until == plan.closes_on else _changed(campaign)
    if until is None or not can_extend(plan, until, at, None):
        return _NOT_LATER
    return None if until <= paris_day(at) + LONGEST else _TOO_LATE_A_DAY


async def _write(
    store: Store, campaign: Campaign, act: Act, until: date | None, *, by: str, at: datetime
) -> int:
    """Write it down and give the campaign's new version, which its workflow is told."""
    if act.signal == "extend" and until is not None:
        plan = replace(campaign.plan, closes_on=until)
        if campaign.state is CampaignState.CLOSED:
            # It was said before the end, which came in between: the end has not happened.
            await store.campaigns.let_begin(campaign)
            return await store.campaigns.change(
                campaign, state=CampaignState.RUNNING, plan=plan, closed_at=None
            )
        return await store.campaigns.change(campaign, plan=plan)
    if act.to is CampaignState.CLOSED:
        version = await store.campaigns.change(
            campaign, state=act.to, closed_at=at, closed_by=by, next_at=None
        )
        await store.campaigns.end_beginnings(campaign)
        return version
    return await store.campaigns.change(campaign, state=act.to)


def _changed(campaign: Campaign) -> str:
    return (
        f"Entre-temps, le dernier jour a été fixé au {day(campaign.plan.closes_on)}. "
        "Gardez-le, ou choisissez de nouveau."
    )


def _act(name: str) -> Act:
    if name not in ACTS:
        raise NotFound
    return ACTS[name]


def _page(
    request: Request,
    pages: Pages,
    campaign: Campaign,
    name: str,
    *,
    values: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
) -> Response:
    act = ACTS[name]
    return pages.ask(
        request,
        "admins/campaign_act.html",
        campaign=campaign,
        badge=badge_of(campaign),
        dates=dates_of(campaign.plan),
        back=f"{HERE}/{campaign.id}",
        action=f"{HERE}/{campaign.id}/{name}",
        act=act,
        asks_day=act.signal == "extend",
        seen=campaign.plan.closes_on.isoformat(),
        values=values,
        errors=errors,
    )
