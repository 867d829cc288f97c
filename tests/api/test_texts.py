"""Texts to accept: published by an admin for a day, read and accepted by each guardian."""

import re
from datetime import timedelta

import pytest

from domain.texts import MOST_SIGNS, Code
from storage.texts import Text
from tests.api.test_consents import a_pupil, shared
from tests.site import ADMIN, CLAIRE, GUARDIAN, Browser, Site

NEW = "/admin/textes/house_rules/nouvelle"
TYPED = {
    "title": "Règlement intérieur",
    "body": "# Horaires\nDe 7 h 30 à 18 h 30.\n\n- <b>repas</b>",
    "effective_from": "23/11/2026",
    "version": "0",
}


async def publishes(site: Site, code: Code = Code.HOUSE_RULES, after: int = 0) -> Text:
    """A version that counts from today."""
    admin = await site.account(ADMIN)
    async with site.writing() as store:
        text = await store.texts.publish(
            code,
            after=after,
            title=f"Texte {after + 1}",
            body="# Horaires\nDe 7 h 30 à 18 h 30.",
            effective_from=site.clock().date(),
            by=admin.id,
            at=site.clock(),
        )
    assert text is not None
    return text


async def versions(site: Site, code: Code = Code.HOUSE_RULES) -> list[Text]:
    async with site.writing() as store:
        return list(await store.texts.versions(code))


async def accepts(browser: Browser, text: Text, **fields: str) -> int:
    await browser.opens(f"/reglements/{text.id}")
    return (await browser.send_form(f"/reglements/{text.id}", **fields)).status_code


async def test_an_admin_looks_before_publishing_and_nothing_is_published_by_looking(
    site: Site, as_admin: Browser
) -> None:
    form = await as_admin.opens(NEW)
    assert 'name="version" value="0"' in form.text
    preview = await as_admin.send_form(NEW, **TYPED)
    assert preview.status_code == 200
    assert "<h3>Horaires</h3>" in preview.text
    assert "&lt;b&gt;repas&lt;/b&gt;" in preview.text
    assert await versions(site) == []
    back = await as_admin.send_form(NEW, **TYPED, then="edit")
    assert "# Horaires" in back.text
    assert await versions(site) == []


async def test_a_text_is_published_once_however_often_the_form_comes(
    site: Site, as_admin: Browser
) -> None:
    for _ in range(2):
        answer = await as_admin.send_form(NEW, **TYPED, then="publish")
        assert answer.status_code == 303
    [text] = await versions(site)
    assert (text.version, text.title) == (1, "Règlement intérieur")
    lines = [one for one in (await site.everything_kept())["audit_log"] if "text_published" in one]
    assert len(lines) == 1
    assert "Horaires" not in lines[0]
    page = (await as_admin.get("/admin/textes")).text
    assert "En vigueur" in page
    assert "0\u00a0personne" in page
    assert "De 7 h 30" in (await as_admin.get("/admin/textes/house_rules/1")).text
    assert (await as_admin.get("/admin/textes/house_rules/2")).status_code == 404


async def test_of_two_admins_the_second_sees_what_the_first_published_and_loses_nothing(
    site: Site, as_admin: Browser
) -> None:
    await as_admin.send_form(NEW, **TYPED, then="publish")
    mine = {**TYPED, "body": "Un tout autre texte."}
    conflict = await as_admin.send_form(NEW, **mine, then="publish")
    assert conflict.status_code == 409
    assert "De 7 h 30 à 18 h 30." in conflict.text
    assert "Un tout autre texte." in conflict.text
    assert [one.version for one in await versions(site)] == [1]
    seen = re.search(r'name="version" value="(\d)"', conflict.text)
    assert seen is not None
    again = {**mine, "version": seen[1]}
    assert (await as_admin.send_form(NEW, **again, then="publish")).status_code == 303
    assert [one.version for one in await versions(site)] == [2, 1]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", ""),
        ("body", " \n"),
        ("body", "é" * (MOST_SIGNS + 1)),
        ("effective_from", "22/11/2026"),
        ("effective_from", "31/02/2027"),
    ],
)
async def test_what_cannot_be_published_comes_back_as_it_was_typed(
    site: Site, as_admin: Browser, field: str, text: str
) -> None:
    wrong = {**TYPED, field: text}
    answer = await as_admin.send_form(NEW, **wrong, then="publish")
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert all(
        value.split("\n")[-1][-20:].replace("<", "&lt;").replace(">", "&gt;") in answer.text
        for name, value in wrong.items()
        if name != field
    )
    assert await versions(site) == []


async def test_a_parent_reads_ticks_and_accepts_and_the_version_and_day_are_shown(
    site: Site, as_parent: Browser
) -> None:
    await a_pupil(site)
    text = await publishes(site)
    assert "À accepter" in (await as_parent.get("/reglements")).text
    assert await accepts(as_parent, text) == 422
    for _ in range(2):
        assert await accepts(as_parent, text, accepted="yes") == 303
    page = (await as_parent.get(f"/reglements/{text.id}")).text
    assert "Vous avez accepté la version 1 le lundi 23 novembre 2026." in page
    assert "J’ai lu et j’accepte" not in page
    lines = [one for one in (await site.everything_kept())["audit_log"] if "text_accepted" in one]
    assert len(lines) == 1


async def test_each_guardian_accepts_for_themselves(site: Site, as_parent: Browser) -> None:
    child_id = await a_pupil(site)
    await shared(site, child_id)
    text = await publishes(site)
    await accepts(as_parent, text, accepted="yes")
    luc = await site.signed_in(GUARDIAN)
    assert "À accepter" in (await luc.get("/reglements")).text
    assert await accepts(luc, text, accepted="yes") == 303


async def test_a_new_version_asks_again_and_the_old_one_stays_readable(
    site: Site, as_parent: Browser
) -> None:
    await a_pupil(site)
    first = await publishes(site)
    await accepts(as_parent, first, accepted="yes")
    second = await publishes(site, after=1)
    assert "À accepter" in (await as_parent.get("/reglements")).text
    old = (await as_parent.get(f"/reglements/{first.id}")).text
    assert "Cette version n’est plus en vigueur." in old
    assert "Vous avez accepté la version 1" in old
    answer = await as_parent.send_form(f"/reglements/{first.id}", accepted="yes")
    assert answer.headers["location"] == f"/reglements/{second.id}"
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        assert [one.version for one in await store.texts.accepted_by(claire.id)] == [1]


async def test_a_text_of_a_day_to_come_is_read_and_not_accepted_yet(
    site: Site, as_parent: Browser, as_admin: Browser
) -> None:
    await publishes(site, Code.TERMS)
    later = {**TYPED, "version": "1", "effective_from": "01/12/2026"}
    await as_admin.send_form("/admin/textes/terms/nouvelle", **later, then="publish")
    [coming, today] = await versions(site, Code.TERMS)
    assert f"/reglements/{coming.id}" in (await as_parent.get("/reglements")).text
    page = (await as_parent.get(f"/reglements/{coming.id}")).text
    assert "Cette version ne compte pas encore." in page
    answer = await as_parent.send_form(f"/reglements/{coming.id}", accepted="yes")
    assert answer.headers["location"] == f"/reglements/{today.id}"
    site.clock.waits(timedelta(days=8))
    parent = await site.signed_in(CLAIRE)
    assert await accepts(parent, coming, accepted="yes") == 303


async def test_a_notice_is_read_and_never_accepted(site: Site, as_parent: Browser) -> None:
    notice = await publishes(site, Code.IMAGE_NOTICE)
    page = await as_parent.get(f"/reglements/{notice.id}")
    assert "J’ai lu et j’accepte" not in page.text
    assert await accepts(as_parent, notice, accepted="yes") == 404


@pytest.mark.parametrize("path", ["/reglements/" + "0" * 32, "/reglements/rien"])
async def test_a_text_that_is_not_there_is_a_page_that_is_not_there(
    as_parent: Browser, path: str
) -> None:
    assert (await as_parent.get(path)).status_code == 404
    assert (await as_parent.send_form(path, accepted="yes")).status_code == 404
