"""The family's file: what each guardian reads of it, and what waits."""

from datetime import date, timedelta

import pytest

from domain.deadlines import paris_day
from storage.family_record import RecordedChild
from tests.family_file import (
    KNOWN,
    a_known_family,
    record_of,
    the_changes,
    the_child,
)
from tests.guardians import is_shared, is_shut_out
from tests.site import CLAIRE, GUARDIAN, OTHER_PARENT, Browser, Site


async def test_a_family_reads_who_is_in_it(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    page = (await as_parent.get("/famille")).text
    for words in ("12 rue des Lilas, 01000 Valbourg", "Claire Martin", "Paul Petit", "Père"):
        assert words in page
    for words in ("Léna Martin", "École Jean-Moulin", "Petite section", "Zoé Petit", "06 12 34"):
        assert words in page


async def test_whom_the_town_does_not_know_is_told_so(as_parent: Browser) -> None:
    page = await as_parent.get("/famille")
    assert page.status_code == 200
    assert "ne connaît pas encore votre famille" in page.text


async def test_a_guardian_never_reads_the_contact_data_of_the_other_one(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    child = await the_child(site)
    for address in ("/famille", f"/famille/enfants/{child.id}"):
        page = (await as_parent.get(address)).text
        assert "Paul" in page
        for theirs in ("0699887766", "06 99 88", "paul@example.org", "8 quai Neuf"):
            assert theirs not in page


async def test_a_child_has_its_own_page(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    child = await the_child(site)
    page = (await as_parent.get(f"/famille/enfants/{child.id}")).text
    for words in ("Léna Martin", "12/03/2023", "Zoé Petit", "grand-mère", "Peut venir chercher"):
        assert words in page


async def test_a_child_of_somebody_else_is_not_there(site: Site) -> None:
    await a_known_family(site)
    child = await the_child(site)
    stranger = await site.signed_in(OTHER_PARENT)
    for path in ("", "/changer/contacts", "/changer/garde", "/changer/ecole"):
        answer = await stranger.get(f"/famille/enfants/{child.id}{path}")
        assert answer.status_code == 404


async def test_the_other_guardian_reads_the_child_and_nothing_of_the_first_one(site: Site) -> None:
    dossier = await a_known_family(site)
    child = await the_child(site)
    access = await is_shared(site, dossier, GUARDIAN)
    luc = await site.signed_in(GUARDIAN)
    page = await luc.get(f"/famille/enfants/{child.id}")
    assert page.status_code == 200
    assert "Léna Martin" in page.text
    assert "École Jean-Moulin" in page.text
    for hers in ("Claire", "12 rue des Lilas", "06 12 34 56 78", "Zoé", "0600000001", "Paul"):
        assert hers not in page.text
    assert (await luc.get(f"/famille/enfants/{child.id}/changer/contacts")).status_code == 404
    assert f'href="/famille/enfants/{child.id}"' in (await luc.get(f"/enfants/{dossier.id}")).text
    family = (await luc.get("/famille")).text
    assert "Léna Martin" in family
    assert "12 rue des Lilas" not in family
    await is_shut_out(site, access, paris_day(site.clock()))
    assert (await luc.get(f"/famille/enfants/{child.id}")).status_code == 404


async def test_each_family_changes_its_own_row_of_a_child_of_both(site: Site) -> None:
    """Separated parents who each registered the child: two families, two rows, two addresses."""
    await a_known_family(site)
    theirs = {**KNOWN, "adresse": {**KNOWN["adresse"], "street": "9 rue du Port"}}
    await a_known_family(site, OTHER_PARENT, theirs)
    mine, other = await the_child(site), await the_child(site, OTHER_PARENT)
    assert mine.id != other.id
    async with site.writing() as store:
        await store.family_changes.change_child(mine.id, {"grade": "ms"})
    assert (await the_child(site, OTHER_PARENT)).grade == "ps"
    assert (await record_of(site, OTHER_PARENT)).street == "9 rue du Port"
    assert (await record_of(site)).street == "12 rue des Lilas"


async def ends(site: Site, child: RecordedChild, day: date) -> None:
    async with site.writing() as store:
        await store.family_changes.change_contact(child.contacts[0].id, {"until": day})


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (1, True)])
async def test_a_person_counts_until_the_end_of_their_last_day(
    site: Site, as_parent: Browser, days: int, counts: bool
) -> None:
    await a_known_family(site)
    child = await the_child(site)
    await ends(site, child, paris_day(site.clock()) + timedelta(days=days))
    async with site.writing() as store:
        assert bool(await store.family_record.contacts_of(child.id, site.clock())) is counts
    page = (await as_parent.get(f"/famille/enfants/{child.id}")).text
    assert ("Personnes retirées" in page) is not counts
    assert ("Peut venir chercher" in page) is counts


async def test_a_person_who_is_to_come_is_shown_with_their_first_day(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    child = await the_child(site)
    async with site.writing() as store:
        first = paris_day(site.clock()) + timedelta(days=7)
        await store.family_changes.change_contact(child.contacts[0].id, {"since": first})
        assert await store.family_record.contacts_of(child.id, site.clock()) == []
    assert (
        "À partir du lundi 30 novembre"
        in (await as_parent.get(f"/famille/enfants/{child.id}")).text
    )


async def test_nothing_is_asked_for_by_looking(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    child = await the_child(site)
    before = await site.everything_kept()
    for path in ("/famille", f"/famille/enfants/{child.id}", "/famille/changer/adresse"):
        assert (await as_parent.get(path)).status_code == 200
    assert await site.everything_kept() == before
    assert await the_changes(site, CLAIRE) == []
