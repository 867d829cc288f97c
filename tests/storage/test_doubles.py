"""Families known twice are pointed out, until somebody says what they are."""

from storage.accounts import Account
from storage.doubles import NEAR_CHILD, SAME_CHILD, SAME_MAIL
from tests.storage.conftest import NOW, Valbourg
from tests.storage.test_family_lists import LENA as LINE
from tests.storage.test_family_lists import taken
from tests.storage.test_merges import LENA, sent, somebody


async def pairs(valbourg: Valbourg, *looked_at: Account) -> list[tuple[set[str], set[str]]]:
    """Who is pointed out, and why, once these accounts were looked at."""
    async with valbourg.open_store() as store:
        for account in looked_at:
            await store.doubles.look(account.id, NOW)
    async with valbourg.open_store() as store:
        return [
            ({one.first_id, one.second_id}, set(one.reasons)) for one in await store.doubles.open()
        ]


async def test_the_same_child_of_two_accounts_is_pointed_out_once(valbourg: Valbourg) -> None:
    again = await somebody(valbourg, "c2@exemple.fr")
    await sent(valbourg, valbourg.claire, enfant=LENA)
    await sent(valbourg, again, enfant={**LENA, "first_name": "Léna", "birth_date": "12/03/2021"})
    for _ in range(2):
        found = await pairs(valbourg, again, valbourg.claire)
        assert found == [({valbourg.claire.id, again.id}, {SAME_CHILD})]


async def test_near_names_are_pointed_out_and_other_birth_dates_are_not(
    valbourg: Valbourg,
) -> None:
    near, far = [await somebody(valbourg, f"c{n}@exemple.fr") for n in "23"]
    await sent(valbourg, valbourg.claire, admitted=True, enfant=LENA)
    await sent(valbourg, near, admitted=True, enfant={**LENA, "last_name": "Martins"})
    await sent(valbourg, far, admitted=True, enfant={**LENA, "birth_date": "2021-03-13"})
    found = await pairs(valbourg, near, far)
    assert found == [({valbourg.claire.id, near.id}, {NEAR_CHILD})]


async def test_a_child_of_a_list_and_one_of_a_dossier_are_pointed_out(valbourg: Valbourg) -> None:
    await sent(valbourg, valbourg.claire, enfant={**LENA, "last_name": "Petit"})
    await taken(valbourg.open_store, LINE)
    async with valbourg.open_store() as store:
        [found] = await store.doubles.open()
        assert {found.first_name, found.second_name} == {"Claire Martin", "Anne Petit"}


async def test_an_address_given_in_another_family_is_pointed_out(valbourg: Valbourg) -> None:
    await taken(valbourg.open_store, LINE)
    async with valbourg.open_store() as store:
        anne = await store.accounts.by_email("anne@exemple.fr")
        assert anne is not None
        await store.accounts.set_email(anne.id, "ailleurs@exemple.fr")
    other = await somebody(valbourg, "anne@exemple.fr", "Anne Petit")
    assert await pairs(valbourg, other) == [({anne.id, other.id}, {SAME_MAIL})]


async def test_what_was_said_to_be_two_families_stays_said(valbourg: Valbourg) -> None:
    again = await somebody(valbourg, "c2@exemple.fr")
    for one in (valbourg.claire, again):
        await sent(valbourg, one, enfant=LENA)
    await pairs(valbourg, again)
    async with valbourg.open_store() as store:
        ids, by = [again.id, valbourg.claire.id], valbourg.sophie.id
        assert await store.doubles.dismiss(*ids, by=by, at=NOW)
        assert not await store.doubles.dismiss(*ids[::-1], by=by, at=NOW)
    assert await pairs(valbourg, again) == []
    async with valbourg.open_store() as store:
        assert await store.doubles.of_account(again.id) == []


async def test_a_merged_family_is_pointed_out_no_more(valbourg: Valbourg) -> None:
    again = await somebody(valbourg, "c2@exemple.fr")
    for one in (valbourg.claire, again):
        await sent(valbourg, one, enfant=LENA)
    await pairs(valbourg, again)
    async with valbourg.open_store() as store:
        await store.merges.merge(valbourg.claire.id, again.id, by=valbourg.sophie.id, at=NOW)
    assert await pairs(valbourg, valbourg.claire) == []
