"""One’s own telephone and recovery codes: kept sealed, changed, given up, and never in the log."""

from datetime import timedelta

from api.access.codes import code_at, new_recovery_codes
from domain.audit import What
from storage.tables import audit_log, second_factors
from tests.api.telephones import (
    CODE_PAGE,
    CODES,
    GOOD,
    LEA,
    OWN_PAGE,
    SET_UP_PAGE,
    STEP,
    secret_of,
    sets_up,
    shows_a_password,
    tries,
)
from tests.site import CLAIRE, Site


async def test_a_recovery_code_serves_once_however_it_is_typed_and_is_told_by_mail(
    site: Site,
) -> None:
    _, codes = await sets_up(site, LEA)
    typed = codes[3].upper().replace("-", " ")
    assert await tries(await shows_a_password(site, LEA), typed) == "/agent"
    assert "ne convient pas" in await tries(await shows_a_password(site, LEA), codes[3])
    await site.errands_done()
    async with site.writing() as store:
        letters = [await store.letters.find(one) for one in site.gateway.letters]
    (letter,) = (one for one in letters if one and one.kind == "recovery_code_used")
    assert letter.to_address == LEA.email
    assert "Il vous en reste 9." in letter.text


async def test_new_recovery_codes_end_the_old_ones_and_ask_for_a_code_first(site: Site) -> None:
    secret, old = await sets_up(site, LEA)
    browser = await shows_a_password(site, LEA)
    await tries(browser, code_at(secret, site.clock()))
    await browser.opens(OWN_PAGE)
    assert "ne convient pas" in (await browser.send_form(OWN_PAGE, act="codes")).text
    site.clock.waits(STEP)
    answer = await browser.send_form(OWN_PAGE, act="codes", code=code_at(secret, site.clock()))
    new = CODES.findall(answer.text)
    assert len(new) == 10
    assert "ne convient pas" in await tries(await shows_a_password(site, LEA), old[0])
    assert await tries(await shows_a_password(site, LEA), new[0]) == "/agent"


async def test_another_telephone_replaces_the_first_and_ends_the_other_sessions(
    site: Site,
) -> None:
    secret, _ = await sets_up(site, LEA)
    elsewhere = await shows_a_password(site, LEA)
    await tries(elsewhere, code_at(secret, site.clock()))
    site.clock.waits(STEP)
    browser = await shows_a_password(site, LEA)
    await tries(browser, code_at(secret, site.clock()))
    site.clock.waits(STEP)
    await browser.opens(OWN_PAGE)
    answer = await browser.send_form(OWN_PAGE, act="telephone", code=code_at(secret, site.clock()))
    assert answer.headers["location"] == f"{OWN_PAGE}/telephone"
    fresh = await secret_of(site, LEA)
    await browser.opens(f"{OWN_PAGE}/telephone")
    answer = await browser.send_form(f"{OWN_PAGE}/telephone", code=code_at(fresh, site.clock()))
    assert len(CODES.findall(answer.text)) == 10
    assert (await browser.get("/agent")).status_code == 200
    assert (await elsewhere.get("/agent")).headers["location"].startswith("/connexion?")
    site.clock.waits(STEP)
    again = await shows_a_password(site, LEA)
    assert "ne convient pas" in await tries(again, code_at(secret, site.clock()))
    assert await tries(again, code_at(fresh, site.clock())) == "/agent"


async def test_the_town_s_people_cannot_go_without(site: Site) -> None:
    secret, _ = await sets_up(site, LEA)
    browser = await shows_a_password(site, LEA)
    await tries(browser, code_at(secret, site.clock()))
    site.clock.waits(STEP)
    await browser.opens(OWN_PAGE)
    await browser.send_form(OWN_PAGE, act="remove", code=code_at(secret, site.clock()))
    again = await shows_a_password(site, LEA)
    assert (await again.get("/agent")).headers["location"].startswith(CODE_PAGE)


async def test_a_parent_may_have_one_and_may_give_it_up(site: Site) -> None:
    browser = await shows_a_password(site, CLAIRE)
    assert (await browser.get("/accueil")).status_code == 200
    await browser.opens(OWN_PAGE)
    await browser.send_form(OWN_PAGE, act="telephone")
    secret = await secret_of(site, CLAIRE)
    answer = await browser.send_form(f"{OWN_PAGE}/telephone", code=code_at(secret, site.clock()))
    assert len(CODES.findall(answer.text)) == 10
    site.clock.waits(STEP)
    again = await shows_a_password(site, CLAIRE)
    assert (await again.get("/accueil")).headers["location"].startswith(CODE_PAGE)
    assert await tries(again, code_at(secret, site.clock()), "/dossiers") == "/dossiers"
    site.clock.waits(STEP)
    await again.opens(OWN_PAGE)
    await again.send_form(OWN_PAGE, act="remove", code=code_at(secret, site.clock()))
    without = await shows_a_password(site, CLAIRE)
    assert (await without.get("/accueil")).status_code == 200


async def test_a_machine_left_open_links_no_telephone(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    browser = await site.signed_in(CLAIRE)
    await browser.opens(OWN_PAGE)
    site.clock.waits(timedelta(minutes=11))
    answer = await browser.send_form(OWN_PAGE, act="telephone")
    assert answer.status_code == 403
    assert (await browser.get(f"{OWN_PAGE}/telephone")).headers["location"] == OWN_PAGE
    answer = await browser.send_form(OWN_PAGE, act="telephone", confirm_password=GOOD)
    assert answer.headers["location"] == f"{OWN_PAGE}/telephone"


async def test_what_was_begun_and_left_is_shown_to_nobody_later(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    owner = await site.signed_in(CLAIRE)
    await owner.opens(OWN_PAGE)
    await owner.send_form(OWN_PAGE, act="telephone")
    secret = await secret_of(site, CLAIRE)
    site.clock.waits(timedelta(minutes=11))
    page = await owner.get(f"{OWN_PAGE}/telephone")
    assert page.headers["location"] == OWN_PAGE
    await owner.opens(OWN_PAGE)
    answer = await owner.send_form(f"{OWN_PAGE}/telephone", code=code_at(secret, site.clock()))
    assert answer.headers["location"] == OWN_PAGE
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        assert not await store.second_factors.is_proven(claire.id)


async def test_a_telephone_that_its_owner_is_about_to_change_is_not_linked_by_half_a_session(
    site: Site,
) -> None:
    secret, _ = await sets_up(site, LEA)
    owner = await shows_a_password(site, LEA)
    await tries(owner, code_at(secret, site.clock()))
    site.clock.waits(STEP)
    await owner.opens(OWN_PAGE)
    await owner.send_form(OWN_PAGE, act="telephone", code=code_at(secret, site.clock()))
    half = await shows_a_password(site, LEA)
    await half.opens(CODE_PAGE)
    answer = await half.send_form(
        SET_UP_PAGE, code=code_at(await secret_of(site, LEA), site.clock())
    )
    assert answer.headers["location"] == CODE_PAGE
    assert (await half.get("/agent")).headers["location"].startswith(CODE_PAGE)


async def test_neither_the_secret_nor_the_codes_can_be_read_in_the_database(site: Site) -> None:
    secret, codes = await sets_up(site, LEA)
    kept = str(await site.everything_kept())
    assert secret not in kept
    assert second_factors.name in str(await site.everything_kept())
    for code in codes:
        assert code not in kept
        assert code.replace("-", "") not in kept


async def test_what_was_shown_and_what_was_not_is_written_down(site: Site) -> None:
    secret, codes = await sets_up(site, LEA)
    browser = await shows_a_password(site, LEA)
    await tries(browser, "000000")
    await tries(browser, codes[0])
    async with site.writing() as store:
        rows = (await store.connection.execute(audit_log.select())).mappings().all()
    account = await site.account(LEA)
    said = {row["what"] for row in rows if row["actor_id"] == account.id}
    assert said >= {
        What.SECOND_FACTOR_SET,
        What.SECOND_FACTOR_FAILED,
        What.RECOVERY_CODE_USED,
    }
    assert secret not in str(rows)
    assert "000000" not in str(rows)


def test_recovery_codes_are_all_different_and_hold_enough_chance() -> None:
    codes = [code for _ in range(100) for code in new_recovery_codes()]
    assert len(set(codes)) == len(codes)
    assert {len(code.replace("-", "")) for code in codes} == {24}
