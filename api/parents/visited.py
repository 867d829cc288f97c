"""What an agent on a visit sees of a family's pages: what the agent's duties open, and no more.

For the family itself nothing is left out.
"""

from collections.abc import Callable, Sequence

from api.access.rules import Visitor, covers
from api.answers_view import Groups
from domain.errors import NotFound
from domain.questions import Section, Values
from domain.rights import EVERY_GROUP
from storage.changes import CHANGE, AskedChange
from storage.dossiers import Dossier
from storage.family_record import RecordedChild
from storage.households import Child
from storage.town import Procedure


def dossiers_for(visitor: Visitor, dossiers: Sequence[Dossier]) -> Sequence[Dossier]:
    """Those of the family's dossiers that whoever is there may see."""
    agent = visitor.behind
    return [one for one in dossiers if agent is None or covers(agent, one.department)]


def _seen_by(visitor: Visitor, dossiers: Sequence[Dossier]) -> Callable[[str | None], bool]:
    """Whether whoever is there sees what hangs on a dossier of that id; the family sees all."""
    if visitor.behind is None:
        return lambda _: True
    return {one.id for one in dossiers_for(visitor, dossiers)}.__contains__


def changes_for(
    visitor: Visitor, asked: Sequence[AskedChange], dossiers: Sequence[Dossier]
) -> Sequence[AskedChange]:
    """Those of the changes asked for whose dossier whoever is there may see."""
    is_seen = _seen_by(visitor, dossiers)
    return [one for one in asked if is_seen(one.dossier_id)]


def procedures_for(visitor: Visitor, procedures: Sequence[Procedure]) -> Sequence[Procedure]:
    """Those of the town's procedures that whoever is there may begin."""
    agent = visitor.behind
    return [one for one in procedures if agent is None or covers(agent, one.department)]


def refuse_unless_open_to(visitor: Visitor, procedure: Procedure) -> None:
    """Refuse a procedure that the agent has no duty for; NotFound, as if there were none.

    What changes a family's file begins there, not with a first page.
    """
    if procedure.kind == CHANGE or not procedures_for(visitor, [procedure]):
        raise NotFound


def children_for(
    visitor: Visitor, children: Sequence[Child], dossiers: Sequence[Dossier]
) -> Sequence[Child]:
    """Those of the family's children whose dossier whoever is there may see."""
    is_seen = _seen_by(visitor, dossiers)
    return [one for one in children if is_seen(one.dossier_id)]


def recorded_for(
    visitor: Visitor, children: Sequence[RecordedChild], dossiers: Sequence[Dossier]
) -> Sequence[RecordedChild]:
    """As `children_for`, of the family's record: also those that the town knew before any."""
    is_seen = _seen_by(visitor, dossiers)
    return [one for one in children if one.dossier_id is None or is_seen(one.dossier_id)]


def name_of(visitor: Visitor) -> Values:
    """The name that the desk was told, for the first page of a family's first dossier."""
    if visitor.behind is None:
        return {}
    first, _, last = visitor.account.name.partition(" ")
    return {"first_name": first, "last_name": last}


def shown_values(section: Section, values: Values, groups: Groups) -> Values:
    """The answers of a page, without those that the reader's groups do not open."""
    closed = _closed(section, groups)
    return {name: "" if name in closed else value for name, value in values.items()}


def typed_over(section: Section, typed: Values, kept: Values, groups: Groups) -> Values:
    """What was typed; an answer that was not shown, and was left empty, stays what it was.

    So does what the portal writes itself, whatever was sent.
    """
    unseen = {name: kept[name] for name in _closed(section, groups) if kept.get(name)}
    mine = {name: kept.get(name, "") for name in section.written_by_the_portal}
    return {**typed, **{name: typed.get(name) or value for name, value in unseen.items()}, **mine}


def _closed(section: Section, groups: Groups) -> frozenset[str]:
    if groups >= EVERY_GROUP:
        return frozenset()
    return frozenset(
        one.name for one in section.fields if one.group is not None and one.group not in groups
    )
