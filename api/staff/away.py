"""Who follows a dossier, when that colleague is away: until when, and who stands in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.deadlines import last_day
from domain.french import short_day
from storage.absences import Absence
from storage.queue_lines import Line
from storage.store import Store


@dataclass(frozen=True)
class Away:
    """The colleagues who are away now, as one agent (`viewer_id`) is told of them."""

    viewer_id: str
    absences: Mapping[str, Absence] = field(default_factory=dict)

    def follower(self, line: Line) -> str:
        """Who follows a dossier, for a column; empty when nobody does."""
        absence = self.absences.get(line.follower_id or "")
        if absence is None:
            return line.follower
        if absence.cover_id == self.viewer_id:
            return f"Vous, pour {line.follower} jusqu’au {_end(absence)}"
        return f"{line.follower}, absence jusqu’au {_end(absence)}"

    def following(self, line: Line) -> str:
        """Who follows a dossier, for the desk: « Suivi par Nadia Petit, absence jusqu’au… »."""
        if line.follower_id == self.viewer_id:
            return "Suivi par vous"
        absence = self.absences.get(line.follower_id or "")
        if absence is not None and absence.cover_id == self.viewer_id:
            return f"Suivi par vous, pour {line.follower} jusqu’au {_end(absence)}"
        cover = (
            f", remplacement\u00a0: {absence.cover_name}" if absence and absence.cover_id else ""
        )
        return f"Suivi par {self.follower(line)}{cover}" if line.follower else ""


async def away_of(store: Store, lines: Iterable[Line], viewer_id: str, at: datetime) -> Away:
    """Which of the colleagues who follow these dossiers are away: one question, or none."""
    followers = {one.follower_id for one in lines if one.follower_id} - {viewer_id}
    return Away(viewer_id, await store.absences.away(at, followers) if followers else {})


async def entrusted(store: Store, viewer_id: str, at: datetime) -> Sequence[str]:
    """What an agent is told on the first page of the day: for whom they stand in."""
    return [
        f"Vous remplacez {one.name} jusqu’au {_end(one)}\u00a0: ses dossiers apparaissent avec "
        "les vôtres."
        for one in await store.absences.covered_by(viewer_id, at)
    ]


def _end(absence: Absence) -> str:
    return short_day(last_day(absence.ends_at))
