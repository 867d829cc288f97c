"""Two accounts of one family become one; those of two guardians stay two."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.errors import NotFound
from domain.paper import paper_address
from domain.states import State
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.identities import Identity
from storage.merges import CannotMerge, Merged
from storage.records import new_id
from storage.sessions import Session
from storage.store import Store
from storage.tables import children, families, guardians, guardianships
from tests.builders import REGISTRATION, Someone, an_account
from tests.storage.conftest import NOW, Valbourg
from tests.storage.test_households import ANSWERS

LENA = {"first_name": "LENA", "last_name": "Martin", "birth_date": "2021-03-12"}


async def somebody(valbourg: Valbourg, email: str, name: str = "Claire Martin") -> Account:
    async with valbourg.open_store() as store:
        return await an_account(store, Someone(email, name=name), NOW)


async def sent(
    valbourg: Valbourg, owner: Account, *, admitted: bool = False, **pages: Mapping[str, str]
) -> Dossier:
    """A dossier of this parent with these pages of answers, approved or under review."""
    async with valbourg.open_store() as store:
        procedure = await store.town.procedure(slug=REGISTRATION.slug)
        dossier = await store.dossiers.open_new(procedure, owner.id, NOW)
        for section, values in pages.items():
            await store.dossiers.save_answers(dossier, section.replace("_", "-"), values, NOW)
        await store.dossiers.move(
            dossier.id, (State.DRAFT,), State.UNDER_REVIEW, NOW, submitted_at=NOW
        )
        if admitted:
            await store.households.admit(dossier, {**ANSWERS, **pages}, owner.email, NOW)
        return await store.dossiers.find(dossier.id)


async def merged(valbourg: Valbourg, kept: Account, other: Account) -> Merged:
    async with valbourg.open_store() as store:
        return await store.merges.merge(kept.id, other.id, by=valbourg.sophie.id, at=NOW)


async def count(store: Store, table: Any) -> int:
    return int(
        (await store.connection.execute(select(func.count()).select_from(table))).scalar_one()
    )


async def test_dossiers_children_and_guardians_of_both_are_one_familys(valbourg: Valbourg) -> None:
    again = await somebody(valbourg, "claire.martin@exemple.fr")
    first = await sent(valbourg, valbourg.claire, admitted=True)
    tom = {"first_name": "Tom", "last_name": "Martin", "birth_date": "02/02/2019"}
    second = await sent(valbourg, again, admitted=True, enfant=tom)
    done = await merged(valbourg, valbourg.claire, again)
    assert done.dossier_ids == [second.id]
    async with valbourg.open_store() as store:
        mine = await store.dossiers.of_account(valbourg.claire.id)
        assert {one.id for one in mine} == {first.id, second.id}
        own = await store.households.children_of(valbourg.claire.id)
        assert [one.first_name for one in own] == ["Léna", "Tom"]
        assert len(await store.households.guardians_of(valbourg.claire.id)) == 2
        assert await count(store, families) == 1
        assert await count(store, guardianships) == 4
        for dossier, what in ((first, "family_grew"), (second, "families_merged")):
            [line] = await store.events.of(dossier.id)
            assert (line.what, line.actor_id) == (what, valbourg.sophie.id)


async def test_a_child_of_both_with_two_dossiers_is_shown_once_and_keeps_both(
    valbourg: Valbourg,
) -> None:
    again = await somebody(valbourg, "claire.martin@exemple.fr")
    await sent(valbourg, valbourg.claire, admitted=True)
    await sent(valbourg, again, admitted=True)
    await merged(valbourg, valbourg.claire, again)
    async with valbourg.open_store() as store:
        assert await count(store, children) == 2
        assert len(await store.households.children_of(valbourg.claire.id)) == 1


async def test_the_merged_account_opens_nothing_and_its_address_leads_to_the_kept_one(
    valbourg: Valbourg,
) -> None:
    again = await somebody(valbourg, "claire.martin@exemple.fr")
    async with valbourg.open_store() as store:
        for number, account in enumerate((valbourg.claire, again)):
            await store.accounts.set_password(again.id, "hash")
            await store.sessions.add(Session(f"{number}" * 64, account.id, "csrf", NOW, NOW, NOW))
    await merged(valbourg, valbourg.claire, again)
    async with valbourg.open_store() as store:
        old = await store.accounts.by_id(again.id)
        assert old is not None
        assert old.disabled_at == NOW
        assert old.password_hash is None
        for digit in "01":
            assert await store.sessions.find(digit * 64) is None
        found = await store.accounts.by_email("claire.martin@exemple.fr")
        assert found is not None
        assert found.id == valbourg.claire.id
        [family] = await store.people.found("claire.martin")
        assert family.id == valbourg.claire.id


async def test_an_address_leads_on_after_a_second_merge(valbourg: Valbourg) -> None:
    second, third = [await somebody(valbourg, f"c{n}@exemple.fr") for n in "23"]
    await merged(valbourg, second, third)
    await merged(valbourg, valbourg.claire, second)
    async with valbourg.open_store() as store:
        found = await store.accounts.by_email("c3@exemple.fr")
        assert found is not None
        assert found.id == valbourg.claire.id


async def test_a_family_without_mail_joins_the_account_that_has_one(valbourg: Valbourg) -> None:
    paper = await somebody(valbourg, paper_address(new_id()))
    dossier = await sent(valbourg, paper)
    with pytest.raises(CannotMerge, match="merge_keep_mail"):
        await merged(valbourg, paper, valbourg.claire)
    assert (await merged(valbourg, valbourg.claire, paper)).dossier_ids == [dossier.id]


async def test_an_account_is_not_merged_with_itself_nor_with_an_agents(valbourg: Valbourg) -> None:
    with pytest.raises(CannotMerge, match="merge_same"):
        await merged(valbourg, valbourg.claire, valbourg.claire)
    with pytest.raises(NotFound):
        await merged(valbourg, valbourg.claire, valbourg.sophie)


async def test_two_guardians_of_one_child_stay_two(valbourg: Valbourg) -> None:
    paul = await somebody(valbourg, "paul.petit@exemple.fr", "Paul Petit")
    you = {"first_name": "Paul", "last_name": "Petit", "relation": "father"}
    await sent(valbourg, valbourg.claire, enfant=LENA)
    await sent(valbourg, paul, enfant=LENA, vous=you)
    for one, other in ((valbourg.claire, paul), (paul, valbourg.claire)):
        with pytest.raises(CannotMerge, match="merge_two_guardians"):
            await merged(valbourg, one, other)


async def test_whoever_is_named_as_the_other_parent_stays_apart(valbourg: Valbourg) -> None:
    other = await somebody(valbourg, "x@exemple.fr", "Claire Martin")
    said = {"has_other": "yes", "first_name": "C.", "last_name": "M.", "email": "X@exemple.fr"}
    await sent(valbourg, valbourg.claire, autre_parent=said)
    with pytest.raises(CannotMerge, match="merge_two_guardians"):
        await merged(valbourg, valbourg.claire, other)


async def test_whoever_was_invited_to_a_child_stays_apart_even_once_shut_out(
    valbourg: Valbourg,
) -> None:
    other = await somebody(valbourg, "x@exemple.fr", "")
    dossier = await sent(valbourg, valbourg.claire, enfant=LENA)
    async with valbourg.open_store() as store:
        access = await store.guardian_accesses.invite(
            dossier.id, other.email, valbourg.claire.id, NOW
        )
        await store.guardian_accesses.decline(access.id, NOW)
    with pytest.raises(CannotMerge, match="merge_two_guardians"):
        await merged(valbourg, valbourg.claire, other)


async def test_two_people_of_france_connect_stay_two(valbourg: Valbourg) -> None:
    again = await somebody(valbourg, "claire.martin@exemple.fr")
    async with valbourg.open_store() as store:
        await store.identities.link(Identity("fc", "one"), valbourg.claire.id, NOW)
        await store.identities.link(Identity("fc", "two"), again.id, NOW)
    with pytest.raises(CannotMerge, match="merge_two_identities"):
        await merged(valbourg, valbourg.claire, again)


async def test_two_merges_at_once_are_one(valbourg: Valbourg) -> None:
    again = await somebody(valbourg, "claire.martin@exemple.fr")
    dossiers = [await sent(valbourg, one) for one in (valbourg.claire, again)]
    tries = await asyncio.gather(
        merged(valbourg, valbourg.claire, again),
        merged(valbourg, again, valbourg.claire),
        merged(valbourg, valbourg.claire, again),
        return_exceptions=True,
    )
    [done] = [one for one in tries if isinstance(one, Merged)]
    assert [type(one) for one in tries if not isinstance(one, Merged)] == [NotFound, NotFound]
    async with valbourg.open_store() as store:
        mine = await store.dossiers.of_account(done.kept_id)
        assert {one.id for one in mine} == {one.id for one in dossiers}


async def test_what_was_opened_at_that_very_moment_follows(valbourg: Valbourg) -> None:
    again = await somebody(valbourg, "claire.martin@exemple.fr")
    await merged(valbourg, valbourg.claire, again)
    late = await sent(valbourg, again)
    async with valbourg.open_store() as store:
        assert await store.merges.follow() == 1
        assert await store.merges.follow() == 0
        assert (await store.dossiers.find(late.id)).account_id == valbourg.claire.id


async def test_a_refused_merge_changes_nothing(valbourg: Valbourg) -> None:
    paul = await somebody(valbourg, "paul@exemple.fr", "Paul Petit")
    await sent(valbourg, valbourg.claire, admitted=True, autre_parent=ANSWERS["autre-parent"])
    with pytest.raises(CannotMerge):
        await merged(valbourg, valbourg.claire, paul)
    async with valbourg.open_store() as store:
        found = await store.accounts.by_email("paul@exemple.fr")
        assert found == paul
        assert await count(store, guardians) == 2


async def test_who_may_fetch_a_child_goes_with_it_into_the_other_family(
    valbourg: Valbourg,
) -> None:
    """A child that a list named, and whose family added people before the two became one."""
    other = await somebody(valbourg, "claire.bis@exemple.fr")
    await sent(valbourg, valbourg.claire, admitted=True, enfant=LENA)
    async with valbourg.open_store() as store:
        changes = store.family_changes
        home = await changes.found(
            other.id, dict.fromkeys(("street", "postal_code", "city"), ""), NOW
        )
        child_id = await changes.add_child(home, LENA, ())
        for name in ("Zoé Petit", "Omar Sy"):
            await changes.add_contact(child_id, {"name": name, "may_pick_up": True})
        await store.custody.say(child_id, {"residence": "alternating"})
    await merged(valbourg, valbourg.claire, other)
    async with valbourg.open_store() as store:
        record = await store.family_record.of(valbourg.claire.id)
        assert record is not None
        (lena,) = record.children
        assert [one.name for one in lena.contacts] == ["Zoé Petit", "Ali Ben", "Omar Sy"]
        kept = await store.custody.of([child_id])
        assert kept == {child_id: {"residence": "alternating"}}
