"""How a campaign reads: its state, its dates, its audience, its funnel, its letters."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from activities.campaign_letters import PREFIX
from api.admins.campaign_forms import LETTER_WORDS
from domain import french
from domain.campaigns import LETTERS, CampaignState, Funnel, Plan, Position, Step, rounds
from domain.kinds.registration_questions import GRADES
from domain.paper import has_mail
from storage.campaign_families import InvitedFamily
from storage.campaigns import Campaign
from storage.letters import ACCEPTED, ON_PAPER, REFUSED
from storage.town import Facility

STATES: Final[Mapping[CampaignState, tuple[str, str, str]]] = {
    CampaignState.PLANNED: ("neutral", "–", "Prévue"),
    CampaignState.RUNNING: ("ok", "✓", "En cours"),
    CampaignState.PAUSED: ("waiting", "…", "En pause"),
    CampaignState.CLOSED: ("neutral", "–", "Terminée"),
}
STEPS: Final[Mapping[Step, str]] = {
    Step.INVITED: "Ont été invitées",
    Step.OPENED: "Sont venues sur le portail",
    Step.BEGUN: "Ont commencé",
    Step.SENT: "Ont envoyé",
    Step.APPROVED: "Sont acceptées",
}
STOPPED: Final[Mapping[Step, str]] = {
    Step.INVITED: "pas encore venues",
    Step.OPENED: "venues sans commencer",
    Step.BEGUN: "qui n’ont pas encore envoyé",
    Step.SENT: "en attente d’une réponse",
    Step.APPROVED: "terminées",
}
_STOPPED_ALONE: Final[Mapping[Step, str]] = {
    **STOPPED,
    Step.INVITED: "pas encore venue",
    Step.OPENED: "venue sans commencer",
    Step.BEGUN: "qui n’a pas encore envoyé",
    Step.APPROVED: "terminée",
}
_POSITIONS: Final[Mapping[Position, str]] = {
    Position.NOT_BEGUN: "Rien de commencé",
    Position.BEGUN: "Commencé, pas envoyé",
    Position.MISSING: "Il manque un document",
    Position.SENT: "Envoyé",
}


def badge_of(campaign: Campaign) -> tuple[str, str, str]:
    """The state as a badge."""
    return STATES[campaign.state]


def dates_of(plan: Plan) -> str:
    """From when to when, in one line."""
    return f"Du {french.day(plan.opens_on)} au {french.day(plan.closes_on)}"


def audience_of(plan: Plan, schools: Sequence[Facility]) -> str:
    """Which families, in words."""
    audience = plan.audience
    if audience.chosen:
        return french.plural(len(audience.chosen), "famille choisie", "familles choisies")
    if audience.grades:
        names = {one.value: one.label.partition(" (")[0] for one in GRADES}
        return f"Classes : {', '.join(names.get(one, one) for one in audience.grades)}"
    if audience.schools:
        known = {one.id: one.name for one in schools}
        return f"Écoles : {', '.join(known.get(one, 'école fermée') for one in audience.schools)}"
    return "Toutes les familles avec un enfant à l’école"


def reminders_of(plan: Plan) -> Sequence[Mapping[str, str]]:
    """The reminders by day: when, and to whom."""
    return [
        {"day": french.day(one.day), "letter": LETTER_WORDS[one.letter]} for one in rounds(plan)
    ]


def pace_of(plan: Plan, families: int) -> str:
    """How long it takes to write to so many families."""
    seconds = max(0, -(-families // plan.batch_size) - 1) * plan.batch_pause
    batch = french.plural(plan.batch_size, "courrier")
    if seconds < 60:  # noqa: PLR2004
        return "Tout part en moins d’une minute."
    minutes = -(-seconds // 60)
    how_long = french.plural(minutes, "minute") if minutes < 120 else f"{minutes // 60}\u00a0heures"  # noqa: PLR2004
    return f"Par {batch} au plus à la fois : cela dure environ {how_long}."


def next_of(campaign: Campaign, at: datetime) -> str:
    """What the portal does next, in a sentence; empty when nothing."""
    when = campaign.next_at
    if campaign.state is CampaignState.CLOSED or when is None:
        return ""
    if campaign.state is CampaignState.PLANNED:
        return f"Les premières invitations partent le {french.moment(when)}."
    if campaign.state is CampaignState.PAUSED:
        return "Aucun courrier ne part. Les dossiers commencés continuent."
    if when <= at:
        return "Le portail prépare les courriers suivants."
    return f"Le portail regarde de nouveau qui doit recevoir un courrier le {french.moment(when)}."


def funnel_rows(funnel: Funnel, here: str) -> Sequence[Mapping[str, Any]]:
    """One row per step: how many came so far, out of how many, and how many stopped there."""
    rows: list[Mapping[str, Any]] = []
    counts = [funnel.reached(step) for step in Step]
    for step, count, after in zip(Step, counts, [*counts[1:], 0], strict=True):
        share = round(100 * count / funnel.invited) if funnel.invited else 0
        rows.append(
            {
                "step": step.value,
                "label": STEPS[step],
                "count": count,
                "share": share,
                "stopped": count - after,
                "stopped_words": french.plural(
                    count - after, f"famille {_STOPPED_ALONE[step]}", f"familles {STOPPED[step]}"
                ),
                "href": f"{here}/familles?etape={step.value}",
            }
        )
    return rows


def letter_rows(counts: Mapping[tuple[str, str], int]) -> Sequence[Mapping[str, Any]]:
    """One row per kind of letter: how many were written, and what became of them."""
    rows: list[Mapping[str, Any]] = []
    for letter in LETTERS:
        mine = {status: n for (kind, status), n in counts.items() if kind == f"{PREFIX}{letter}"}
        if mine:
            on_paper = sum(mine.get(status, 0) for status in ON_PAPER)
            rows.append(
                {
                    "label": LETTER_WORDS[letter],
                    "written": sum(mine.values()),
                    "accepted": mine.get(ACCEPTED, 0),
                    "on_paper": on_paper,
                    "refused": mine.get(REFUSED, 0),
                }
            )
    return rows


def family_row(family: InvitedFamily) -> Mapping[str, Any]:
    """One family of the list."""
    return {
        "name": family.name or "Famille sans nom",
        "href": f"/admin/mails/{family.letter_id}" if family.letter_id else "",
        "email": family.email if has_mail(family.email) else "Sans adresse mail",
        "number": family.number,
        "where": _POSITIONS[family.position]
        if family.step in (Step.BEGUN, Step.SENT)
        else STEPS[family.step],
        "invited": french.short_day(family.invited_at),
        "reminders": family.reminders,
    }
