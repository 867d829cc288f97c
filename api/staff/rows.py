"""One dossier of a list in words: the row of a table, the line of the column beside the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.staff.away import Away
from api.staff.trail import SOON, Trail
from domain.deadlines import last_day, paris_day
from domain.french import of, plural, remaining, short_day
from domain.holds import HoldKind
from domain.states import DECIDED, State
from storage.queue_lines import Line

_FAR_DAYS = 21


@dataclass(frozen=True)
class Row:
    """A row of the macro `queue_table`."""

    href: str
    child: str
    number: str
    procedure: str
    state: str
    state_words: str
    received: str
    due: str
    due_tone: str
    points: str
    follower: str
    decider: str


def table_rows(
    lines: Sequence[Line], trail: Trail, now: datetime, away: Away
) -> Sequence[dict[str, Any]]:
    """The rows of a table of dossiers, as whoever reads it is told of colleagues who are away."""
    return [vars(_row(line, trail, now, away)) for line in lines]


def column_rows(
    lines: Sequence[Line], current_id: str, trail: Trail, now: datetime
) -> Sequence[dict[str, Any]]:
    """The lines of the column beside the desk."""
    return [
        {
            "href": trail.desk_href(line.id),
            "child": child_of(line),
            "detail": f"{points_of(line) or 'rien à signaler'}, {_age(line.submitted_at, now)}",
            "current": line.id == current_id,
        }
        for line in lines
    ]


def child_of(line: Line) -> str:
    """The child's name; a change of the family's file may be about no child."""
    family = f"Famille {of(line.owner_name)}" if line.owner_name else "Enfant sans nom"
    return line.child_name or family


def shown_state(line: Line) -> str:
    """The state as the badge shows it: a complement that came in the review is worth a word."""
    return "completed" if line.state is State.UNDER_REVIEW and line.is_completed else line.state


_HELD: Mapping[str, str] = {
    HoldKind.OBJECTION: "l’autre parent n’est pas d’accord",
    HoldKind.COSIGNATURE: "accord de l’autre parent attendu",
}


def points_of(line: Line) -> str:
    """What deserves a look, in a few words; empty when the checks found nothing."""
    if line.waiting_action:
        return "acte gardé, pas encore appliqué"
    if line.state.is_closed:
        return ""
    points = [
        _HELD.get(line.held, ""),
        plural(line.to_replace, "pièce à remplacer", "pièces à remplacer")
        if line.to_replace
        else "",
        plural(line.doubtful, "point à regarder", "points à regarder") if line.doubtful else "",
        plural(line.unmarked, "pièce à voir", "pièces à voir") if line.unmarked else "",
    ]
    return ", ".join(point for point in points if point)


def due_words(due_at: datetime | None, now: datetime) -> tuple[str, str]:
    """A limit in words, and its tone (`late`, `soon` or empty). The day said is the last to act."""
    if due_at is None:
        return "–", ""
    last = last_day(due_at)
    tone = "late" if due_at <= now else "soon" if due_at < now + SOON else ""
    if not tone and (last - paris_day(now)).days > _FAR_DAYS:
        return short_day(last), ""
    return remaining(paris_day(now), last), tone


def _age(then: datetime, now: datetime) -> str:
    """How many midnights ago, for a narrow column."""
    days = (paris_day(now) - paris_day(then)).days
    return f"{days}\u00a0j" if days else "aujourd’hui"


def _row(line: Line, trail: Trail, now: datetime, away: Away) -> Row:
    due, tone = ("–", "") if line.state.is_closed else due_words(line.due_at, now)
    if line.state is State.AWAITING_FAMILY:
        due, tone = f"la famille : {due}", ""
    return Row(
        href=trail.desk_href(line.id),
        child=child_of(line),
        number=line.number,
        procedure=line.procedure,
        state=shown_state(line),
        state_words=_decided_words(line),
        received=short_day(line.submitted_at),
        due=due,
        due_tone=tone,
        points=_begun(points_of(line)),
        follower=away.follower(line),
        decider=line.decider or _NOBODY.get(line.decision_basis, ""),
    )


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


_NOBODY = {"silence": "Le silence de la mairie", "rule": "La règle de la démarche"}


def _decided_words(line: Line) -> str:
    if line.state not in DECIDED or line.decided_at is None:
        return ""
    word = "Validé" if line.state is State.APPROVED else "Refusé"
    return f"{word} le {short_day(line.decided_at)}"
