"""The other guardian: invited, let in by the child's birth date, shut out on a civil day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.deadlines import paris_day
from domain.states import State
from tests.builders import Someone
from tests.families import a_filled_draft, a_sent_dossier
from tests.guardians import is_invited, is_shared, is_shut_out
from tests.programs import a_program
from tests.questions import counted
from tests.site import AGENT, CLAIRE, GUARDIAN, OTHER_PARENT, Browser, Site

BIRTH = {"birth_date_day": "12", "birth_date_month": "3", "birth_date_year": "2023"}
WRONG = {**BIRTH, "birth_date_year": "2022"}


async def invitations(site: Site) -> list[str]:
    """The addresses that invitations were mailed to, in order."""
    await site.errands_done()
    async with site.writing() as store:
        letters = [await store.letters.find(one) for one in site.gateway.letters]
    return [one.to_address for one in letters if one and one.kind == "guardian_invitation"]


async def test_a_guardian_invites_the_other_who_gives_the_birth_date_and_sees_the_child(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    page = await as_parent.opens(f"/dossiers/{dossier.id}/acces")
    assert "Inviter l’autre parent" in page.text
    sent = await as_parent.send_form(f"/dossiers/{dossier.id}/acces", email=" Luc@Example.org ")
    assert sent.status_code == 303
    assert await invitations(site) == [GUARDIAN.email]

    luc = await site.signed_in(GUARDIAN)
    led = await luc.get("/enfants")
    assert led.status_code == 303
    invitation = await luc.opens(led.headers["location"])
    assert "de Léna" in invitation.text
    assert "Martin" not in invitation.text, "a first name only, before a yes"
    accepted = await luc.send_form(led.headers["location"], **BIRTH)
    assert accepted.headers["location"] == f"/enfants/{dossier.id}"
    child = await luc.get(f"/enfants/{dossier.id}")
    for words in ("Léna Martin", "12/03/2023", "École Jean-Moulin", "La mairie étudie"):
        assert words in child.text, words
    home = await luc.get("/accueil")
    assert f"/enfants/{dossier.id}" in home.text
    assert "A accès" in (await as_parent.get(f"/dossiers/{dossier.id}/acces")).text


async def test_the_address_typed_in_the_dossier_is_proposed(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site)
    other = {"has_other": "yes", "first_name": "Luc", "email": "luc@example.org"}
    async with site.writing() as store:
        await store.dossiers.save_answers(dossier, "autre-parent", other, site.clock())
    assert (await as_parent.get(f"/dossiers/{dossier.id}/acces")).status_code == 303, "a draft"
    async with site.writing() as store:
        at = site.clock()
        await store.dossiers.move(
            dossier.id, {State.DRAFT}, State.UNDER_REVIEW, at, submitted_at=at
        )
    assert 'value="luc@example.org"' in (await as_parent.get(f"/dossiers/{dossier.id}/acces")).text


async def test_an_invitation_says_the_same_of_an_address_with_an_account_and_of_one_without(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    await site.account(OTHER_PARENT)
    place, answers = f"/dossiers/{dossier.id}/acces", []
    for email in (OTHER_PARENT.email, "new@example.org"):
        sent = await as_parent.send_form(place, email=email)
        page = await as_parent.opens(place)
        text = page.text.replace(email, "…").replace(email.replace("@", "<wbr>@"), "…")
        is_told = "L’invitation est partie à …" in text
        answers.append((sent.status_code, sent.headers["location"], is_told))
        async with site.writing() as store:
            accesses = await store.guardian_accesses.of_dossier(dossier.id)
            (access,) = [one for one in accesses if one.email == email]
            await store.guardian_accesses.take_back(access.id, site.clock())
    assert answers[0] == answers[1] == (303, place, True)
    assert await invitations(site) == [OTHER_PARENT.email, "new@example.org"]
    async with site.writing() as store:
        letters = [await store.letters.find(one) for one in site.gateway.letters]
    assert len({one.text for one in letters if one}) == 1


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("", "adresse mail complète"),
        ("pas une adresse", "adresse mail complète"),
        ("a@b.fr\r\nBcc: x@y.fr", "adresse mail complète"),
        (CLAIRE.email, "votre propre adresse"),
    ],
)
async def test_an_address_that_cannot_be_invited_is_handed_back(
    site: Site, as_parent: Browser, email: str, words: str
) -> None:
    dossier = await a_sent_dossier(site, State.APPROVED)
    answer = await as_parent.send_form(f"/dossiers/{dossier.id}/acces", email=email)
    assert answer.status_code == 422
    assert words in answer.text
    assert await invitations(site) == []


async def test_nobody_has_the_town_write_to_a_stranger_again_and_again(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    for _ in range(20):
        await as_parent.send_form(f"/dossiers/{dossier.id}/acces", email="x@example.org")
        site.clock.waits(timedelta(minutes=3))
    assert len(await invitations(site)) == 5
    answer = await as_parent.send_form(f"/dossiers/{dossier.id}/acces", email="y@example.org")
    assert answer.status_code == 422
    site.clock.waits(timedelta(days=1))
    claire = await site.signed_in(CLAIRE)
    await claire.send_form(f"/dossiers/{dossier.id}/acces", email="x@example.org")
    assert len(await invitations(site)) == 6


async def test_a_wrong_birth_date_opens_nothing_and_the_fifth_closes_the_invitation(
    site: Site,
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    access = await is_invited(site, dossier, GUARDIAN)
    luc = await site.signed_in(GUARDIAN)
    place = f"/enfants/invitations/{access.id}"
    for _ in range(6):
        assert "une date qui existe" in (await luc.send_form(place)).text, "no guess"
    for _ in range(4):
        answer = await luc.send_form(place, **WRONG)
        assert answer.status_code == 422
        assert "Ce n’est pas la date" in answer.text
        assert 'value="2022"' in answer.text, "what was typed stays"
    assert (await luc.send_form(place, **WRONG)).headers["location"] == "/accueil"
    assert (await luc.send_form(place, **BIRTH)).status_code == 404
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 404


async def test_an_invitation_is_for_whoever_reads_that_mail_and_nobody_else(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    access = await is_invited(site, dossier, GUARDIAN)
    for who in (OTHER_PARENT, CLAIRE):
        browser = await site.signed_in(who)
        assert (await browser.get(f"/enfants/invitations/{access.id}")).status_code == 404
        answer = await browser.send_form(f"/enfants/invitations/{access.id}", **BIRTH)
        assert answer.status_code == 404
        assert (await browser.get(f"/enfants/{dossier.id}")).status_code == 404


async def test_an_invitation_ends_after_thirty_days_when_taken_back_or_declined(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    people = [Someone(f"p{number}@example.org") for number in range(3)]
    accesses = [await is_invited(site, dossier, one) for one in people]
    taken = f"/dossiers/{dossier.id}/acces/{accesses[0].id}/reprendre"
    for _ in range(2):
        assert (await as_parent.send_form(taken)).status_code == 303
    second = await site.signed_in(people[1])
    await second.send_form(f"/enfants/invitations/{accesses[1].id}", decline="1")
    site.clock.waits(timedelta(days=30))
    for who, access in zip(people, accesses, strict=True):
        browser = await site.signed_in(who)
        answer = await browser.send_form(f"/enfants/invitations/{access.id}", **BIRTH)
        assert answer.status_code == 404, who


async def test_a_stranger_cannot_take_back_an_invitation_of_another_dossier(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    access = await is_invited(site, dossier, GUARDIAN)
    karim = await site.signed_in(OTHER_PARENT)
    answer = await karim.send_form(f"/dossiers/{dossier.id}/acces/{access.id}/reprendre")
    assert answer.status_code == 404
    luc = await site.signed_in(GUARDIAN)
    assert (await luc.get(f"/enfants/invitations/{access.id}")).status_code == 200


async def test_access_ends_at_the_first_instant_of_the_day_in_paris(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    await is_shared(site, dossier, GUARDIAN, until=date(2026, 12, 1))
    for moment, status in (
        (datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC), 200),
        (datetime(2026, 11, 30, 23, 0, tzinfo=UTC), 404),
    ):
        site.clock.moment = moment
        luc = await site.signed_in(GUARDIAN)
        assert (await luc.get(f"/enfants/{dossier.id}")).status_code == status, moment


async def test_an_ended_access_is_gone_at_the_next_request_from_every_page(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    access = await is_shared(site, dossier, GUARDIAN)
    luc = await site.signed_in(GUARDIAN)
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 200
    await is_shut_out(site, access, paris_day(site.clock()))
    gone, never = await luc.get(f"/enfants/{dossier.id}"), await luc.get(f"/enfants/{'0' * 32}")
    assert gone.status_code == never.status_code == 404
    for path in ("/accueil", "/enfants"):
        page = await luc.get(path)
        assert dossier.id not in page.text
        assert "Léna" not in page.text, path


async def test_whoever_was_shut_out_is_not_let_in_again_by_an_invitation(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    await is_shared(site, dossier, GUARDIAN, until=paris_day(site.clock()))
    page = await as_parent.opens(f"/dossiers/{dossier.id}/acces")
    assert "appelez le service" in page.text
    for told in ("fermé le", "justice du", GUARDIAN.email.partition("@")[0]):
        assert told not in page.text
    for email in (GUARDIAN.email, "another@example.org"):
        answer = await as_parent.send_form(f"/dossiers/{dossier.id}/acces", email=email)
        assert answer.status_code == 422
    assert await invitations(site) == []


async def test_no_program_of_the_other_guardian_reads_the_shared_child(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    await is_shared(site, dossier, GUARDIAN)
    program = await a_program(site, GUARDIAN)
    listed = await program.reads("/dossiers")
    assert listed.status_code == 200
    assert dossier.id not in listed.text
    for path in ("", "/events", "/documents", "/letters"):
        assert (await program.reads(f"/dossiers/{dossier.id}{path}")).status_code == 404, path


async def test_a_new_person_who_was_invited_finds_the_invitation_and_not_an_empty_form(
    site: Site,
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    access = await is_invited(site, dossier, GUARDIAN)
    phone = site.browser()
    await phone.opens("/connexion")
    await phone.send_form("/connexion", email=GUARDIAN.email)
    (token,) = await site.mailed_links()
    computer = site.browser()  # where nothing remembers the way
    await computer.opens(f"/activation/{token}")
    led = await computer.send_form(f"/activation/{token}", without="1")
    assert led.headers["location"] == "/accueil"
    assert f"/enfants/invitations/{access.id}" in (await computer.get("/accueil")).text


async def test_no_name_of_a_child_writes_a_header_of_the_mail(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    name = {"first_name": "Léna\r\nBcc: x@example.org\u2028", "last_name": "Martin"}
    async with site.writing() as store:
        await store.dossiers.save_answers(dossier, "enfant", name, site.clock())
    await as_parent.send_form(f"/dossiers/{dossier.id}/acces", email=GUARDIAN.email)
    await site.errands_done()
    async with site.writing() as store:
        letter = await store.letters.find(site.gateway.letters[-1])
    assert letter is not None
    assert len(letter.subject.splitlines()) == 1
    assert letter.to_address == GUARDIAN.email


async def test_a_child_follows_two_guardians_with_at_most_ten_questions_a_page(
    site: Site,
) -> None:
    for _ in range(5):
        dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
        access = await is_shared(site, dossier, GUARDIAN)
    last = await a_sent_dossier(site, State.UNDER_REVIEW)
    waiting = await is_invited(site, last, GUARDIAN)
    luc, agent = await site.signed_in(GUARDIAN), await site.signed_in(AGENT)
    assert access.accepted_at is not None
    await luc.get("/accueil")  # reads the town's card, kept for half a minute
    for browser, path in (
        (luc, "/accueil"),
        (luc, "/enfants"),
        (luc, f"/enfants/{dossier.id}"),
        (luc, f"/enfants/invitations/{waiting.id}"),
        (agent, f"/agent/dossiers/{dossier.id}/acces"),
    ):
        with counted() as questions:
            assert (await browser.get(path)).status_code == 200
        assert len(questions) <= 10, (path, questions)
