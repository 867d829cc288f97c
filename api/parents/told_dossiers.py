"""The dossiers, beside a child's registration, of which its other guardian is told: as cards."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from api.parents.shared_words import called, standing_for_the_other
from api.parents.todo import DATED, Task
from domain import french
from domain.deadlines import last_day
from storage.shared_dossiers import SharedChild, SharedDossier

_LATELY = timedelta(days=30)
_MOST_SHOWN = 4


def told_card(dossier: SharedDossier) -> Mapping[str, Any]:
    """One of them as a card, for the macro `child_card`."""
    standing, child = standing_for_the_other(dossier), dossier.child_first_name or "cet enfant"
    return {
        "name": dossier.title,
        "detail": f"Pour {child}, envoyée le {french.day(dossier.submitted_at)}",
        "state": standing.badge,
        "state_words": standing.badge_words,
        "sentence": standing.sentence,
        "links": [(f"Voir la démarche : {dossier.title}", f"/enfants/{dossier.id}")],
    }


def told_of(told: Sequence[SharedDossier], registration: str) -> Sequence[SharedDossier]:
    """Those about the child of this registration."""
    return [one for one in told if any(registration in kid.registrations for kid in one.children)]


def lately(told: Sequence[SharedDossier], at: datetime) -> Sequence[SharedDossier]:
    """The latest ones that were sent within a month, or on which nothing is decided."""
    some = [one for one in told if not one.state.is_closed or at - one.submitted_at < _LATELY]
    return some[:_MOST_SHOWN]


def signatures(shared: Sequence[SharedDossier], at: datetime) -> Sequence[Task]:
    """What waits for this guardian's signature, while there is time to give it."""
    return [
        _to_sign(one, one.sign_until)
        for one in shared
        if one.sign_until and at < one.sign_until and not one.state.is_closed
    ]


def _to_sign(dossier: SharedDossier, until: datetime) -> Task:
    line = {
        "title": f"Donner votre accord pour {called(dossier)['it']}",
        "detail": f"{dossier.title}. Avant la fin du {french.day(last_day(until))}.",
        "href": f"/enfants/{dossier.id}",
        "action": "Lire et répondre",
    }
    return (DATED, until), line


def roads_to(dossier: SharedDossier) -> Sequence[tuple[str, str]]:
    """The ways back from such a dossier to its children's pages; none from a registration."""
    return [(f"/enfants/{one.registrations[0]}", _page_of(one)) for one in dossier.children]


def _page_of(child: SharedChild) -> str:
    return f"Dossier {french.of(child.first_name or 'cet enfant')}"
