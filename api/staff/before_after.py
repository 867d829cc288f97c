"""What a dossier changes in what the town knew: each answer as it was beside what it is now."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.answers_view import Group
from api.staff.labels import for_agents

NOTHING = "Pas de réponse"


def before_after(groups: Sequence[Group]) -> Mapping[str, Any]:
    """The pages that differ from the opening, answer by answer, and the names of the others.

    `groups` were compared with the answers of the opening. What is reserved for whoever reads is
    told nowhere; `reserved` says whether there is something of the kind.
    """
    return {
        "changed": [
            {
                "title": for_agents(group.title),
                "rows": [
                    tuple(for_agents(one) or NOTHING for one in (row.label, row.before, row.value))
                    for row in group.rows
                    if row.is_changed
                ],
            }
            for group in groups
            if _is_changed(group)
        ],
        "same": [for_agents(group.title) for group in groups if not _is_changed(group)],
        "reserved": any(row.is_reserved for group in groups for row in group.rows),
    }


def _is_changed(group: Group) -> bool:
    return any(row.is_changed for row in group.rows)
