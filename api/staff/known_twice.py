"""Why two accounts may be one family's, in words."""

from collections.abc import Mapping, Sequence

from storage.doubles import NEAR_CHILD, SAME_CHILD, SAME_MAIL, Double

NOBODY = "Famille sans nom"
REASONS: Mapping[str, str] = {
    SAME_CHILD: "Même enfant : {}",
    NEAR_CHILD: "Enfant presque du même nom : {}",
    SAME_MAIL: "Même adresse mail",
}


def known_twice(found: Sequence[Double], account_id: str) -> Sequence[Mapping[str, str]]:
    """What the desk of a dossier says of accounts that may be the same family's."""
    return [
        {
            "why": ", ".join(REASONS[code].format(name) for code, name in one.reasons.items()),
            "owner": (one.second_name if one.first_id == account_id else one.first_name) or NOBODY,
            "href": f"/agent/doublons/{one.first_id}/{one.second_id}",
        }
        for one in found
    ]
