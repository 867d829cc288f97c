"""Images of a child: a guardian says yes and no, takes back in one click, and the town is told."""

import re
from datetime import timedelta

import pytest

from domain.consents import CELLS, Cell, Medium, Use
from domain.deadlines import paris_day
from domain.guardian_access import GuardianAccess
from domain.states import State
from storage.letters import Letter
from tests.builders import SCHOOLS, Someone
from tests.families import ANSWERS, a_sent_dossier
from tests.guardians import is_shared, is_shut_out
from tests.site import AGENT, CLAIRE, GUARDIAN, OTHER_PARENT, Browser, Site

WALL = Cell(Use.DISPLAY, Medium.GROUP)
PRESS = Cell(Use.PRESS, Medium.INDIVIDUAL)
YEAR = "2026-2027"


async def a_pupil(site: Site) -> str:
    """Claire's registered child, shared with nobody."""
    dossier = await a_sent_dossier(site, State.APPROVED)
    async with site.writing() as store:
        return await store.households.admit(dossier, ANSWERS, CLAIRE.email, site.clock())


async def shared(site: Site, child_id: str, who: Someone = GUARDIAN) -> GuardianAccess:
    """This person follows the child as well."""
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        child = await store.family_record.child_for(claire.id, child_id, site.clock())
        assert child is not None
        dossier = await store.dossiers.find(child.dossier_id or "")
    return await is_shared(site, dossier, who)


def page_of(child_id: str) -> str:
    return f"/famille/enfants/{child_id}/autorisations"


async def ticks(browser: Browser, child_id: str, *cells: Cell) -> int:
    """Open the page, tick these and save; gives the status of the answer."""
    page = await browser.opens(page_of(child_id))
    answer = await browser.send_form(
        page_of(child_id), version=version_in(page.text), **{cell.code: "yes" for cell in cells}
    )
    return answer.status_code


def version_in(html: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', html)
    assert found is not None
    return found[1]


async def allowed(site: Site, child_id: str) -> frozenset[Cell]:
    async with site.writing() as store:
        return (await store.consents.of_child(child_id, site.clock())).allowed(YEAR)


async def letters_to_schools(site: Site) -> list[Letter]:
    """What left for the department, in order."""
    await site.errands_done()
    async with site.writing() as store:
        letters = [await store.letters.find(one) for one in site.gateway.letters]
    return [one for one in letters if one and one.to_address == SCHOOLS.email]


async def test_every_box_begins_empty_and_nothing_is_allowed(site: Site) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    page = await claire.opens(page_of(child_id))
    assert page.status_code == 200
    assert page.text.count('type="checkbox"') == len(CELLS)
    assert " checked" not in page.text
    assert await allowed(site, child_id) == frozenset()


async def test_what_is_ticked_is_allowed_and_the_rest_is_a_no(site: Site) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    assert await ticks(claire, child_id, WALL, PRESS) == 303
    assert await allowed(site, child_id) == {WALL, PRESS}
    page = (await claire.opens(page_of(child_id))).text
    assert page.count(" checked") == 2
    assert "Autorisé" in page
    assert await ticks(claire, child_id, WALL) == 303
    assert await allowed(site, child_id) == {WALL}


async def test_one_click_takes_back_and_another_undoes_it(site: Site) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    await ticks(claire, child_id, WALL, PRESS)
    for _ in range(2):
        answer = await claire.send_form(f"{page_of(child_id)}/retirer", cell=PRESS.code)
        assert answer.status_code == 303
    assert await allowed(site, child_id) == {WALL}
    assert "Annuler ce retrait" in (await claire.opens(page_of(child_id))).text
    await claire.send_form(f"{page_of(child_id)}/remettre")
    assert await allowed(site, child_id) == {WALL, PRESS}
    await claire.send_form(f"{page_of(child_id)}/retirer", cell="all")
    assert await allowed(site, child_id) == frozenset()
    site.clock.waits(timedelta(minutes=11))
    assert "Annuler ce retrait" not in (await claire.opens(page_of(child_id))).text
    await claire.send_form(f"{page_of(child_id)}/remettre")
    assert await allowed(site, child_id) == frozenset()


@pytest.mark.parametrize("cell", ["", "image_moon_group", "terms"])
async def test_taking_back_what_nobody_gave_changes_nothing(site: Site, cell: str) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    await ticks(claire, child_id, WALL)
    assert (await claire.send_form(f"{page_of(child_id)}/retirer", cell=cell)).status_code == 303
    assert await allowed(site, child_id) == {WALL}


async def test_the_department_is_told_what_ends_and_of_nothing_else(site: Site) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    await ticks(claire, child_id, WALL, PRESS)
    assert await letters_to_schools(site) == []
    await claire.send_form(f"{page_of(child_id)}/retirer", cell=PRESS.code)
    [letter] = await letters_to_schools(site)
    assert "Léna Martin" in letter.text
    assert "Presse locale" in letter.text
    assert "Affichage" not in letter.text


async def test_a_yes_that_never_counted_ends_without_a_letter(site: Site) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    await shared(site, child_id)
    await ticks(claire, child_id, PRESS)
    await claire.send_form(f"{page_of(child_id)}/retirer", cell=PRESS.code)
    assert await letters_to_schools(site) == []


async def test_both_guardians_have_to_say_yes_each_from_their_own_account(site: Site) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    await shared(site, child_id)
    luc = await site.signed_in(GUARDIAN)
    await ticks(claire, child_id, PRESS)
    assert await allowed(site, child_id) == frozenset()
    assert (
        "Il manque encore l’accord d’un autre responsable légal"
        in (await claire.opens(page_of(child_id))).text
    )
    await ticks(luc, child_id, PRESS)
    assert await allowed(site, child_id) == {PRESS}
    await luc.send_form(f"{page_of(child_id)}/retirer", cell="all")
    assert await allowed(site, child_id) == frozenset()
    assert len(await letters_to_schools(site)) == 1


def main_of(html: str) -> str:
    """What the page itself says, without the tokens of its forms."""
    return re.sub(r'value="\w{30,}"', "", html.partition("<main")[2].partition("</main")[0])


async def test_neither_guardian_reads_what_the_other_said(site: Site) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    await shared(site, child_id)
    luc = await site.signed_in(GUARDIAN)
    await ticks(claire, child_id, PRESS)
    await claire.opens(page_of(child_id))
    silent = main_of((await claire.opens(page_of(child_id))).text)
    assert " checked" not in (await luc.opens(page_of(child_id))).text
    await ticks(luc, child_id)  # a no to everything
    told = main_of((await claire.opens(page_of(child_id))).text)
    assert told == silent
    assert "luc" not in told.lower()


async def test_whoever_s_access_ends_is_out_and_counts_no_more(site: Site) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    access, luc = await shared(site, child_id), await site.signed_in(GUARDIAN)
    await ticks(claire, child_id, PRESS)
    await is_shut_out(site, access, paris_day(site.clock()))
    assert (await luc.get(page_of(child_id))).status_code == 404
    assert (await luc.send_form(page_of(child_id), version="0")).status_code == 404
    assert await allowed(site, child_id) == {PRESS}


async def test_another_family_finds_no_such_page(site: Site) -> None:
    child_id, karim = await a_pupil(site), await site.signed_in(OTHER_PARENT)
    for path in ("", "/retirer", "/remettre"):
        assert (await karim.send_form(f"{page_of(child_id)}{path}")).status_code == 404
    assert (await karim.get(page_of(child_id))).status_code == 404


async def test_what_changed_in_another_window_is_shown_beside_what_was_ticked(site: Site) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    old = version_in((await claire.opens(page_of(child_id))).text)
    await ticks(claire, child_id, PRESS)
    stale = await claire.send_form(page_of(child_id), version=old, **{WALL.code: "yes"})
    assert stale.status_code == 409
    assert "Vos choix ont changé dans une autre fenêtre" in stale.text
    assert re.search(rf'name="{WALL.code}" value="yes" checked', stale.text)
    assert not re.search(rf'name="{PRESS.code}" value="yes" checked', stale.text)
    assert await allowed(site, child_id) == {PRESS}
    again = await claire.send_form(
        page_of(child_id), version=version_in(stale.text), **{WALL.code: "yes"}
    )
    assert again.status_code == 303
    assert await allowed(site, child_id) == {WALL}


async def test_the_same_form_sent_twice_is_no_conflict(site: Site) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    old = version_in((await claire.opens(page_of(child_id))).text)
    for _ in range(2):
        sent = await claire.send_form(page_of(child_id), version=old, **{WALL.code: "yes"})
        assert sent.status_code == 303
    account = await site.account(CLAIRE)
    async with site.writing() as store:
        said = await store.consents.of_account(account.id)
    assert len(said) == len(CELLS)


async def test_a_new_school_year_begins_with_nothing(site: Site) -> None:
    child_id = await a_pupil(site)
    claire = await site.signed_in(CLAIRE)
    await ticks(claire, child_id, WALL, PRESS)
    site.clock.waits(timedelta(days=300))
    claire = await site.signed_in(CLAIRE)
    page = (await claire.opens(page_of(child_id))).text
    assert " checked" not in page
    assert "2027-2028" in page
    async with site.writing() as store:
        rights = await store.consents.of_child(child_id, site.clock())
    assert rights.allowed("2027-2028") == frozenset()


async def test_yes_and_taking_back_leave_a_line_each(site: Site) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    await ticks(claire, child_id)
    await ticks(claire, child_id, PRESS)
    await claire.send_form(f"{page_of(child_id)}/retirer", cell="all")
    lines = "\n".join((await site.everything_kept())["audit_log"])
    assert [lines.count(what) for what in ("images_allowed", "images_taken_back")] == [1, 1]
    assert AGENT.email not in lines
