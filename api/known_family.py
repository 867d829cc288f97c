"""What the town knows of a family, as the answers that its actualisation starts with.

The record of the family comes first, then what the children's health records say, then what the
family answered last: nobody types twice what the town knows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.access.rules import covers
from domain.consents import FIELDS as IMAGE_FIELDS
from domain.deadlines import paris_day
from domain.health import HealthRecord, told_before
from domain.kinds.actualisation import RULES, grade_after
from domain.kinds.actualisation_questions import CHILDREN, MOST_CHILDREN, chosen
from domain.paper import shown_address
from domain.questions import Answers, Values, as_day, is_of_age
from domain.school_years import school_year_of
from domain.states import State
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.family_record import Contact, FamilyRecord, RecordedChild, RecordedGuardian
from storage.store import Store
from storage.town import Procedure

_TELLING = frozenset({"registration", "actualisation"})
_IMAGES = tuple(one.name for one in IMAGE_FIELDS)
_KEPT_SITUATION = ("hosted", "host_name", "separated", "non_resident", "residence_reason")


@dataclass(frozen=True)
class _Latest:
    """What the family sent last, and on which day; nothing for one that never sent anything."""

    answers: Answers
    day: date | None = None


def may_know(agent: Account | None, dossiers: Sequence[Dossier]) -> bool:
    """Whether what the town knows of the family with these dossiers is open to this agent.

    Always to the family itself (None); to whoever has a duty for one that was sent. A draft that
    the desk begins itself opens nothing. While nothing was sent, as of a family known by a list: to
    any agent to whom no draft is closed.
    """
    if agent is None:
        return True
    sent = [one for one in dossiers if one.submitted_at is not None]
    if not sent:
        return all(covers(agent, one.department) for one in dossiers)
    return any(covers(agent, one.department) for one in sent)


async def known_family(
    store: Store, account: Account, procedure: Procedure, today: date, *, agent: Account | None
) -> Answers | None:
    """The pages that an actualisation of this procedure starts with.

    None for a family of which the town knows no child that may be enrolled, or nothing that the
    agent may know. For an `agent` at the desk, without what another department was told, and
    without any reserved answer: the person who is there says it, and the desk reads nothing of it
    that was said before.
    """
    record = await store.family_record.of(account.id)
    written = _children(record, today)[:MOST_CHILDREN] if record else []
    every = await store.dossiers.of_account(account.id)
    if record is None or not written or not may_know(agent, every):
        return None
    dossiers = [
        one
        for one in every
        if one.kind in _TELLING and (agent is None or covers(agent, one.department))
    ]
    latest = await _latest(store, dossiers)
    years = await _years_of(store, dossiers, record, today)
    health = await store.health_records.of_each([one.id for one in written])
    wanted = procedure.school_year
    children = [one.in_year(wanted) for one in written]
    for one in written:
        if (held := one.held_in(wanted)) is not None:
            years[one.id] = held.school_year
    grades = {
        one.id: grade_after(one.grade, _first(wanted) - _first(years[one.id])) for one in children
    }
    pages: Answers = {
        CHILDREN: {
            **_choice(children, grades, latest.day),
            **({"town_form": "yes"} if await store.town_forms.of_procedure(procedure.id) else {}),
        },
        "foyer": {name: getattr(record, name) for name in _names("foyer")},
        "vous": _you(record.owner, account),
        **other_parent_in(record, latest.answers),
        "situation": {
            name: latest.answers.get("situation", {}).get(name, "") for name in _KEPT_SITUATION
        },
        **{
            code: values
            for place, child in enumerate(children, 1)
            for code, values in _pages_of(
                place, child, grades[child.id], health.get(child.id), today
            ).items()
        },
        "quotient": dict(latest.answers.get("quotient", {})),
    }
    return pages if agent is None else _open_ones(pages)


def _open_ones(pages: Answers) -> Answers:
    """These pages without their reserved answers; a page of which nothing is left is to be asked.

    What the desk types itself is open to it until it is sent: that is no way to a record.
    """
    known = {}
    for code, values in pages.items():
        closed = {one.name for one in RULES.section(code).fields if one.group is not None}
        left = {name: value for name, value in values.items() if name not in closed}
        if left or not values:
            known[code] = left
    return known


def _children(record: FamilyRecord, today: date) -> Sequence[RecordedChild]:
    """Those who are not of age: at eighteen nobody enrols them any more."""
    return [
        one
        for one in record.children
        if (born := as_day(one.birth_date)) is None or not is_of_age(born, today)
    ]


async def _latest(store: Store, dossiers: Sequence[Dossier]) -> _Latest:
    sent = [one for one in dossiers if one.submitted_at is not None]
    last = max(sent, key=lambda one: one.submitted_at or one.opened_at, default=None)
    if last is None:
        return _Latest({})
    answers = await store.dossiers.answers(last.id)
    return _Latest(answers, paris_day(last.submitted_at or last.opened_at))


async def _years_of(
    store: Store, dossiers: Sequence[Dossier], record: FamilyRecord, today: date
) -> dict[str, str]:
    """The school year that each child's own class is of: the last that was decided, else today's.

    Whatever was decided of one of the child's `years` is written there, and not in its own class.
    """
    beside = {one.id: {year.school_year for year in one.years} for one in record.children}
    years = {one.id: school_year_of(today) for one in record.children}
    registered = {one.dossier_id: one.id for one in record.children if one.dossier_id}
    approved = [one for one in dossiers if one.state is State.APPROVED]
    for dossier in sorted(approved, key=lambda one: one.decided_at or one.opened_at):
        ids = [registered[dossier.id]] if dossier.id in registered else []
        if dossier.kind == RULES.kind:
            ids = list(chosen(await store.dossiers.answers(dossier.id)).values())
        if ids:
            procedure = await store.town.procedure(id=dossier.procedure_id)
            year = procedure.school_year
            years |= {one: year for one in ids if one in years and year not in beside[one]}
    return years


def _first(school_year: str) -> int:
    begins = school_year.partition("-")[0]
    return int(begins) if begins.isdecimal() else 0


def _names(code: str) -> Sequence[str]:
    return [one.name for one in RULES.section(code).fields]


def _choice(
    children: Sequence[RecordedChild], grades: Mapping[str, str], checked: date | None
) -> Values:
    """The page of the children: all of them, but for those who have left the town's schools."""
    firsts = Counter(one.first_name for one in children)
    page = {"checked_on": checked.isoformat() if checked else ""}
    for place, child in enumerate(children, 1):
        is_alone = firsts[child.first_name] == 1
        stays = bool(grades[child.id]) or not child.grade
        page |= {
            f"child_{place}": child.id,
            f"name_{place}": child.name,
            f"first_{place}": child.first_name if is_alone else child.name,
            f"update_{place}": "yes" if stays else "",
        }
    return page


def _you(owner: RecordedGuardian | None, account: Account) -> Values:
    first, _, last = account.name.partition(" ")
    return {
        "first_name": owner.first_name if owner else first,
        "last_name": owner.last_name if owner else last,
        "email": shown_address(account.email),
        "phone": owner.phone if owner else "",
        "profession": owner.profession if owner else "",
    }


def other_parent_in(record: FamilyRecord, latest: Answers) -> Answers:
    """The page of the other parent; `latest` is what the family said last.

    None, and the question is asked, where neither the record nor the family tells.
    """
    said = latest.get("autre-parent", {})
    other = next(iter(record.others), None)
    if other is None:
        return {"autre-parent": said} if said.get("has_other") in {"no", "unsaid"} else {}
    names = ("first_name", "last_name", "relation", "phone", "email")
    known = {name: getattr(other, name) for name in names}
    return {"autre-parent": {"has_other": "yes", **known, "address": said.get("address", "")}}


def _pages_of(
    place: int, child: RecordedChild, grade: str, health: HealthRecord | None, today: date
) -> Answers:
    enters_cp = grade == "cp" and child.grade != "cp"
    school = {
        "grade": grade,
        "school": "" if enters_cp else child.school_id or "",
        "elsewhere": "yes" if child.other_school else "",
        "other_school": child.other_school,
        "school_reason": "",
    }
    pages: dict[str, Values] = {f"ecole-{place}": school}
    if health is not None:
        pages[f"sante-{place}"] = told_before(health.values)
    people = people_of([one for one in child.contacts if one.counts_on(today)])
    pages[f"autorisations-{place}"] = {**dict.fromkeys(_IMAGES, ""), **people}
    return pages


def people_of(contacts: Sequence[Contact]) -> Values:
    """The answers about the first three people of a child's list."""
    values: dict[str, str] = {}
    for number, one in enumerate(contacts[:3], 1):
        values |= {
            f"contact_{number}_name": one.name,
            f"contact_{number}_phone": one.phone,
            f"contact_{number}_link": one.link,
            f"contact_{number}_pick_up": "yes" if one.may_pick_up else "",
            f"contact_{number}_emergency": "yes" if one.is_emergency else "",
        }
    return values
