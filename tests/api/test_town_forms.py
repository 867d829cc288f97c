"""The town's forms in PDF: an admin attaches one, families download it, it can be taken away."""

from dataclasses import replace

import pytest

from api.known_family import known_family
from domain.deadlines import paris_day
from domain.kinds.actualisation import RULES
from domain.kinds.rules import Requirement
from domain.texts import Code
from storage.town_forms import TownForm
from tests.api.test_consents import a_pupil
from tests.api.test_texts import publishes
from tests.builders import REGISTRATION
from tests.samples import jpeg, pdf
from tests.site import CLAIRE, Browser, Site

PAGE = "/admin/formulaires"
WITH_RULES = "texte:house_rules"
WITH_REGISTRATION = f"demarche:{REGISTRATION.id}"


async def attaches(
    admin: Browser, content: bytes = b"", name: str = "fiche 2026.pdf", place: str = WITH_RULES
) -> tuple[int, str]:
    """Send a file with its place; the status and the text of the answer."""
    answer = await admin.post(
        PAGE,
        data={"csrf": admin.csrf, "goes_with": place},
        files={"file": (name, content or pdf(), "application/pdf")},
    )
    return answer.status_code, answer.text


async def forms(site: Site) -> list[TownForm]:
    async with site.writing() as store:
        return list(await store.town_forms.all())


async def test_a_form_is_attached_and_families_download_the_same_bytes(
    site: Site, as_admin: Browser, as_parent: Browser
) -> None:
    text, content = await publishes(site), pdf()
    assert (await attaches(as_admin, content))[0] == 303
    [form] = await forms(site)
    assert (form.name, form.size_bytes) == ("fiche 2026.pdf", len(content))
    for page in ("/reglements", f"/reglements/{text.id}"):
        assert f"/reglements/formulaires/{form.id}" in (await as_parent.get(page)).text
    answer = await as_parent.get(f"/reglements/formulaires/{form.id}")
    assert answer.content == content
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert (await as_admin.get(f"{PAGE}/{form.id}")).content == content


async def test_a_new_form_takes_the_place_of_the_one_before(
    site: Site, as_admin: Browser, as_parent: Browser
) -> None:
    await attaches(as_admin)
    [first] = await forms(site)
    await attaches(as_admin, pdf(2), "fiche 2027.pdf")
    await attaches(as_admin, pdf(1), "autre.pdf", WITH_REGISTRATION)
    assert sorted(one.name for one in await forms(site)) == ["autre.pdf", "fiche 2027.pdf"]
    assert (await as_parent.get(f"/reglements/formulaires/{first.id}")).status_code == 404
    page = (await as_admin.get(PAGE)).text
    assert REGISTRATION.title in page
    assert "fiche 2027.pdf" in page


async def test_a_form_that_is_taken_away_is_gone_for_families(
    site: Site, as_admin: Browser, as_parent: Browser
) -> None:
    await attaches(as_admin)
    [form] = await forms(site)
    for _ in range(2):
        taken = await as_admin.send_form(f"{PAGE}/{form.id}/retirer")
        assert taken.status_code == 303
    assert (await as_parent.get(f"/reglements/formulaires/{form.id}")).status_code == 404
    lines = "\n".join((await site.everything_kept())["audit_log"])
    assert [lines.count(what) for what in ("form_attached", "form_taken_away")] == [1, 1]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ((jpeg(600, 800), "fiche.pdf", WITH_RULES), "n’est pas un PDF"),
        ((pdf(), "fiche.jpg", WITH_RULES), "n’est pas un PDF"),
        ((b"%PDF-" + b"x" * (7 * 1024 * 1024), "fiche.pdf", WITH_RULES), "dépasse 6"),
        ((pdf(), "fiche.pdf", "texte:moon"), "Choisissez ce que le formulaire accompagne"),
        ((pdf(), "fiche.pdf", "demarche:" + "0" * 32), "Choisissez ce que"),
        ((pdf(), "", WITH_RULES), "Choisissez un fichier PDF"),
    ],
    ids=range(6),
)
async def test_what_cannot_be_attached_is_said_and_not_kept(
    site: Site, as_admin: Browser, sent: tuple[bytes, str, str], said: str
) -> None:
    status, text = await attaches(as_admin, *sent)
    assert status == 422
    assert said in text.replace("\u00a0", " ")
    assert await forms(site) == []
    folder = site.settings.home / "files"
    assert [one for one in folder.rglob("*") if one.is_file()] == []


async def test_a_form_is_attached_by_no_form_of_another_site(site: Site, as_admin: Browser) -> None:
    as_admin.csrf = "0" * 64
    status, _ = await attaches(as_admin)
    assert status == 403
    assert await forms(site) == []


async def test_an_admin_s_pages_are_no_parent_s(site: Site, as_admin: Browser) -> None:
    await attaches(as_admin)
    [form] = await forms(site)
    parent = await site.signed_in(CLAIRE)
    for path in (
        PAGE,
        f"{PAGE}/{form.id}",
        "/admin/textes",
        f"/admin/textes/{Code.TERMS}/nouvelle",
    ):
        assert (await parent.get(path)).status_code == 404, path


async def test_the_form_of_an_actualisation_is_asked_as_a_piece_and_found_among_the_texts(
    site: Site, as_admin: Browser, as_parent: Browser
) -> None:
    await a_pupil(site)
    update = replace(REGISTRATION, id="a" * 32, slug="actualisation", kind="actualisation")
    async with site.writing() as store:
        await store.town.put_procedure(update)
    claire = await site.account(CLAIRE)
    for is_asked in (False, True):
        async with site.writing() as store:
            known = await known_family(store, claire, update, paris_day(site.clock()), agent=None)
        assert known is not None
        asked = {one.piece.code: one.requirement for one in RULES.needs(known)}
        assert asked.get("town_form") == (Requirement.OPTIONAL if is_asked else None)
        await attaches(as_admin, place=f"demarche:{update.id}")
    [form] = await forms(site)
    assert f"/reglements/formulaires/{form.id}" in (await as_parent.get("/reglements")).text
