"""Court rulings for tests."""

from datetime import datetime

from domain.custody import Decision, Effect, Ruling, Somebody
from domain.deadlines import paris_day
from storage.dossiers import Dossier
from storage.records import new_id

LUC = Somebody("Luc Garnier", email="luc@example.org", is_guardian=True)


def a_ruling(
    dossier: Dossier,
    *decisions: Decision,
    by: str,
    at: datetime,
    **changes: object,
) -> Ruling:
    """A ruling of today, recorded from this dossier; without decisions, Luc is kept away."""
    today = paris_day(at)
    facts: dict[str, object] = {
        "id": new_id(),
        "dossier_id": dossier.id,
        "child_id": None,
        "document_id": None,
        "decided_on": today,
        "since": today,
        "until": None,
        "decisions": decisions or (Decision(Effect.NO_CONTACT, LUC),),
        "recorded_at": at,
        "recorded_by": by,
    }
    return Ruling(**{**facts, **changes})  # type: ignore[arg-type]
