"""Which answers a piece proves: what an agent reads beside it."""

from collections.abc import Mapping, Sequence
from typing import Final

from api.answers_view import Group, Row
from api.staff.labels import for_agents

_ALL: Final = ""
_PROVES: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    # piece: (page of questions, question; all of the page when it is empty)
    "child_identity": (("enfant", _ALL),),
    "guardian_identity": (("vous", "first_name"), ("vous", "last_name"), ("vous", "relation")),
    "other_guardian_identity": (("autre-parent", _ALL),),
    "proof_of_address": (("vous", "first_name"), ("vous", "last_name"), ("adresse", _ALL)),
    "hosting_statement": (("situation", "host_name"), ("adresse", _ALL)),
    "court_ruling": (("situation", "separated"), ("autre-parent", _ALL)),
    "leaving_certificate": (("situation", "previous_school"), ("enfant", _ALL)),
}
_NOTHING_SAID = "pas de réponse"

Declared = tuple[str, str, str]
"""A row of the macro `declared`: label, value, and what it was if the family changed it."""


def proven_by(piece: str, groups: Sequence[Group]) -> Sequence[Declared]:
    """The answers this piece proves; none for a piece that proves nothing in particular."""
    wanted = _PROVES.get(piece, ())
    by_code = {group.code: group for group in groups}
    return [
        declared(row)
        for page, question in wanted
        if page in by_code
        for row in by_code[page].rows
        if question in (_ALL, row.name) and (row.value or row.is_changed)
    ]


def declared(row: Row) -> Declared:
    """One answer beside a document."""
    before = for_agents(row.before) or _NOTHING_SAID
    return for_agents(row.label), for_agents(row.value), before if row.is_changed else ""


def changes(groups: Sequence[Group]) -> Sequence[Declared]:
    """Every answer the family changed since it first sent the dossier."""
    return [declared(row) for group in groups for row in group.rows if row.is_changed]
