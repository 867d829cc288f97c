"""Two at the same instant on what families, guardians and admins share; on both databases."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence

import httpx2
import pytest

from domain.campaigns import CampaignState
from domain.states import State
from storage.records import new_id
from tests.actualising import UPDATE, a_whole_family, is_offered
from tests.api.test_campaigns import FORM, HERE, found, lines, running
from tests.api.test_consents import PRESS, WALL, a_pupil, allowed, page_of, shared, version_in
from tests.api.test_health_records import TYPED, version_of
from tests.campaigns import ACTUALISATION, a_family
from tests.databases import on_both
from tests.guardians import is_shared
from tests.health import a_ward, is_told
from tests.site import ADMIN, CLAIRE, GUARDIAN, Browser, Site

pytestmark = on_both
SEE, STALE = 303, 409


async def at_once(*doings: Awaitable[httpx2.Response]) -> Sequence[int]:
    """How each was answered."""
    return [one.status_code for one in await asyncio.gather(*doings)]


async def two_browsers(site: Site) -> tuple[Browser, Browser]:
    return await site.signed_in(CLAIRE), await site.signed_in(CLAIRE)


async def test_an_update_begun_in_two_windows_at_once_is_one_dossier(site: Site) -> None:
    await a_whole_family(site)
    await is_offered(site)
    windows = await two_browsers(site)
    where = f"/actualisation/{UPDATE.slug}"
    answers = await asyncio.gather(
        *(one.send_form(where, act_id=new_id()) for one in windows for _ in range(3))
    )
    assert {one.status_code for one in answers} == {SEE}
    assert len({one.headers["location"] for one in answers}) == 1
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        mine = await store.dossiers.of_account(claire.id)
        opened = [one for one in mine if one.kind == UPDATE.kind]
        assert await store.dossiers.answers(opened[0].id) == await store.dossiers.beginning(
            opened[0].id
        )
    assert [one.state for one in opened] == [State.DRAFT]


async def test_of_two_guardians_who_change_a_record_at_once_one_is_shown_the_other(
    site: Site,
) -> None:
    ward = await a_ward(site)
    await is_shared(site, ward.dossier, GUARDIAN)
    await is_told(site, ward)
    claire, luc = await site.signed_in(CLAIRE), await site.signed_in(GUARDIAN)
    path = ward.page("modifier")
    seen = await version_of(claire, path)
    await luc.opens(path)
    both = await at_once(
        claire.send_form(path, version=seen, **{**TYPED, "doctor": "Docteur Un"}),
        luc.send_form(path, version=seen, **{**TYPED, "doctor": "Docteur Deux"}),
    )
    assert Counter(both) == {SEE: 1, STALE: 1}
    async with site.writing() as store:
        record = await store.health_records.of(ward.id)
    assert record is not None
    assert record.values["doctor"] == ("Docteur Un" if both[0] == SEE else "Docteur Deux")


async def test_of_two_first_records_at_once_one_stands_whole(site: Site) -> None:
    ward, (one, two) = await a_ward(site), await two_browsers(site)
    path = ward.page("modifier")
    seen = await version_of(one, path)
    await two.opens(path)
    both = await at_once(
        one.send_form(path, version=seen, **{**TYPED, "doctor": "Docteur Un"}),
        two.send_form(path, version=seen, **{**TYPED, "doctor": "Docteur Deux"}),
    )
    assert Counter(both) == {SEE: 1, STALE: 1}


async def test_image_rights_of_two_windows_at_once_are_those_of_one(site: Site) -> None:
    child = await a_pupil(site)
    one, two = await two_browsers(site)
    version = version_in((await one.opens(page_of(child))).text)
    await two.opens(page_of(child))
    both = await at_once(
        one.send_form(page_of(child), version=version, **{WALL.code: "yes"}),
        two.send_form(page_of(child), version=version, **{PRESS.code: "yes"}),
    )
    assert Counter(both) == {SEE: 1, STALE: 1}
    assert await allowed(site, child) == {WALL if both[0] == SEE else PRESS}


async def test_what_both_guardians_say_at_once_is_kept_of_both(site: Site) -> None:
    child = await a_pupil(site)
    await shared(site, child)
    claire, luc = await site.signed_in(CLAIRE), await site.signed_in(GUARDIAN)
    forms = []
    for browser in (claire, luc):
        version = version_in((await browser.opens(page_of(child))).text)
        forms.append(browser.send_form(page_of(child), version=version, **{PRESS.code: "yes"}))
    assert await at_once(*forms) == [SEE, SEE]
    assert await allowed(site, child) == {PRESS}


@pytest.fixture
async def admins(site: Site) -> tuple[Browser, Browser]:
    async with site.writing() as store:
        await a_family(store, "Petit", site.clock())
    return await site.signed_in(ADMIN), await site.signed_in(ADMIN)


async def test_a_pause_and_an_end_at_once_leave_a_campaign_that_has_ended(
    site: Site, admins: tuple[Browser, Browser]
) -> None:
    campaign = await running(site)
    where = f"{HERE}/{campaign.id}"
    acts = [
        one.send_form(f"{where}/{act}") for one, act in zip(admins, ("pause", "fin"), strict=True)
    ]
    assert await at_once(*acts) == [SEE, SEE]
    ended = await found(site, campaign.id)
    paused = await lines(site, "paused")
    assert (ended.state, ended.version) == (CampaignState.CLOSED, campaign.version + 1 + paused)
    assert await lines(site, "closed") == 1


async def test_of_two_new_last_days_at_once_one_stands_and_the_other_is_told(
    site: Site, admins: tuple[Browser, Browser]
) -> None:
    campaign = await running(site)
    where, seen = f"{HERE}/{campaign.id}/prolongation", campaign.plan.closes_on.isoformat()
    days = ("10/03/2027", "20/03/2027")
    both = await at_once(
        *(one.send_form(where, until=day, seen=seen) for one, day in zip(admins, days, strict=True))
    )
    assert sorted(both) == [SEE, 422]
    kept = (await found(site, campaign.id)).plan.closes_on
    assert f"{kept:%d/%m/%Y}" == days[both.index(SEE)]
    assert await lines(site, "extended") == 1


async def test_a_campaign_planned_twice_at_once_by_one_form_is_one(
    site: Site, admins: tuple[Browser, Browser]
) -> None:
    form = {**FORM, "act_id": new_id()}
    async with site.writing() as store:
        await store.town.put_procedure(ACTUALISATION)
    assert await at_once(*(one.send_form(HERE, **form) for one in admins)) == [SEE, SEE]
    assert len((await site.everything_kept())["campaigns"]) == 1
    assert await lines(site, "planned") == 1
