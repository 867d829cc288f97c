"""Letters on paper, from the desk's list to the sheet; and the address that comes later."""

import asyncio
from datetime import timedelta

import pytest

from domain.audit import What
from domain.paper import paper_address
from domain.states import State
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.letters import PRINTED, TO_PRINT, TO_SEND, Letter
from tests.api.office import fields_of
from tests.api.visiting import lines
from tests.builders import Someone
from tests.families import a_sent_dossier
from tests.site import ADMIN, CLAIRE, NURSERY_AGENT, OTHER_PARENT, Browser, Site

JEANNE = Someone(paper_address("a" * 32), name="Jeanne Lopez")
NEW = "jeanne@exemple.fr"


@pytest.fixture
async def letter(site: Site) -> Letter:
    """An acknowledgement to Jeanne, who has no mail: it waits to be printed."""
    dossier = await of_jeanne(site)
    async with site.writing() as store:
        letter_id = await site.app.state.house.writer.about(
            store, dossier, "acknowledgement", at=site.clock(), missing=(), until=None
        )
        found = await store.letters.find(letter_id)
    assert found is not None
    return found


async def of_jeanne(site: Site) -> Dossier:
    dossier, jeanne = await a_sent_dossier(site, State.UNDER_REVIEW), await site.account(JEANNE)
    async with site.writing() as store:
        await store.dossiers.move(
            dossier.id, set(State), State.UNDER_REVIEW, site.clock(), account_id=jeanne.id
        )
        return await store.dossiers.find(dossier.id)


def place(letter: Letter, rest: str = "") -> str:
    return f"/agent/dossiers/{letter.dossier_id}/lettres/{letter.id}{rest}"


async def now(site: Site, letter: Letter) -> Letter:
    async with site.writing() as store:
        found = await store.letters.find(letter.id)
    assert found is not None
    return found


async def family_of(site: Site) -> Account:
    return await site.account(JEANNE)


async def prints(agent: Browser, letter: Letter) -> str:
    """Press the button in the list of the desk; gives the sheet."""
    hidden = fields_of(await agent.get("/agent/accueil"), place(letter, "/imprimer"))
    answer = await agent.post(place(letter, "/imprimer"), data=hidden)
    return (await agent.get(answer.headers["location"])).text


async def test_a_letter_to_print_is_printed_in_one_press_and_is_then_done(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    assert "Accusé de réception" in (await as_agent.get("/agent/accueil")).text
    sheet = (await prints(as_agent, letter)).replace("\u00a0", " ")
    for words in ("Mairie de Valbourg", "Service scolaire", "12 rue des Lilas", "01000 Valbourg"):
        assert words in sheet
    assert "Le lundi 23 novembre 2026" in sheet
    assert "data-print" in sheet
    printed = await now(site, letter)
    assert (printed.status, printed.printed_at) == (PRINTED, site.clock())
    assert "Aucun courrier à imprimer" in (await as_agent.get("/agent/accueil")).text
    history = await as_agent.get(f"/agent/dossiers/{letter.dossier_id}/historique")
    assert "Courrier imprimé à l’accueil" in history.text


async def test_opening_a_sheet_prints_nothing(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    sheet = await as_agent.get(place(letter, "/impression"))
    assert "data-print" not in sheet.text
    assert (await now(site, letter)).status == TO_PRINT


async def test_a_letter_printed_twice_keeps_the_first_moment_and_leaves_two_lines(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    await prints(as_agent, letter)
    first = (await now(site, letter)).printed_at
    site.clock.waits(timedelta(minutes=5))
    hidden = fields_of(await as_agent.get(place(letter, "/impression")), place(letter, "/imprimer"))
    await as_agent.post(place(letter, "/imprimer"), data=hidden)
    assert (await now(site, letter)).printed_at == first
    assert len(await lines(site, What.LETTER_PRINTED)) == 2


async def test_another_department_prints_nothing(site: Site, letter: Letter) -> None:
    paul = await site.signed_in(NURSERY_AGENT)
    assert "Accusé de réception" not in (await paul.get("/agent/accueil")).text
    assert (await paul.get(place(letter, "/impression"))).status_code == 404
    refused = await paul.post(place(letter, "/imprimer"), data={"csrf": paul.csrf})
    assert refused.status_code == 404
    assert (await now(site, letter)).status == TO_PRINT


async def test_supervision_tells_of_a_letter_that_nobody_prints_for_two_working_days(
    site: Site, letter: Letter
) -> None:
    said = "attend d’être imprimé depuis plus de deux jours ouvrés"
    site.clock.waits(timedelta(days=2))
    assert said not in (await (await site.signed_in(ADMIN)).get("/admin/supervision")).text
    site.clock.waits(timedelta(days=1))
    admin = await site.signed_in(ADMIN)
    assert said in (await admin.get("/admin/supervision")).text
    outbox = await admin.get("/admin/mails?etat=a-imprimer")
    assert "À imprimer à l’accueil" in outbox.text
    one = await admin.get(f"/admin/mails/{letter.id}")
    assert "Renvoyer" not in one.text
    assert "sans-mail" not in outbox.text + one.text


async def test_the_agents_of_a_family_without_mail_never_read_its_address(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    family = await family_of(site)
    for path in (
        "/agent/familles?q=Martin",
        f"/agent/familles/{family.id}",
        f"/agent/dossiers/{letter.dossier_id}",
        f"/agent/dossiers/{letter.dossier_id}/historique",
        f"/agent/dossiers/{letter.dossier_id}/refuser",
        place(letter),
        place(letter, "/impression"),
        "/agent/accueil?q=sans-mail",
        "/agent/accueil?q=@sans",
    ):
        page = await as_agent.get(path)
        assert page.status_code == 200, path
        assert "@sans-mail" not in page.text.replace("<wbr>", ""), path
        assert family.email not in page.text.replace("<wbr>", ""), path


# The address that comes later --------------------------------------------------------------------


async def asks_for_address(site: Site, agent: Browser, address: str) -> str:
    """Type the address that the person gives; gives the link that was mailed."""
    family = await family_of(site)
    home = f"/agent/familles/{family.id}"
    hidden = fields_of(await agent.get(home), f"{home}/adresse")
    answer = await agent.post(f"{home}/adresse", data={**hidden, "email": address})
    assert answer.status_code == 303
    return (await site.mailed_links())[-1]


async def test_nobody_gives_an_address_to_a_family_without_a_duty_for_all_its_dossiers(
    site: Site, letter: Letter
) -> None:
    family, nursery = await family_of(site), await site.signed_in(NURSERY_AGENT)
    home = f"/agent/familles/{family.id}"
    page = await nursery.opens(home)
    assert f"{home}/adresse" not in page.text, letter.dossier_id
    form = {**fields_of(page, f"{home}/saisie"), "email": "a.moi@exemple.fr"}
    answer = await nursery.post(f"{home}/adresse", data=form)
    assert answer.status_code == 403
    assert await site.mailed_links() == []


async def uses(site: Site, token: str) -> Browser:
    """Open the link and press its button."""
    person = site.browser()
    await person.opens(f"/activation/{token}")
    answer = await person.send_form(f"/activation/{token}", without="1")
    assert answer.status_code == 303, answer.text
    return person


async def test_the_address_is_the_familys_once_its_link_is_used_and_letters_leave(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    token = await asks_for_address(site, as_agent, NEW)
    assert (await family_of(site)).email == JEANNE.email, "nothing before the link is used"
    jeanne = await uses(site, token)
    home = await jeanne.get("/accueil")
    assert "Léna" in home.text
    assert (await jeanne.get(f"/dossiers/{letter.dossier_id}")).status_code == 200
    await site.errands_done()
    sent = await now(site, letter)
    assert (sent.status, sent.to_address) == (TO_SEND, NEW)
    assert letter.id in site.gateway.letters
    history = await as_agent.get(f"/agent/dossiers/{letter.dossier_id}/historique")
    assert "la famille suit elle-même" in history.text
    assert len(await lines(site, What.ATTACHMENT_ASKED, What.ACCOUNT_ATTACHED)) == 2


async def test_opening_the_link_gives_the_address_to_nobody(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    token = await asks_for_address(site, as_agent, NEW)
    assert (await site.browser().get(f"/activation/{token}")).status_code == 200
    assert (await now(site, letter)).status == TO_PRINT
    async with site.writing() as store:
        assert await store.accounts.by_email(NEW) is None


async def test_a_wrong_address_is_said_beside_its_field_and_stays_typed(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    del letter
    family = await family_of(site)
    home = f"/agent/familles/{family.id}"
    hidden = fields_of(await as_agent.get(home), f"{home}/adresse")
    answer = await as_agent.post(f"{home}/adresse", data={**hidden, "email": "jeanne"})
    assert answer.status_code == 422
    assert 'value="jeanne"' in answer.text
    assert await site.mailed_links() == []


async def test_of_two_addresses_the_first_confirmed_is_the_familys(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    del letter
    first = await asks_for_address(site, as_agent, NEW)
    second = await asks_for_address(site, as_agent, "autre@exemple.fr")
    assert "Léna" in (await (await uses(site, first)).get("/accueil")).text
    assert "Léna" not in (await (await uses(site, second)).get("/accueil")).text


async def test_who_has_an_account_already_finds_the_dossier_of_the_desk_there(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    karim = await site.account(OTHER_PARENT)
    token = await asks_for_address(site, as_agent, OTHER_PARENT.email)
    browser = await uses(site, token)
    assert "Léna" in (await browser.get("/accueil")).text
    async with site.writing() as store:
        dossier = await store.dossiers.find(letter.dossier_id or "")
    assert dossier.account_id == karim.id
    sent = await now(site, letter)
    assert (sent.status, sent.to_address) == (TO_SEND, OTHER_PARENT.email)
    assert (await browser.get(f"/dossiers/{dossier.id}/lettres/{letter.id}")).status_code == 200


async def test_the_answer_says_nothing_of_whether_the_address_is_known(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    del letter
    await site.account(CLAIRE)
    family = await family_of(site)
    pages = []
    for address in (CLAIRE.email, "inconnue@example.org"):
        await asks_for_address(site, as_agent, address)
        pages.append((await as_agent.get(f"/agent/familles/{family.id}")).text)
    assert pages[0].replace(CLAIRE.email, "") == pages[1].replace("inconnue@example.org", "")


async def test_an_address_of_the_towns_people_takes_no_family(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    await site.account(ADMIN, "une phrase bien assez longue")
    token = await asks_for_address(site, as_agent, ADMIN.email)
    await uses(site, token)
    assert (await now(site, letter)).status == TO_PRINT


async def test_the_address_of_the_childs_other_parent_is_refused_and_the_link_still_serves(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    await site.account(OTHER_PARENT)
    async with site.writing() as store:
        dossier = await store.dossiers.find(letter.dossier_id or "")
        other = {
            "has_other": "yes",
            "first_name": "Karim",
            "last_name": "Haddad",
            "relation": "father",
            "phone": "",
            "email": OTHER_PARENT.email,
        }
        await store.dossiers.save_answers(dossier, "autre-parent", other, site.clock())
    token = await asks_for_address(site, as_agent, OTHER_PARENT.email)
    person = site.browser()
    for _ in range(2):
        await person.opens(f"/activation/{token}")
        answer = await person.send_form(f"/activation/{token}", without="1")
        assert answer.status_code == 403
        assert "déjà celle d’un autre parent" in answer.text
    assert (await now(site, letter)).status == TO_PRINT
    family = await family_of(site)
    async with site.writing() as store:
        assert (await store.dossiers.find(dossier.id)).account_id == family.id
    assert (await person.get("/accueil")).status_code == 303, "nobody is signed in"


async def test_a_link_used_twice_at_once_attaches_once(
    site: Site, as_agent: Browser, letter: Letter
) -> None:
    token = await asks_for_address(site, as_agent, NEW)
    people = [site.browser() for _ in range(2)]
    for person in people:
        await person.opens(f"/activation/{token}")
    answers = await asyncio.gather(
        *(person.send_form(f"/activation/{token}", without="1") for person in people)
    )
    assert sorted(one.status_code for one in answers) == [303, 410]
    assert len(await lines(site, What.ACCOUNT_ATTACHED)) == 1
    await site.errands_done()
    assert site.gateway.letters.count(letter.id) == 1
