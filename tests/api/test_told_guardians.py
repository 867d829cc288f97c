"""What another guardian reads of an actualisation or a change, says of it, and never learns."""

import re
from datetime import timedelta

import pytest

from activities.beside import Beside
from activities.letter_writer import LetterWriter, Sender
from domain.deadlines import end_of_day, paris_day
from domain.kinds.change_subjects import Subject, slug_of
from domain.questions import Answers
from domain.states import State
from storage.dossiers import Dossier
from storage.letters import Letter
from storage.records import new_id
from tests.actualising import begins, is_offered
from tests.builders import Someone
from tests.family_file import KNOWN, a_known_family, approves, record_of, refuses, sends
from tests.guardians import is_shared, is_shut_out
from tests.questions import counted
from tests.site import AGENT, CLAIRE, GUARDIAN, OTHER_PARENT, Browser, Site

EX_GUARDIAN = Someone("marc@example.org", name="Marc Vidal")
MALIK = Someone("malik@example.org", name="Malik Roy")
CANARIES: Answers = {
    **KNOWN,
    "vous": {
        **KNOWN["vous"],
        "last_name": "Canarinom",
        "phone": "06 66 66 66 66",
        "profession": "Canariste",
    },
    "adresse": {"street": "9 rue du Canari", "postal_code": "01234", "city": "Canariville"},
    "contacts": {"contact_1_name": "Canaria Amie", "contact_1_phone": "0677777777"},
}
NEVER = ("canari", "66 66 66", "0677777777", "06 77 77", "01234", "claire@")
A_SCHOOL = {"grade": "cp", "school": "e" * 32}


async def a_home(site: Site) -> tuple[Dossier, Dossier]:
    """The registrations of Léna, whom Luc follows, and of Tom, whom Malik follows."""
    lena = await a_known_family(site, answers=CANARIES)
    tom = await a_known_family(site, answers=CANARIES, first_name="Tom", birth_date="2020-01-04")
    await is_shared(site, lena, GUARDIAN)
    await is_shared(site, lena, EX_GUARDIAN, until=paris_day(site.clock()))
    await is_shared(site, tom, MALIK)
    return lena, tom


async def a_change(
    site: Site, subject: Subject, first_name: str = "", **pages: dict[str, str]
) -> Dossier:
    """Claire sends a change of this subject, about this child or about nobody in particular."""
    claire, record = await site.account(CLAIRE), await record_of(site)
    child = next((one.id for one in record.children if one.first_name == first_name), "")
    about = {"subject": subject.value, "child": child, "contact": ""}
    async with site.writing() as store:
        procedure = await store.town.procedure(slug=slug_of(subject))
        dossier = await store.dossiers.open_new(procedure, claire.id, site.clock())
        named = {"enfant": {"first_name": first_name, "last_name": "Martin"}} if child else {}
        for code, values in {"sujet": about, **named, **pages}.items():
            await store.dossiers.save_answers(dossier, code, values, site.clock())
    await sends(site, dossier)
    async with site.writing() as store:
        return await store.dossiers.find(dossier.id)


async def an_update(site: Site, browser: Browser) -> Dossier:
    """Claire sends the annual update for both children, whatever is missing."""
    await is_offered(site)
    dossier = await begins(site, browser)
    await sends(site, dossier)
    return dossier


async def is_asked_to_sign(site: Site, dossier: Dossier) -> None:
    until = end_of_day(paris_day(site.clock()) + timedelta(days=21))
    async with site.writing() as store:
        await store.holds.ask_to_cosign(dossier.id, site.clock(), until)


async def letters_to(site: Site, who: Someone) -> list[Letter]:
    account = await site.account(who)
    async with site.writing() as store:
        return [one for one in await store.letters.outbox() if one.account_id == account.id]


def tells(text: str) -> list[str]:
    return [one for one in NEVER if one in re.sub(r"\s", " ", text.lower())]


async def test_the_other_guardian_reads_what_is_asked_for_the_child_and_nothing_else(
    site: Site,
) -> None:
    lena, _ = await a_home(site)
    change = await a_change(site, Subject.SCHOOL, "Léna", ecole=A_SCHOOL)
    luc = await site.signed_in(GUARDIAN)
    page = (await luc.get(f"/enfants/{change.id}")).text
    for words in (
        "Signaler un changement d’école",
        "Pour Léna",
        "Léna Martin",
        "École Jean-Moulin",
        "CP",
        f"/enfants/{lena.id}",
        "Si vous êtes d’accord, vous n’avez rien à faire",
    ):
        assert words in page, words
    assert "nscription" not in page
    assert (tells(page), "Tom" in page) == ([], False)
    child = (await luc.get(f"/enfants/{lena.id}")).text
    home = (await luc.get("/accueil")).text
    assert "Démarches pour Léna" in child
    assert "Envoyé par l’autre parent" in home
    for shown in (child, home):
        assert f"/enfants/{change.id}" in shown
        assert "démarche pour Léna" in shown
        assert (tells(shown), "Tom" in shown) == ([], False)
    (letter,) = await letters_to(site, GUARDIAN)
    assert letter.kind == "other_informed"
    assert "une démarche qui concerne Léna" in letter.text
    assert "Signaler un changement d’école" in letter.text
    assert f"/enfants/{change.id}" in letter.text
    assert (tells(letter.text), "Tom" in letter.text) == ([], False)


@pytest.mark.parametrize(
    ("subject", "first_name", "readers"),
    [
        (Subject.SCHOOL, "Léna", {GUARDIAN}),
        (Subject.SCHOOL, "Tom", {MALIK}),
        (Subject.CUSTODY, "Léna", {GUARDIAN}),
        (Subject.IDENTITY, "Tom", {MALIK}),
        (Subject.IDENTITY, "", set()),
        (Subject.PAYER, "", {GUARDIAN, MALIK}),
        (Subject.ADDRESS, "", set()),
        (Subject.CONTACT_DETAILS, "", set()),
        (Subject.CONTACTS, "Léna", set()),
    ],
)
async def test_a_change_is_there_for_whom_it_concerns_and_for_nobody_else(
    site: Site, subject: Subject, first_name: str, readers: set[Someone]
) -> None:
    await a_home(site)
    change = await a_change(site, subject, first_name)
    for who in (GUARDIAN, MALIK, EX_GUARDIAN, OTHER_PARENT, CLAIRE, AGENT):
        browser = await site.signed_in(who)
        may = who in readers
        for place in (f"/enfants/{change.id}", f"/enfants/{change.id}/desaccord"):
            assert (await browser.get(place)).status_code == (200 if may else 404), who.email
        for act in ("desaccord", "desaccord/lever", "accord"):
            if not may:
                answer = await browser.send_form(f"/enfants/{change.id}/{act}", act_id=new_id())
                assert answer.status_code == 404, (who.email, act)
        assert (f"/enfants/{change.id}" in (await browser.get("/accueil")).text) is may
    assert site.gateway.acts == []
    told = {one for one in (GUARDIAN, MALIK, EX_GUARDIAN) if await letters_to(site, one)}
    assert told == readers


async def test_of_an_update_for_two_children_each_guardian_reads_of_their_own(
    site: Site, as_parent: Browser
) -> None:
    await a_home(site)
    update = await an_update(site, as_parent)
    for who, mine, other in ((GUARDIAN, "Léna", "Tom"), (MALIK, "Tom", "Léna")):
        browser = await site.signed_in(who)
        page = (await browser.get(f"/enfants/{update.id}")).text
        assert f"Pour {mine}" in page
        (letter,) = await letters_to(site, who)
        assert f"qui concerne {mine}" in f"{letter.subject} {letter.text}"
        for said in (page, (await browser.get("/accueil")).text, letter.subject, letter.text):
            assert (tells(said), other in said) == ([], False)
        asks = (await browser.get(f"/enfants/{update.id}/desaccord")).text
        assert f"La décision sur la démarche pour {mine} est alors suspendue" in asks
        assert other not in asks


async def test_a_signature_is_the_first_thing_to_do_on_the_home_of_the_other_guardian(
    site: Site,
) -> None:
    await a_home(site)
    change = await a_change(site, Subject.CUSTODY, "Léna")
    await is_asked_to_sign(site, change)
    luc = await site.signed_in(GUARDIAN)
    home = (await luc.get("/accueil")).text
    assert "Donner votre accord pour la démarche pour Léna" in home
    await luc.opens(f"/enfants/{change.id}")
    await luc.send_form(f"/enfants/{change.id}/accord", act_id=new_id())
    (act,) = site.gateway.acts
    assert (act.action, act.dossier_id) == ("cosign", change.id)
    account = await site.account(GUARDIAN)
    async with site.writing() as store:
        await store.holds.sign(change.id, account.id, site.clock())
    assert "Donner votre accord" not in (await luc.get("/accueil")).text


async def test_a_decision_is_told_in_the_words_of_what_was_asked(site: Site) -> None:
    await a_home(site)
    yes, no = (
        await a_change(site, Subject.SCHOOL, "Léna"),
        await a_change(site, Subject.CUSTODY, "Léna"),
    )
    await approves(site, yes)
    await refuses(site, no)
    luc = await site.signed_in(GUARDIAN)
    approved = (await luc.get(f"/enfants/{yes.id}")).text
    refused = (await luc.get(f"/enfants/{no.id}")).text
    assert "La démarche pour Léna est validée." in approved
    assert "Modification validée" in approved
    assert "La démarche pour Léna est refusée." in refused
    assert "Modification refusée" in refused
    assert "nscription" not in approved + refused


async def test_what_was_decided_long_ago_leaves_the_home_and_stays_on_the_page_of_the_child(
    site: Site,
) -> None:
    lena, _ = await a_home(site)
    change = await a_change(site, Subject.SCHOOL, "Léna")
    await approves(site, change)
    site.clock.waits(timedelta(days=31))
    luc = await site.signed_in(GUARDIAN)
    assert f"/enfants/{change.id}" not in (await luc.get("/accueil")).text
    assert f"/enfants/{change.id}" in (await luc.get(f"/enfants/{lena.id}")).text


async def test_whoever_is_shut_out_of_the_child_is_shut_out_of_all_that_concerns_it(
    site: Site,
) -> None:
    lena, _ = await a_home(site)
    change = await a_change(site, Subject.PAYER)
    async with site.writing() as store:
        (access,) = [
            one
            for one in await store.guardian_accesses.of_dossier(lena.id)
            if one.email == GUARDIAN.email
        ]
    luc = await site.signed_in(GUARDIAN)
    assert (await luc.get(f"/enfants/{change.id}")).status_code == 200
    await is_shut_out(site, access, paris_day(site.clock()))
    for place in (f"/enfants/{change.id}", f"/enfants/{change.id}/desaccord"):
        assert (await luc.get(place)).status_code == 404
    assert f"/enfants/{change.id}" not in (await luc.get("/accueil")).text


async def test_the_pages_of_whoever_follows_ask_ten_questions_at_most(site: Site) -> None:
    lena, _ = await a_home(site)
    for _ in range(3):
        change = await a_change(site, Subject.SCHOOL, "Léna", ecole=A_SCHOOL)
        await is_asked_to_sign(site, change)
    luc = await site.signed_in(GUARDIAN)
    await luc.get("/enfants")  # reads the town's card, kept for half a minute
    pages = ("/accueil", f"/enfants/{lena.id}", f"/enfants/{change.id}")
    for place in (*pages, f"/enfants/{change.id}/desaccord"):
        with counted() as questions:
            assert (await luc.get(place)).status_code == 200
        assert len(questions) <= 10, (place, questions)


async def test_what_the_guardian_who_did_not_send_it_says_freezes_the_decision(site: Site) -> None:
    await a_home(site)
    change = await a_change(site, Subject.PAYER)
    luc, account = await site.signed_in(GUARDIAN), await site.account(GUARDIAN)
    place = f"/enfants/{change.id}/desaccord"
    await luc.opens(place)
    sent = await luc.send_form(place, words="Non.", act_id=new_id())
    assert sent.headers["location"] == f"/enfants/{change.id}"
    (act,) = site.gateway.acts
    assert (act.action, act.actor, act.subject) == ("object", "guardian", account.id)
    async with site.writing() as store:
        await store.acts.settle(act.id, "applied", site.clock())
        await store.holds.object(act.id, change.id, account.id, site.clock())
        moved = {State.CHECKING, State.AWAITING_FAMILY}
        await store.dossiers.move(change.id, moved, State.UNDER_REVIEW, site.clock())
    agent = await site.signed_in(AGENT)
    desk = (await agent.get(f"/agent/dossiers/{change.id}")).text
    assert "rien ne se décide avant que ce soit réglé" in desk.replace("Rien", "rien")


@pytest.mark.parametrize(
    "kind", ["other_informed", "cosign_asked", "cosign_reminder", "objection_settled"]
)
async def test_no_letter_to_a_guardian_names_a_brother_or_a_sister_they_do_not_follow(
    site: Site, as_parent: Browser, kind: str
) -> None:
    await a_home(site)
    update = await an_update(site, as_parent)
    writer = LetterWriter(Sender(site.settings.site_url, "portail@v.example", "s" * 40))
    luc = await site.account(GUARDIAN)
    async with site.writing() as store:
        dossier = await store.dossiers.find(update.id)
        assert "Tom" in dossier.child_first_name
        beside = Beside(store, writer, dossier, site.clock())
        ids = await beside.to_guardian(luc.id, kind, until="lundi 4 janvier 2027", words="Réglé.")
        letter = await store.letters.find(ids[0])
    assert letter is not None
    said = f"{letter.subject} {letter.text} {letter.html}"
    assert "démarche qui concerne Léna" in said.replace("\u00a0", " ")
    assert (tells(said), "Tom" in said, "inscription" in said.lower()) == ([], False, False)
