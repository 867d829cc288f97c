"""The answers as the macro `recap_list` draws them, with the way to correct each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from api.answers_view import Group, Row

_NOTHING = frozenset({"", "Non"})
_ASKED = ("enfants", "ecole-")


def is_said(row: Row) -> bool:
    """Whether the row says something, or has to: not left empty, nor a box left unticked."""
    return bool(row.missing) or row.value not in _NOTHING


def is_as_known(group: Group) -> bool:
    """Whether a page that started filled in says what the town knew: it need not be read again.

    Not which children are enrolled, nor where: that is what is asked for.
    """
    is_asked = group.code.startswith(_ASKED)
    return not is_asked and not any(row.is_changed or row.missing for row in group.rows)


def recap_of(group: Group, address: str = "", *, is_short: bool = False) -> Mapping[str, Any]:
    """One page of answers; without `address` it is read only.

    `address` is that of the page of questions; the way back leads to the recap. One that `is_short`
    leaves out what was left empty, where at least one answer is there.
    """
    if is_short and any(is_said(row) for row in group.rows):
        group = replace(group, rows=tuple(row for row in group.rows if is_said(row)))
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
