"""The outbox as an admin sees it, and letters sent again."""

import asyncio

import pytest
from sqlalchemy import update

from domain.states import State
from storage.letters import ACCEPTED, REFUSED, RETRYING
from storage.records import new_id
from storage.tables import letters
from tests.builders import a_dossier, a_waiting_letter, an_account
from tests.databases import on_both
from tests.site import ADMIN, AGENT, CLAIRE, OTHER_PARENT, Browser, Site

REASON = "Adresse corrigée par téléphone"


async def a_letter(
    site: Site, *, status: str = REFUSED, code: str = "smtp_550", kind: str = "acknowledgement"
) -> str:
    """A letter about Claire's dossier, with what the mail server answered."""
    at = site.clock()
    async with site.writing() as store:
        owner = await an_account(store, CLAIRE, at)
        dossier = await a_dossier(store, owner, at, state=State.UNDER_REVIEW)
        letter = await a_waiting_letter(
            store,
            kind,
            owner.email,
            at,
            subject="Dossier de Léna bien reçu",
            text="Bonjour, votre dossier est bien arrivé.",
            dossier_id=dossier.id,
            account_id=owner.id,
        )
        if status != "to_send":
            await store.letters.note_try(letter, status, code, at)
    return letter


async def a_link(site: Site) -> str:
    """A letter with a link to sign in that was refused."""
    at, link = site.clock(), new_id()
    async with site.writing() as store:
        await store.accounts.add_link(link, "h" * 64, "x@example.org", at, at)
        letter = await a_waiting_letter(
            store,
            "first_link",
            "x@example.org",
            at,
            subject="Votre lien",
            text="[lien-personnel]",
            link_id=link,
        )
        await store.letters.note_try(letter, REFUSED, "smtp_550", at)
    return letter


async def test_every_letter_is_listed_with_its_state(site: Site, as_admin: Browser) -> None:
    await a_letter(site, status=ACCEPTED, code="")
    await a_letter(site)
    page = await as_admin.opens("/admin/mails")
    assert page.status_code == 200
    assert "Remis au serveur de mail" in page.text
    assert "Mail refusé par le serveur : adresse inconnue (code 550)" in page.text


@pytest.mark.parametrize(
    ("code", "cause", "advice"),
    [
        ("smtp_550", "adresse inconnue (code 550)", "Demandez la bonne adresse à la famille"),
        ("smtp_554", "Mail refusé par le serveur (code 554)", "Vérifiez l’adresse"),
        ("smtp_552", "boîte aux lettres de la famille est pleine", "Appelez la famille"),
        ("smtp_no_utf8", "adresse avec des accents", "Demandez une adresse sans accent"),
        (
            "smtp_auth_535",
            "refuse le mot de passe du portail (code 535)",
            "RIBAMBELLE_SMTP_PASSWORD",
        ),
        ("smtp_sender_550", "refuse l’adresse du portail (code 550)", "RIBAMBELLE_MAIL_FROM"),
        ("smtp_hello_554", "refuse de parler à ce serveur", "d’y autoriser le portail"),
        ("smtp_certificate", "certificat du serveur de mail n’est pas valable", "en clair"),
        ("smtp_no_tls", "ne propose pas de connexion chiffrée", "STARTTLS"),
        ("smtp_unknown_host", "nom du serveur de mail est introuvable", "RIBAMBELLE_SMTP_HOST"),
        ("smtp_protocol", "façon incompréhensible", "RIBAMBELLE_SMTP_PORT"),
    ],
)
async def test_what_a_mail_server_has_against_a_letter_is_told_with_what_to_do(
    site: Site, as_admin: Browser, code: str, cause: str, advice: str
) -> None:
    letter = await a_letter(site, code=code)
    page = await as_admin.opens(f"/admin/mails/{letter}")
    assert cause in page.text
    assert advice in page.text


@pytest.mark.parametrize(
    ("slug", "status"), [("remis", ACCEPTED), ("refuse", REFUSED), ("essai", RETRYING)]
)
async def test_a_tab_shows_the_letters_of_one_state(
    site: Site, as_admin: Browser, slug: str, status: str
) -> None:
    await a_letter(site, status=status, code="" if status == ACCEPTED else "smtp_451")
    for tab in ("remis", "refuse", "essai", "a-envoyer"):
        text = (await as_admin.opens(f"/admin/mails?etat={tab}")).text
        assert ("Dossier de Léna bien reçu" in text) is (tab == slug)


async def test_an_odd_page_or_state_is_no_error(as_admin: Browser) -> None:
    assert (await as_admin.opens("/admin/mails?etat=zzz&page=99")).status_code == 200
    assert (await as_admin.opens("/admin/mails?page=0")).status_code == 404


async def test_a_refused_letter_is_blocked_until_it_is_sent_again(
    site: Site, as_admin: Browser
) -> None:
    letter = await a_letter(site)
    assert f"/admin/mails/{letter}" in (await as_admin.opens("/admin/supervision")).text
    answer = await as_admin.send_form(
        f"/admin/mails/{letter}/renvoi", email=CLAIRE.email, reason=REASON
    )
    assert answer.status_code == 303
    assert f"/admin/mails/{letter}" not in (await as_admin.opens("/admin/supervision")).text


async def test_a_letter_sent_again_is_a_new_letter_with_the_same_words(
    site: Site, as_admin: Browser
) -> None:
    letter = await a_letter(site)
    await as_admin.opens(f"/admin/mails/{letter}")
    answer = await as_admin.send_form(
        f"/admin/mails/{letter}/renvoi", email="claire.m@example.org", reason=REASON
    )
    new = answer.headers["location"].rsplit("/", 1)[1]
    assert site.gateway.letters == [new]
    async with site.writing() as store:
        first, again = await store.letters.find(letter), await store.letters.find(new)
        assert first is not None
        assert again is not None
        account = await store.accounts.by_id(again.account_id or "")
        events = [one.what for one in await store.events.of(again.dossier_id or "")]
        done = await store.supervision.interventions(subject=letter)
    assert (again.n, again.text, again.status) == (2, first.text, "to_send")
    assert again.message_id != first.message_id
    assert again.to_address == "claire.m@example.org"
    assert account is not None
    assert account.email == "claire.m@example.org"
    assert {"address_corrected", "letter_sent_again"} <= set(events)
    assert {one.what for one in done} == {"address_corrected", "letter_sent_again"}
    assert {one.reason for one in done} == {REASON}


async def test_whoever_came_in_by_the_wrong_address_is_out_once_it_is_corrected(
    site: Site, as_admin: Browser
) -> None:
    letter = await a_letter(site)
    stranger = await site.signed_in(CLAIRE)
    await as_admin.opens(f"/admin/mails/{letter}")
    await as_admin.send_form(
        f"/admin/mails/{letter}/renvoi", email="claire.m@example.org", reason=REASON
    )
    assert (await stranger.get("/accueil")).headers["location"].startswith("/connexion")


async def test_no_admin_gives_a_colleague_another_address(site: Site, as_admin: Browser) -> None:
    letter, agent = await a_letter(site), await site.account(AGENT)
    async with site.writing() as store:
        await store.connection.execute(
            update(letters).where(letters.c.id == letter).values(account_id=agent.id)
        )
    await as_admin.opens(f"/admin/mails/{letter}")
    answer = await as_admin.send_form(
        f"/admin/mails/{letter}/renvoi", email="a.moi@example.org", reason=REASON
    )
    assert answer.status_code == 422
    assert "change elle-même son adresse" in answer.text
    assert (await site.account(AGENT)).email == AGENT.email


async def test_the_same_form_twice_sends_one_letter(site: Site, as_admin: Browser) -> None:
    letter = await a_letter(site)
    ways = [
        (
            await as_admin.send_form(
                f"/admin/mails/{letter}/renvoi",
                email=CLAIRE.email,
                reason=REASON,
                act_id="c" * 32,
            )
        ).headers["location"]
        for _ in range(2)
    ]
    assert ways[0] == ways[1]
    async with site.writing() as store:
        assert sum((await store.letters.counts()).values()) == 2


@pytest.mark.parametrize(
    ("email", "reason", "sentence"),
    [
        ("claire@", REASON, "Écrivez une adresse mail complète"),
        (OTHER_PARENT.email, REASON, "déjà celle d’une autre personne"),
        (CLAIRE.email, " ", "Indiquez la raison"),
    ],
)
async def test_what_cannot_be_taken_is_said_and_given_back(
    site: Site, as_admin: Browser, email: str, reason: str, sentence: str
) -> None:
    await site.account(OTHER_PARENT)
    letter = await a_letter(site)
    answer = await as_admin.send_form(f"/admin/mails/{letter}/renvoi", email=email, reason=reason)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{email}"' in answer.text
    assert site.gateway.letters == []


async def test_a_letter_with_a_personal_link_is_never_sent_again(
    site: Site, as_admin: Browser
) -> None:
    letter = await a_link(site)
    page = await as_admin.opens(f"/admin/mails/{letter}")
    assert "lien personnel" in page.text
    answer = await as_admin.send_form(
        f"/admin/mails/{letter}/renvoi", email="thief@example.org", reason=REASON
    )
    assert answer.status_code == 404
    assert site.gateway.letters == []


async def test_an_unknown_letter_does_not_exist(as_admin: Browser) -> None:
    assert (await as_admin.opens("/admin/mails/" + "0" * 32)).status_code == 404


@on_both
async def test_two_corrections_to_the_same_address_at_once_give_it_to_one(site: Site) -> None:
    of_claire, at = await a_letter(site), site.clock()
    async with site.writing() as store:
        karim = await an_account(store, OTHER_PARENT, at)
        of_karim = await store.letters.again(of_claire, karim.email, host="v.example", at=at)
        await store.connection.execute(
            update(letters).where(letters.c.id == of_karim).values(account_id=karim.id)
        )
        await store.letters.note_try(of_karim, REFUSED, "smtp_550", at)
    form = {"email": "la.meme@example.org", "reason": REASON}
    admins = [await site.signed_in(ADMIN) for _ in range(2)]
    answers = await asyncio.gather(
        *(
            admin.send_form(f"/admin/mails/{letter}/renvoi", **form, act_id=new_id())
            for admin, letter in zip(admins, (of_claire, of_karim), strict=True)
        )
    )
    assert sorted(one.status_code for one in answers) == [303, 422]
    (refused,) = [one.text for one in answers if one.status_code != 303]
    assert "déjà celle d’une autre personne" in refused
