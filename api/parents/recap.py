"""The answers as the macro `recap_list` draws them, with the way to correct each."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.answers_view import Group


def recap_of(group: Group, address: str = "") -> Mapping[str, Any]:
    """One page of answers; without `address` it is read only.

    `address` is that of the page of questions; the way back leads to the recap.
    """
    return {"title": group.title, "rows": _rows(group, address)}


def _rows(group: Group, address: str) -> Sequence[Mapping[str, Any]]:
    if not group.rows:
        way = {"href": f"{address}?retour=verifier"} if address else {}
        return [{"label": group.title, "value": "", **way}]
    return [
        {
            "label": row.label,
            "value": row.value,
            **({"href": f"{address}?retour=verifier#{row.name}"} if address else {}),
            **({"missing": "À corriger" if row.value else "À compléter"} if row.missing else {}),
        }
        for row in group.rows
    ]
