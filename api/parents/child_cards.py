"""A child as a card of a list: one of this family's own, or one that another guardian shares."""

from collections.abc import Mapping
from typing import Any

from api.parents.shared_words import standing_for_the_other
from domain import french
from domain.kinds.registration_questions import GRADES
from domain.states import State
from storage.households import Child
from storage.shared_dossiers import SharedDossier


def own_card(child: Child) -> Mapping[str, Any]:
    """A child of the family; one that the town knew before the portal has no dossier to see."""
    grade = next((one.label for one in GRADES if one.value == child.grade), "")
    card = {
        "name": f"{child.first_name} {child.last_name}".strip(),
        "detail": ", ".join(part for part in (grade, child.school) if part),
    }
    links = [(f"Voir la fiche {french.of(child.first_name)}", f"/famille/enfants/{child.id}")]
    if child.dossier_id is None:
        return {**card, "links": links}
    here = f"/dossiers/{child.dossier_id}"
    links += [("Voir le dossier", here), ("Accès de l’autre parent", f"{here}/acces")]
    return {**card, "state": State.APPROVED, "links": links}


def shared_card(dossier: SharedDossier) -> Mapping[str, Any]:
    """A shared child as a card of a list."""
    standing = standing_for_the_other(dossier)
    child = dossier.child_name or "Enfant"
    return {
        "name": child,
        "detail": "Dossier déposé par l’autre parent",
        "state": standing.badge,
        "state_words": standing.badge_words,
        "sentence": standing.sentence,
        "links": [("Voir " + (dossier.child_first_name or "l’enfant"), f"/enfants/{dossier.id}")],
    }
