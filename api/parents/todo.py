"""What a family has to do, the nearest date first."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from api.standing import child_of, waits_for_family
from domain import french
from domain.deadlines import last_day
from domain.kinds.catalogue import RULES
from domain.states import State
from storage.dossiers import Dossier

_FAR = datetime.max.replace(tzinfo=UTC)


def todo_of(
    dossiers: Sequence[Dossier], asked: Mapping[str, Sequence[str]], at: datetime
) -> Sequence[Mapping[str, Any]]:
    """One line per dossier that waits for the family, for the macro `todo_list`.

    What the town asked comes first: a draft's date is months away. `asked` are the pieces asked,
    by dossier.
    """
    waiting = sorted(
        (one for one in dossiers if waits_for_family(one)),
        key=lambda one: (one.state is State.DRAFT, one.due_at or _FAR),
    )
    return [
        _draft(one, at) if one.state is State.DRAFT else _asked(one, asked.get(one.id, ()))
        for one in waiting
    ]


def _draft(dossier: Dossier, at: datetime) -> Mapping[str, Any]:
    began = french.ago(at, dossier.opened_at)
    return {
        "title": f"Finir le dossier {french.of(child_of(dossier))}",
        "detail": f"Commencé {began}. Rien n’est encore envoyé.",
        "href": f"/dossiers/{dossier.id}",
        "action": "Continuer",
    }


def _asked(dossier: Dossier, pieces: Sequence[str]) -> Mapping[str, Any]:
    titles = {rule.piece.code: rule.piece.title for rule in RULES[dossier.kind].pieces}
    names = ", ".join(titles.get(code, code) for code in pieces)
    limit = f"Avant la fin du {french.day(last_day(dossier.due_at))}." if dossier.due_at else ""
    words = f"Il manque {french.plural(len(pieces), 'document')}" if pieces else "À compléter"
    return {
        "title": f"Compléter le dossier {french.of(child_of(dossier))}",
        "badge": ("alert", "!", words),
        "detail": " ".join(part for part in (limit, f"{names}." if names else "") if part),
        "href": f"/dossiers/{dossier.id}",
        "action": "Compléter",
    }
