"""Two changes of one thing, or the same twice: nothing is written over in silence."""

import asyncio
import re

from storage.records import new_id
from tests.api.changing import ADDRESS, DETAILS, MOVED, changes, fields_of
from tests.family_file import (
    a_known_family,
    approves,
    record_of,
    sends,
    the_changes,
)
from tests.site import Browser, Site


async def test_the_same_form_twice_is_one_change(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    form = {**await fields_of(as_parent, DETAILS), "phone": "0612000000"}
    answers = await asyncio.gather(*(as_parent.post(DETAILS, data=form) for _ in range(3)))
    assert {one.status_code for one in answers} == {303}
    (dossier,) = await the_changes(site)
    await sends(site, dossier)
    await approves(site, dossier)
    assert (await as_parent.post(DETAILS, data=form)).status_code == 303
    assert len(await the_changes(site)) == 1


async def test_the_second_change_of_one_thing_sees_the_first_and_is_asked(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    await changes(as_parent, DETAILS, phone="0612000001")
    (first,) = await the_changes(site)
    await sends(site, first)
    assert "Vous avez déjà demandé ce changement" in (await as_parent.get(DETAILS)).text
    form = {**await fields_of(as_parent, DETAILS), "phone": "0612000002"}
    answer = await as_parent.post(DETAILS, data=form)
    assert answer.status_code == 409
    assert "0612000002" in answer.text
    assert len(await the_changes(site)) == 1
    answer = await as_parent.post(DETAILS, data={**form, "replaces": "yes"})
    assert answer.status_code == 303
    assert len(await the_changes(site)) == 2
    assert [one.action for one in site.gateway.acts][-2:] == ["withdraw", "submit"]


async def test_two_changes_of_one_thing_sent_at_once_are_never_both_sent(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    form = await fields_of(as_parent, DETAILS)
    answers = await asyncio.gather(
        *(
            as_parent.post(DETAILS, data={**form, "act_id": new_id(), "phone": f"061200000{n}"})
            for n in range(2)
        )
    )
    assert 303 in {one.status_code for one in answers}
    sent = [one for one in site.gateway.acts if one.action == "submit"]
    assert len(sent) == 1


async def test_whoever_writes_over_a_record_that_moved_sees_both(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    form = {**await fields_of(as_parent, ADDRESS), **MOVED}
    record = await record_of(site)
    async with site.writing() as store:
        await store.family_changes.change_home(record.id, {"street": "5 place Haute"})
    answer = await as_parent.post(ADDRESS, data=form)
    assert answer.status_code == 409
    assert "5 place Haute" in answer.text
    assert "7 rue Neuve" in answer.text
    assert await the_changes(site) == []
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    assert (await as_parent.post(ADDRESS, data={**form, **again})).status_code == 303


async def test_an_approval_writes_only_what_its_own_dossier_changed(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    await changes(as_parent, ADDRESS, **{**MOVED, "postal_code": "01000"})
    (dossier,) = await the_changes(site)
    record = await record_of(site)
    async with site.writing() as store:
        await store.family_changes.change_home(record.id, {"city": "Valbourg-le-Haut"})
    await sends(site, dossier)
    await approves(site, dossier)
    record = await record_of(site)
    assert (record.street, record.city) == ("7 rue Neuve", "Valbourg-le-Haut")
