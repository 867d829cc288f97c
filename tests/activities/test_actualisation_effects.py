"""What an approved actualisation writes: what was confirmed and changed, once, and nothing else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from activities.effects import EFFECTS
from domain.consents import Cell, Medium, Use
from domain.deadlines import paris_day
from domain.questions import Answers, Values
from domain.quotient import Source
from storage.dossiers import Dossier
from storage.family_record import FamilyRecord
from tests.builders import REGISTRATION, a_dossier
from tests.office import NOW, Office

KNOWN: Answers = {
    "vous": {"first_name": "Claire", "last_name": "Martin", "relation": "mother", "phone": "0611"},
    "adresse": {"street": "3 rue des Lilas", "postal_code": "01000", "city": "Valbourg"},
    "autre-parent": {"has_other": "no"},
    "enfant": {"first_name": "Léna", "last_name": "Martin", "birth_date": "2021-03-12"},
    "ecole": {"grade": "gs", "school": "e" * 32},
    "contacts": {
        "contact_1_name": "Zoé Petit",
        "contact_1_phone": "0600000001",
        "contact_2_name": "Ali Ben",
        "contact_2_pick_up": "yes",
    },
}


async def known_family(office: Office) -> FamilyRecord:
    """Claire, and Léna, as the town knows them."""
    async with office.open_store() as store:
        dossier = await a_dossier(store, office.claire, NOW)
        await store.households.admit(dossier, KNOWN, office.claire.email, NOW)
    return await record_of(office)


async def record_of(office: Office) -> FamilyRecord:
    async with office.open_store() as store:
        record = await store.family_record.of(office.claire.id)
    assert record is not None
    return record


async def an_actualisation(
    office: Office,
    *,
    without: tuple[str, ...] = (),
    health: Values | None = None,
    school_year: str = REGISTRATION.school_year,
    **changed: dict[str, str],
) -> Dossier:
    """One that starts with what the town knows, changed so; all pages are confirmed but some.

    `health` is what its record says of Léna at the opening.
    """
    record = await record_of(office)
    (lena,) = record.children
    before: dict[str, dict[str, str]] = {
        "enfants": {"child_1": lena.id, "name_1": lena.name, "update_1": "yes"},
        "foyer": {"street": record.street, "postal_code": "01000", "city": "Valbourg"},
        "vous": {"phone": "0611", "profession": ""},
        "autre-parent": {"has_other": "no"},
        "ecole-1": {"grade": "cp", "school": lena.school_id or "", "elsewhere": ""},
        "autorisations-1": dict(KNOWN["contacts"]),
        "sante-1": dict(health or {}),
        "quotient": {"value": "", "month": ""},
    }
    pages = {name.replace("_", "-"): values for name, values in changed.items()}
    now = {code: {**values, **pages.get(code, {})} for code, values in before.items()}
    async with office.open_store() as store:
        procedure = replace(
            REGISTRATION,
            id="a" * 32,
            slug="actualisation",
            kind="actualisation",
            school_year=school_year,
        )
        await store.town.put_procedure(procedure)
        dossier = await store.dossiers.open_new(procedure, office.claire.id, NOW)
        await store.dossiers.keep_beginning(dossier, before, NOW)
        for code, values in now.items():
            await store.dossiers.save_answers(dossier, code, values, NOW)
        confirmed = [code for code in now if code not in without]
        await store.confirmations.add(dossier.id, confirmed, NOW, office.claire.id)
    return dossier


async def approved(office: Office, dossier: Dossier) -> FamilyRecord:
    """The record once its effect was written, twice: the second changed not one row."""
    for _ in range(2):
        async with office.open_store() as store:
            answers = await store.dossiers.answers(dossier.id)
            await EFFECTS[dossier.kind](store, dossier, answers, NOW)
        if _ == 0:
            after = await office.everything()
    assert await office.everything() == after
    return await record_of(office)


async def test_what_was_only_confirmed_leaves_the_record_but_for_the_class(office: Office) -> None:
    before = await known_family(office)
    record = await approved(office, await an_actualisation(office))
    (lena,) = record.children
    assert lena.grade == "cp"
    assert replace(record, children=()) == replace(before, children=())
    assert lena.contacts == before.children[0].contacts
    assert lena.school_id == before.children[0].school_id


async def test_a_class_of_next_year_waits_for_its_first_day(office: Office) -> None:
    before = await known_family(office)
    dossier = await an_actualisation(
        office,
        school_year="2027-2028",
        ecole_1={"elsewhere": "yes", "school": "", "other_school": "Sainte-Anne, Agen"},
    )
    (lena,) = (await approved(office, dossier)).children
    today, first_day = lena.on(date(2027, 8, 31)), lena.on(date(2027, 9, 1))
    assert (today.grade, today.school) == ("gs", before.children[0].school)
    assert (first_day.grade, first_day.other_school) == ("cp", "Sainte-Anne, Agen")
    assert first_day.school_id is None


async def test_a_new_address_and_phone_are_written(office: Office) -> None:
    await known_family(office)
    dossier = await an_actualisation(
        office,
        foyer={"street": "12 Hauptstraße", "postal_code": "10115", "country": "Allemagne"},
        vous={"phone": "+49 30 901820", "profession": "Ébéniste"},
    )
    record = await approved(office, dossier)
    assert (record.street, record.country) == ("12 Hauptstraße", "Allemagne")
    assert record.owner is not None
    assert (record.owner.phone, record.owner.profession) == ("+49 30 901820", "Ébéniste")


async def test_a_page_that_nobody_confirmed_is_not_written(office: Office) -> None:
    before = await known_family(office)
    dossier = await an_actualisation(office, without=("foyer",), foyer={"street": "ailleurs"})
    assert (await approved(office, dossier)).street == before.street


async def test_what_moved_meanwhile_and_was_not_touched_here_stays(office: Office) -> None:
    record = await known_family(office)
    dossier = await an_actualisation(office, foyer={"street": "7 rue Neuve"})
    async with office.open_store() as store:
        await store.family_changes.change_home(record.id, {"city": "Valbourg-le-Haut"})
        assert record.owner is not None
        await store.family_changes.change_guardian(record.owner.id, {"phone": "0699"})
    record = await approved(office, dossier)
    assert (record.street, record.city) == ("7 rue Neuve", "Valbourg-le-Haut")
    assert record.owner is not None
    assert record.owner.phone == "0699"


async def test_another_parent_who_is_named_becomes_a_guardian(office: Office) -> None:
    await known_family(office)
    dossier = await an_actualisation(
        office,
        autre_parent={
            "has_other": "yes",
            "first_name": "Nguyễn",
            "last_name": "Thị Hoa",
            "relation": "mother",
        },
    )
    record = await approved(office, dossier)
    (other,) = record.others
    assert (other.name, other.account_id) == ("Nguyễn Thị Hoa", None)
    assert other.id in record.children[0].guardian_ids


async def test_a_parent_who_is_named_no_more_stays_a_guardian(office: Office) -> None:
    record = await known_family(office)
    async with office.open_store() as store:
        names = {"first_name": "Paul", "last_name": "Petit"}
        await store.family_changes.add_guardian(record.id, names)
    dossier = await an_actualisation(office, autre_parent={"has_other": "unsaid"})
    assert [one.first_name for one in (await approved(office, dossier)).others] == ["Paul"]


async def test_people_are_added_changed_and_taken_away(office: Office) -> None:
    await known_family(office)
    dossier = await an_actualisation(
        office,
        autorisations_1={
            "contact_1_name": "Zoé Petit-Le Goff",
            "contact_1_pick_up": "yes",
            "contact_2_name": "",
            "contact_2_pick_up": "",
            "contact_3_name": "Omar Sy",
            "contact_3_emergency": "yes",
        },
    )
    record = await approved(office, dossier)
    zoe, ali, omar = record.children[0].contacts
    assert (zoe.name, zoe.may_pick_up, zoe.phone) == ("Zoé Petit-Le Goff", True, "0600000001")
    assert ali.until == paris_day(NOW) - timedelta(days=1)
    assert (omar.name, omar.is_emergency, omar.until) == ("Omar Sy", True, None)


@pytest.mark.parametrize(
    ("said", "school", "other"),
    [
        ({"elsewhere": "yes", "other_school": "Sainte-Marie"}, None, "Sainte-Marie"),
        ({"school": "f" * 32}, "e" * 32, ""),
    ],
)
async def test_a_child_changes_school(
    office: Office, said: dict[str, str], school: str | None, other: str
) -> None:
    await known_family(office)
    record = await approved(office, await an_actualisation(office, ecole_1=said))
    (lena,) = record.children
    assert (lena.school_id, lena.other_school) == (school, other)


async def test_a_child_that_is_not_chosen_is_left_alone(office: Office) -> None:
    before = await known_family(office)
    dossier = await an_actualisation(office, enfants={"update_1": ""})
    assert (await approved(office, dossier)).children == before.children


SAID = {"concern": "no", "diet": "no_pork", "vaccines": "exempt", "doctor": "Docteur Ravel"}


async def test_what_is_said_of_a_child_s_health_becomes_its_record(office: Office) -> None:
    (lena,) = (await known_family(office)).children
    await approved(office, await an_actualisation(office, sante_1=SAID))
    async with office.open_store() as store:
        record = await store.health_records.of(lena.id)
    assert record is not None
    assert (record.values, record.checked_at, record.version) == (SAID, NOW, 1)


async def test_what_a_guardian_changed_on_the_record_meanwhile_stands(office: Office) -> None:
    (lena,) = (await known_family(office)).children
    dossier = await an_actualisation(office, sante_1=SAID)
    sent = replace(dossier, submitted_at=NOW)
    later = NOW + timedelta(hours=1)
    async with office.open_store() as store:
        newer = {**SAID, "doctor": "Docteur Nouveau"}
        await store.health_records.keep(
            lena.id, newer, {}, seen=0, by=office.claire.id, at=later, checks=True
        )
    await approved(office, sent)
    async with office.open_store() as store:
        record = await store.health_records.of(lena.id)
    assert record is not None
    assert record.values["doctor"] == "Docteur Nouveau"


async def test_an_allergy_that_the_other_guardian_noted_after_the_opening_is_not_lost(
    office: Office,
) -> None:
    (lena,) = (await known_family(office)).children
    dossier = await an_actualisation(office, health=SAID, sante_1={"doctor": "Docteur Nouveau"})
    noted = {**SAID, "concern": "yes", "allergies": "Arachide", "pai": "none"}
    async with office.open_store() as store:
        await store.health_records.keep(
            lena.id, noted, {}, seen=0, by=office.claire.id, at=NOW + timedelta(hours=1)
        )
    await approved(office, replace(dossier, submitted_at=NOW + timedelta(hours=2)))
    async with office.open_store() as store:
        record = await store.health_records.of(lena.id)
    assert record is not None
    assert record.values == {**noted, "doctor": "Docteur Nouveau"}


async def test_images_are_allowed_for_the_school_year_of_the_procedure_only_where_ticked(
    office: Office,
) -> None:
    (lena,) = (await known_family(office)).children
    press = Cell(Use.PRESS, Medium.GROUP)
    dossier = await an_actualisation(office, autorisations_1={press.code: "yes"})
    await approved(office, replace(dossier, submitted_at=NOW))
    async with office.open_store() as store:
        rights = await store.consents.of_child(lena.id, NOW)
        [said] = [one.word for one in await store.consents.of_account(office.claire.id)
                  if one.word.is_given]  # fmt: skip
    assert rights.allowed(REGISTRATION.school_year) == {press}
    assert (said.cell, said.at) == (press, NOW)


async def test_a_page_that_was_not_confirmed_allows_no_image(office: Office) -> None:
    (lena,) = (await known_family(office)).children
    ticked = {Cell(Use.PRESS, Medium.GROUP).code: "yes"}
    dossier = await an_actualisation(office, without=("autorisations-1",), autorisations_1=ticked)
    await approved(office, replace(dossier, submitted_at=NOW))
    async with office.open_store() as store:
        assert (await store.consents.of_child(lena.id, NOW)).words == ()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"value": "850,40", "month": "10/2026"}, [(850, "2026-10", Source.DECLARED)]),
        ({"value": "", "month": ""}, []),
    ],
)
async def test_a_quotient_that_is_declared_counts_from_then_on(
    office: Office, said: dict[str, str], kept: list[tuple[int, str, Source]]
) -> None:
    await known_family(office)
    await approved(office, await an_actualisation(office, quotient=said))
    async with office.open_store() as store:
        given = await store.quotients.of_account(office.claire.id)
    assert [(one.value, one.month, one.source) for one in given] == kept
