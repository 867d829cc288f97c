"""What an approved actualisation writes into the record of a family.

Only pages that the family confirmed, and on them only what it changed since the opening. The class
is written as it was confirmed: at the opening the portal proposed it, nobody knew it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from activities.record_writing import Writing, contact_columns, only, school_changed
from domain.consents import given_in
from domain.deadlines import paris_day
from domain.kinds.actualisation_questions import chosen
from domain.likeness import name_key
from domain.questions import Answers
from domain.quotient import Quotient, Source, read_month, read_value
from storage.dossiers import Dossier
from storage.family_record import RecordedChild
from storage.store import Store

_CONTACTS = (1, 2, 3)
_OF_CONTACT = ("name", "phone", "link", "pick_up", "emergency")
_OF_GUARDIAN = ("first_name", "last_name", "relation", "phone", "email")


async def update_record(store: Store, dossier: Dossier, answers: Answers, at: datetime) -> None:
    """Write an approved actualisation. Twice: nothing more.

    Nothing is written of a child that has left the family meanwhile.
    """
    await store.family_changes.in_turn(dossier.account_id)
    record = await store.family_record.of(dossier.account_id)
    if record is None:
        return
    confirmed = await store.confirmations.of(dossier.id)
    said = {code: values for code, values in answers.items() if code in confirmed}
    before = await store.dossiers.beginning(dossier.id) or {}
    writing = Writing(store, record, before, said, at)
    procedure = await store.town.procedure(id=dossier.procedure_id)
    await _home(writing)
    await _other_parent(writing, list(chosen(answers).values()))
    await _quotient(writing, dossier)
    for place, child_id in chosen(answers).items():
        child = record.child(await store.family_changes.child_now(child_id))
        if child is not None:
            await _school(writing, place, child, procedure.school_year)
            await _contacts(writing, place, child)
            await _health(writing, place, child, dossier)
            await _images(writing, place, child, dossier, procedure.school_year)
            await store.court_rulings.keep_away(child.id, paris_day(at))


async def _home(writing: Writing) -> None:
    home = only(writing.changed("foyer"), "street", "postal_code", "city", "country")
    await writing.store.family_changes.change_home(writing.record.id, home)
    owner = writing.record.owner
    if owner is not None:
        mine = only(writing.changed("vous"), "phone", "profession")
        await writing.store.family_changes.change_guardian(owner.id, mine)


async def _other_parent(writing: Writing, child_ids: list[str]) -> None:
    """Whoever is said not to be there stays: the town takes no guardian away by a form."""
    page = writing.answers.get("autre-parent", {})
    if page.get("has_other") != "yes":
        return
    changes, others = writing.store.family_changes, writing.record.others
    if others:
        values = only(writing.changed("autre-parent"), *_OF_GUARDIAN)
        await changes.change_guardian(others[0].id, values)
        return
    guardian_id = await changes.add_guardian(writing.record.id, only(page, *_OF_GUARDIAN))
    for child_id in child_ids:
        if writing.record.child(child_id) is not None:
            await changes.entrust(child_id, guardian_id)


async def _quotient(writing: Writing, dossier: Dossier) -> None:
    """A quotient that was declared there is one that the family gave: an agent may verify it."""
    said = writing.answers.get("quotient", {})
    if writing.changed("quotient") and said.get("value") and said.get("month"):
        declared = Quotient(
            id=dossier.id,
            value=read_value(said),
            month=read_month(said),
            source=Source.DECLARED,
            declared_at=dossier.submitted_at or writing.at,
        )
        by = dossier.account_id
        await writing.store.quotients.give(dossier.account_id, declared, by=by)


async def _school(writing: Writing, place: int, child: RecordedChild, school_year: str) -> None:
    """The class and the school of the procedure's school year: of today, once it has begun."""
    page = f"ecole-{place}"
    values = {**only(writing.answers.get(page, {}), "grade"), **school_changed(writing, page)}
    today = paris_day(writing.at)
    await writing.store.family_changes.enrol(child.id, values, school_year, today)


async def _health(writing: Writing, place: int, child: RecordedChild, dossier: Dossier) -> None:
    """What a guardian changed on the record itself since these answers were given stands.

    So does what was changed there since the opening, where this dossier only repeats what it began
    with.
    """
    page, records = f"sante-{place}", writing.store.health_records
    if said := writing.answers.get(page):
        record = await records.of(child.id)
        if page in writing.before and record and record.changed_at >= dossier.opened_at:
            said = {**record.values, **writing.changed(page)}
        await records.take_over(
            child.id,
            said,
            writing.at,
            dossier.account_id,
            given_at=dossier.answered_at or dossier.submitted_at,
        )


async def _images(
    writing: Writing, place: int, child: RecordedChild, dossier: Dossier, school_year: str
) -> None:
    """What is allowed of images of the child, for the school year of the procedure."""
    said = writing.answers.get(f"autorisations-{place}")
    said_at = dossier.answered_at or dossier.submitted_at
    if said is None or said_at is None:
        return
    await writing.store.consents.take_over(
        child.id,
        dossier.account_id,
        school_year,
        given_in(said),
        said_at=said_at,
        dossier_id=dossier.id,
    )


async def _contacts(writing: Writing, place: int, child: RecordedChild) -> None:
    """Each of the three people of the page was somebody of the child's list, or is new."""
    page = f"autorisations-{place}"
    if page not in writing.answers:
        return
    changes = writing.store.family_changes
    for number in _CONTACTS:
        was = _person(writing.before.get(page, {}), number)
        now = _person(writing.answers[page], number)
        changed = {name: text for name, text in now.items() if text != was[name]}
        known = _known(child, was["name"])
        if not changed:
            continue
        if not now["name"]:
            if known:
                await changes.end_contact(known, paris_day(writing.at) - timedelta(days=1))
        elif known:
            await changes.change_contact(known, contact_columns(changed))
        else:
            await changes.add_contact(child.id, contact_columns(now))


def _person(page: Mapping[str, str], number: int) -> dict[str, str]:
    return {name: page.get(f"contact_{number}_{name}", "") for name in _OF_CONTACT}


def _known(child: RecordedChild, name: str) -> str:
    """The person of this name on the child's list, who has no end; "" for nobody."""
    key = name_key(name)
    found = [one.id for one in child.contacts if name and name_key(one.name) == key]
    return found[0] if found else ""
