"""The record of a family: read whole, followed by who may, changed value by value."""

from dataclasses import replace
from datetime import timedelta

from domain.deadlines import paris_day
from domain.kinds.change_subjects import ABOUT, Subject, slug_of
from domain.states import State
from storage.family_record import FamilyRecord
from tests.builders import Someone, a_dossier, an_account
from tests.questions import counted
from tests.storage.conftest import NOW, Valbourg
from tests.storage.test_households import ANSWERS

TODAY = paris_day(NOW)


async def known(valbourg: Valbourg) -> FamilyRecord:
    """Claire's family, made of an approved registration."""
    async with valbourg.open_store() as store:
        dossier = await a_dossier(store, valbourg.claire, NOW, state=State.APPROVED)
        await store.households.admit(dossier, ANSWERS, valbourg.claire.email, NOW)
    return await record_of(valbourg)


async def record_of(valbourg: Valbourg) -> FamilyRecord:
    async with valbourg.open_store() as store:
        record = await store.family_record.of(valbourg.claire.id)
    assert record is not None
    return record


async def test_a_family_is_read_whole_in_four_questions(valbourg: Valbourg) -> None:
    await known(valbourg)
    async with valbourg.open_store() as store:
        with counted() as questions:
            record = await store.family_record.of(valbourg.claire.id)
    assert len(questions) == 4
    assert record is not None
    assert record.owner is not None
    assert (record.owner.first_name, [one.first_name for one in record.others]) == (
        "Claire",
        ["Paul"],
    )
    (lena,) = record.children
    assert (lena.school, len(lena.guardian_ids)) == ("École Jean-Moulin", 2)
    assert [one.name for one in lena.contacts] == ["Zoé Petit", "Ali Ben"]


async def test_nobody_has_a_record_before_the_town_knows_them(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        assert await store.family_record.of(valbourg.claire.id) is None


async def test_a_family_without_children_nor_guardians_is_read_all_the_same(
    valbourg: Valbourg,
) -> None:
    async with valbourg.open_store() as store:
        home = {"street": "3 rue des Lilas", "postal_code": "01000", "city": "Valbourg"}
        await store.family_changes.found(valbourg.claire.id, home, NOW)
        await store.family_changes.found(valbourg.claire.id, {**home, "street": "autre"}, NOW)
    record = await record_of(valbourg)
    assert (record.street, record.guardians, record.children) == ("3 rue des Lilas", (), ())
    assert record.owner is None


async def test_only_who_may_follows_a_child(valbourg: Valbourg) -> None:
    record = await known(valbourg)
    (lena,) = record.children
    assert lena.dossier_id is not None
    async with valbourg.open_store() as store:
        luc = await an_account(store, Someone("luc@exemple.fr", name="Luc"), NOW)
        own = await store.family_record.child_for(valbourg.claire.id, lena.id, NOW)
        assert own is not None
        assert not own.is_shared
        assert await store.family_record.child_for(luc.id, lena.id, NOW) is None
        access = await store.guardian_accesses.invite(
            lena.dossier_id, luc.email, valbourg.claire.id, NOW
        )
        assert await store.family_record.child_for(luc.id, lena.id, NOW) is None
        await store.guardian_accesses.accept(access.id, luc.id, NOW)
        shared = await store.family_record.child_for(luc.id, lena.id, NOW)
        assert shared == replace(own, is_shared=True)
        await store.guardian_accesses.end(
            access.id, TODAY, reason_code="ruling", ruling_on=TODAY, by=valbourg.sophie.id, at=NOW
        )
        assert await store.family_record.child_for(luc.id, lena.id, NOW) is None


async def test_values_are_changed_one_by_one(valbourg: Valbourg) -> None:
    record = await known(valbourg)
    (lena,), (claire, paul) = record.children, record.guardians
    async with valbourg.open_store() as store:
        changes = store.family_changes
        await changes.in_turn(valbourg.claire.id)
        await changes.change_home(record.id, {"city": "Y" * 400})
        await changes.change_guardian(claire.id, {"phone": "+41 79", "profession": "Luthière"})
        await changes.change_guardian(paul.id, {"first_name": "Claire", "last_name": "Martin"})
        await changes.set_payers(record.id, frozenset({paul.id}))
        await changes.change_child(lena.id, {"school_id": "f" * 32, "grade": "ms"})
        await changes.end_contact(lena.contacts[0].id, TODAY)
        await changes.end_contact(lena.contacts[0].id, TODAY + timedelta(days=9))
        await changes.add_contact(lena.id, {"name": "ali BEN", "phone": "06"})
        await changes.add_contact(lena.id, {"name": "Omar Sy", "is_emergency": True})
    now = await record_of(valbourg)
    (lena,), (claire, paul) = now.children, now.guardians
    assert len(now.city) == 120
    assert (claire.profession, claire.is_payer, paul.is_payer) == ("Luthière", False, True)
    assert paul.name == "Paul Petit", "two rows of one name would be one person"
    assert (lena.grade, lena.school) == ("ms", "École Jean-Moulin")
    assert [(one.name, one.phone) for one in lena.contacts][1:] == [
        ("ali BEN", "06"),
        ("Omar Sy", ""),
    ]
    assert lena.contacts[0].until == TODAY


async def test_what_a_family_asked_to_change_is_found_until_it_is_approved(
    valbourg: Valbourg,
) -> None:
    async with valbourg.open_store() as store:
        procedure = await store.town.procedure(slug=slug_of(Subject.SCHOOL))
        dossier = await store.dossiers.open_new(procedure, valbourg.claire.id, NOW)
        about = {"subject": "ecole", "child": "c" * 32, "contact": ""}
        await store.dossiers.save_answers(dossier, ABOUT, about, NOW)
        changes = store.changes
        (asked,) = await changes.of_account(valbourg.claire.id, refused_since=NOW)
        assert asked.of == ("ecole", "c" * 32, "")
        assert (asked.is_waiting, asked.is_clear, asked.is_settling) == (True, False, False)
        await store.dossiers.move(dossier.id, {State.DRAFT}, State.REFUSED, NOW, decided_at=NOW)
        (refused,) = await changes.of_account(valbourg.claire.id, refused_since=NOW)
        assert not refused.is_waiting
        later = NOW + timedelta(days=1)
        assert await changes.of_account(valbourg.claire.id, refused_since=later) == []
        assert await changes.of_account(valbourg.sophie.id, refused_since=NOW) == []
