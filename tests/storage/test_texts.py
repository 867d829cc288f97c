"""The town's texts: versions, who accepted which, and the forms that go with them."""

import asyncio
from datetime import date, timedelta

from domain.texts import Code
from storage.records import new_id
from storage.texts import Text
from storage.town_forms import TownForm
from tests.builders import REGISTRATION
from tests.storage.conftest import NOW, Valbourg
from tests.storage.test_consents import a_pupil, other_guardian
from tests.storage.test_merges import merged, somebody

TODAY = date(2026, 11, 23)
NEW_YEAR = date(2027, 1, 1)


async def publishes(
    valbourg: Valbourg, code: Code = Code.TERMS, after: int = 0, day: date = TODAY
) -> Text | None:
    async with valbourg.open_store() as store:
        return await store.texts.publish(
            code,
            after=after,
            title="Conditions",
            body=f"Texte {after + 1}.",
            effective_from=day,
            by=valbourg.sophie.id,
            at=NOW,
        )


async def waits_for(valbourg: Valbourg, who: str, day: date = TODAY) -> list[tuple[str, int]]:
    async with valbourg.open_store() as store:
        return [(one.code, one.version) for one in await store.texts.to_accept(who, day)]


async def test_a_version_counts_from_its_day_and_the_old_one_stays(valbourg: Valbourg) -> None:
    first = await publishes(valbourg)
    await publishes(valbourg, after=1, day=NEW_YEAR)
    assert first is not None
    async with valbourg.open_store() as store:
        eve = await store.texts.in_force(Code.TERMS, NEW_YEAR - timedelta(days=1))
        morning = await store.texts.in_force(Code.TERMS, NEW_YEAR)
        before = await store.texts.in_force(Code.TERMS, TODAY - timedelta(days=1))
        every = await store.texts.versions(Code.TERMS)
        assert await store.texts.find(first.id) == first
        assert await store.texts.all_in_force(TODAY) == [first]
    assert (eve, before) == (first, None)
    assert morning is not None
    assert morning.version == 2
    assert [one.version for one in every] == [2, 1]


async def test_of_two_versions_for_one_day_the_later_counts(valbourg: Valbourg) -> None:
    await publishes(valbourg)
    await publishes(valbourg, after=1)
    async with valbourg.open_store() as store:
        found = await store.texts.in_force(Code.TERMS, TODAY)
    assert found is not None
    assert found.version == 2


async def test_two_who_publish_at_the_same_instant_publish_one_version(valbourg: Valbourg) -> None:
    found = await asyncio.gather(*(publishes(valbourg) for _ in range(4)))
    assert [one.version for one in found if one] == [1]


async def test_each_version_is_to_be_accepted_once_from_its_day(valbourg: Valbourg) -> None:
    first = await publishes(valbourg)
    assert first is not None
    claire = valbourg.claire.id
    assert await waits_for(valbourg, claire) == [("terms", 1)]
    for expected in (True, False):
        async with valbourg.open_store() as store:
            assert await store.texts.accept(first.id, claire, NOW) is expected
    assert await waits_for(valbourg, claire) == []
    await publishes(valbourg, after=1, day=NEW_YEAR)
    assert await waits_for(valbourg, claire) == []
    assert await waits_for(valbourg, claire, NEW_YEAR) == [("terms", 2)]
    async with valbourg.open_store() as store:
        [kept] = await store.texts.accepted_by(claire)
        assert await store.texts.count_accepted() == {first.id: 1}
    assert (kept.version, kept.at, kept.dossier_id) == (1, NOW, None)


async def test_the_rules_of_the_house_are_for_whoever_follows_a_child(valbourg: Valbourg) -> None:
    await publishes(valbourg, Code.HOUSE_RULES)
    await publishes(valbourg, Code.IMAGE_NOTICE)
    assert await waits_for(valbourg, valbourg.claire.id) == []
    _, dossier = await a_pupil(valbourg)
    luc, _ = await other_guardian(valbourg, dossier)
    for who in (valbourg.claire, luc):
        assert await waits_for(valbourg, who.id) == [("house_rules", 1)]


async def test_of_two_accounts_of_one_person_the_first_acceptance_stands(
    valbourg: Valbourg,
) -> None:
    again = await somebody(valbourg, "claire.martin@exemple.fr")
    first, rules = await publishes(valbourg), await publishes(valbourg, Code.HOUSE_RULES)
    assert first is not None
    assert rules is not None
    async with valbourg.open_store() as store:
        await store.texts.accept(first.id, valbourg.claire.id, NOW)
        await store.texts.accept(first.id, again.id, NOW - timedelta(days=2))
        await store.texts.accept(rules.id, again.id, NOW)
    await merged(valbourg, valbourg.claire, again)
    async with valbourg.open_store() as store:
        kept = await store.texts.accepted_by(valbourg.claire.id)
        assert await store.texts.accepted_by(again.id) == []
    assert {(one.code, one.at) for one in kept} == {
        ("terms", NOW - timedelta(days=2)),
        ("house_rules", NOW),
    }


def a_form(
    valbourg: Valbourg, *, text_code: str | None = None, procedure_id: str | None = None
) -> TownForm:
    return TownForm(
        id=new_id(),
        name="fiche.pdf",
        size_bytes=1200,
        sha256="a" * 64,
        given_by=valbourg.sophie.id,
        given_at=NOW,
        text_code=text_code,
        procedure_id=procedure_id,
    )


async def test_a_form_takes_the_place_of_the_one_before_and_keeps_its_bytes(
    valbourg: Valbourg,
) -> None:
    first = a_form(valbourg, procedure_id=REGISTRATION.id)
    second = a_form(valbourg, procedure_id=REGISTRATION.id)
    rules = a_form(valbourg, text_code=Code.HOUSE_RULES.value)
    async with valbourg.open_store() as store:
        for form in (first, second, rules):
            await store.town_forms.add(form)
        assert await store.town_forms.of_procedure(REGISTRATION.id) == second
        assert await store.town_forms.find(first.id) is None
        assert {one.id for one in await store.town_forms.all()} == {second.id, rules.id}
        asked = [first.id, second.id, rules.id, "0" * 32]
        assert await store.documents.with_bytes(asked) == {second.id, rules.id}
        kept = await store.breaches.kept_documents(after="", limit=10)
        assert {(one.id, one.dossier_id) for one in kept} == {(second.id, ""), (rules.id, "")}
        assert await store.town_forms.remove(rules.id, NOW)
        assert not await store.town_forms.remove(rules.id, NOW)
        assert await store.documents.with_bytes(asked) == {second.id}
