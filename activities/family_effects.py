"""What an approved change writes into the record of a family: what it changed, and nothing else.

The answers are compared, field by field, with what the town knew when the dossier was opened. What
an agent or another dossier changed meanwhile, and this one did not touch, stays.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from activities.record_writing import Writing, contact_columns, only, school_changed
from domain.deadlines import paris_day
from domain.kinds.change_subjects import ABOUT, BOTH, OTHER, YOU, Subject
from domain.questions import Answers, as_day
from domain.school_years import school_year_of
from storage.dossiers import Dossier
from storage.store import Store


async def change_record(store: Store, dossier: Dossier, answers: Answers, at: datetime) -> None:
    """Write an approved change. Twice: nothing more.

    Nothing is written for a family, a child or a person who is there no longer.
    """
    await store.family_changes.in_turn(dossier.account_id)
    record = await store.family_record.of(dossier.account_id)
    subject = answers.get(ABOUT, {}).get("subject", "")
    if record is None or subject not in _CHANGES:
        return
    before = await store.dossiers.beginning(dossier.id) or {}
    await _CHANGES[Subject(subject)](Writing(store, record, before, answers, at))


async def _contact_details(writing: Writing) -> None:
    owner = writing.record.owner
    if owner is not None:
        values = only(writing.changed("coordonnees"), "phone", "profession")
        await writing.store.family_changes.change_guardian(owner.id, values)


async def _address(writing: Writing) -> None:
    values = only(writing.changed("adresse"), "street", "postal_code", "city", "country")
    await writing.store.family_changes.change_home(writing.record.id, values)


async def _custody(writing: Writing) -> None:
    child_id = await _child_of(writing)
    changed = writing.changed("garde")
    if child_id and changed:
        known = (await writing.store.custody.of([child_id])).get(child_id, {})
        await writing.store.custody.say(child_id, {**known, **changed})


async def _payer(writing: Writing) -> None:
    owner, others = writing.record.owner, writing.record.others
    payer = writing.changed("payeur").get("payer", "")
    mine = {owner.id} if owner and payer in {YOU, BOTH} else set()
    theirs = {others[0].id} if others and payer in {OTHER, BOTH} else set()
    if mine | theirs:
        await writing.store.family_changes.set_payers(writing.record.id, frozenset(mine | theirs))


async def _contact(writing: Writing) -> None:
    changes, said = writing.store.family_changes, writing.answers.get("contacts", {})
    child_id, contact_id = await _child_of(writing), writing.about("contact")
    if not child_id:
        return
    today = paris_day(writing.at)
    if not contact_id:
        await changes.add_contact(child_id, contact_columns(said))
    else:
        await changes.change_contact(contact_id, contact_columns(writing.changed("contacts")))
    if contact_id and said.get("removed") == "yes":
        await changes.end_contact(contact_id, today - timedelta(days=1))
    await writing.store.court_rulings.keep_away(child_id, today)


async def _school(writing: Writing) -> None:
    child_id, changed = await _child_of(writing), writing.changed("ecole")
    if not child_id:
        return
    values = {**only(changed, "grade"), **school_changed(writing, "ecole")}
    today = paris_day(writing.at)
    await writing.store.family_changes.enrol(child_id, values, school_year_of(today), today)


async def _identity(writing: Writing) -> None:
    changes, owner = writing.store.family_changes, writing.record.owner
    if writing.about("child"):
        child_id = await _child_of(writing)
        names = ("first_name", "last_name", "birth_date", "birth_place")
        values = only(writing.changed("identite"), *names)
        if born := as_day(values.get("birth_date", "")):
            values["birth_date"] = born.isoformat()
        if child_id:
            await changes.change_child(child_id, values)
    elif owner is not None:
        values = only(writing.changed("nom"), "first_name", "last_name")
        await changes.change_guardian(owner.id, values)
        said = writing.answers.get("nom", {})
        name = f"{said.get('first_name', '')} {said.get('last_name', '')}".strip()
        await writing.store.accounts.set_name(writing.record.account_id, name)
    await writing.store.doubles.look(writing.record.account_id, writing.at)


async def _child_of(writing: Writing) -> str:
    """The row that stands for the child of this dossier; "" when it is of this family no longer."""
    child_id = await writing.store.family_changes.child_now(writing.about("child"))
    return child_id if writing.record.child(child_id) else ""


_CHANGES: Mapping[Subject, Callable[[Writing], Awaitable[None]]] = {
    Subject.CONTACT_DETAILS: _contact_details,
    Subject.ADDRESS: _address,
    Subject.CUSTODY: _custody,
    Subject.PAYER: _payer,
    Subject.CONTACTS: _contact,
    Subject.SCHOOL: _school,
    Subject.IDENTITY: _identity,
}
