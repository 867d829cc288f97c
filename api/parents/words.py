"""What the parent is told after having done something."""

from collections.abc import Sequence

from api.gateway import Kept
from api.uploads import Received
from domain.french import plural
from domain.messages import Outcome

KEPT_BY_THE_TOWN = (
    "C’est gardé. La mairie le recevra dès que le service est rétabli : vous n’avez rien à refaire."
)


def done(outcome: Outcome | Kept, words: str) -> tuple[str, str]:
    """The notice of an act: what was done, or that it is kept while the engine is away."""
    return ("info", KEPT_BY_THE_TOWN) if isinstance(outcome, Kept) else ("success", words)


def told_of(received: Sequence[Received]) -> tuple[str, str]:
    """The notice of a sending of files: what is kept, then what is not, and why."""
    if not received:
        return "attention", "Aucun fichier choisi. Choisissez un fichier, puis envoyez-le."
    kept = [one for one in received if not one.refusal and not one.is_known]
    known = [one for one in received if one.is_known]
    parts = [one.problem for one in received if one.refusal]
    kind = "error" if parts else "success"
    if known:
        parts.insert(0, f"{_names(known)} : déjà donné, rien à refaire.")
    if any(one.is_waiting for one in kept):
        parts.insert(0, f"{_names(kept)} : {KEPT_BY_THE_TOWN[:1].lower()}{KEPT_BY_THE_TOWN[1:]}")
    elif kept:
        parts.insert(0, f"{plural(len(kept), 'fichier gardé', 'fichiers gardés')}.")
    return kind, " ".join(parts)


def problems_of(received: Sequence[Received]) -> str:
    """Why files were refused, for their card; empty when none was."""
    if not received:
        return "Aucun fichier choisi."
    return " ".join(one.problem for one in received if one.refusal)


def _names(received: Sequence[Received]) -> str:
    return ", ".join(f"« {one.name} »" for one in received)
