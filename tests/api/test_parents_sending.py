"""Sending a dossier, following it, answering the town, taking it back."""

from datetime import timedelta

import pytest

from domain.messages import Outcome, Situation
from domain.states import Action, Actor, State
from tests.families import a_filled_draft, a_sent_dossier, is_asked
from tests.site import Browser, Site

KEPT = "C’est gardé. La mairie le recevra dès que le service est rétabli"
AN_ID = "c" * 32


def spaces(text: str) -> str:
    """The text with plain spaces, to compare sentences with."""
    return text.replace("\u00a0", " ")


async def test_a_draft_says_what_is_filled_and_that_it_is_not_sent(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site, without=("contacts",))
    page = await as_parent.opens(f"/dossiers/{dossier.id}")
    for words in ("Dossier de Léna", "Rempli", "À compléter", "Pas encore envoyé", dossier.number):
        assert words in page.text
    assert "Terminé" not in page.text
    assert f'href="/dossiers/{dossier.id}/contacts">Continuer' in page.text


async def test_the_recap_shows_every_answer_and_what_is_missing_without_forbidding(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site, without=("ecole",))
    text = spaces((await as_parent.opens(f"/dossiers/{dossier.id}/verifier")).text)
    for words in (
        "12 rue des Lilas",
        "12/03/2023",
        "Mère",
        "L’école souhaitée : à compléter",
        "Justificatif de domicile : à fournir",
        "Vous pouvez envoyer quand même",
        "mercredi 23 décembre 2026",
        "Envoyer le dossier",
    ):
        assert words in text, words
    assert f"/dossiers/{dossier.id}/vous?retour=verifier#first_name" in text


async def test_a_dossier_without_its_answers_is_not_sent_and_says_which_ones(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site, without=("ecole", "enfant"))
    answer = await as_parent.send_form(
        f"/dossiers/{dossier.id}/verifier", act_id=AN_ID, version=str(dossier.version)
    )
    assert answer.status_code == 422
    text = spaces(answer.text)
    assert "Le dossier n’est pas parti : des réponses manquent" in text
    assert "L’école souhaitée : à compléter" in text
    assert site.gateway.acts == []


async def test_sending_names_the_version_and_leads_to_the_receipt(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site)
    site.gateway.outcomes[Action.SUBMIT] = Outcome(applied=True, state=State.CHECKING)
    answer = await as_parent.send_form(
        f"/dossiers/{dossier.id}/verifier", act_id=AN_ID, version=str(dossier.version)
    )
    assert answer.headers["location"] == f"/dossiers/{dossier.id}/recu"
    (act,) = site.gateway.acts
    assert (act.id, act.action, act.version_seen) == (AN_ID, Action.SUBMIT, dossier.version)


async def test_the_same_sending_twice_is_one_act(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site)
    fields = {"act_id": AN_ID, "version": str(dossier.version)}
    for _ in range(2):
        answer = await as_parent.send_form(f"/dossiers/{dossier.id}/verifier", **fields)
        assert answer.status_code == 303
    assert {act.id for act in site.gateway.acts} == {AN_ID}


@pytest.mark.parametrize("version", ["0", "", "x", "9999"])
async def test_a_recap_that_is_no_longer_true_is_shown_again_instead_of_sent(
    site: Site, as_parent: Browser, version: str
) -> None:
    dossier = await a_filled_draft(site)
    page = await as_parent.send_form(
        f"/dossiers/{dossier.id}/verifier", act_id=AN_ID, version=version
    )
    assert page.status_code == 409
    assert "Des réponses ont changé" in page.text
    assert f'name="version" value="{dossier.version}"' in page.text
    assert site.gateway.acts == []


async def test_while_the_engine_is_away_the_sending_is_kept_and_says_so_everywhere(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site)
    await as_parent.send_form(
        f"/dossiers/{dossier.id}/verifier", act_id=AN_ID, version=str(dossier.version)
    )
    for place in ("/recu", "", "/verifier"):
        text = spaces((await as_parent.opens(f"/dossiers/{dossier.id}{place}")).text)
        assert KEPT in text, place
        assert "Envoyer le dossier</button>" not in text, place


async def test_the_receipt_gives_the_number_the_day_and_what_happens_next(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    text = spaces((await as_parent.opens(f"/dossiers/{dossier.id}/recu")).text)
    for words in (
        dossier.number,
        "lundi 23 novembre 2026 à 10 h 00",
        "samedi 23 janvier 2027",
        "Sans réponse de la mairie à cette date, la demande est acceptée.",
        "service scolaire",
    ):
        assert words in text, words


async def test_there_is_no_receipt_for_what_was_not_sent(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site)
    answer = await as_parent.get(f"/dossiers/{dossier.id}/recu")
    assert answer.headers["location"] == f"/dossiers/{dossier.id}"


async def test_the_dossier_itself_says_by_when_or_storage_with_its_hour(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    text = spaces((await as_parent.opens(f"/dossiers/{dossier.id}")).text)
    assert "samedi 23 janvier 2027" in text
    assert "État enregistré à 10 h 00." in text
    assert dossier.due_at is not None
    site.gateway.situations[dossier.id] = Situation(
        state=State.UNDER_REVIEW,
        since=site.clock(),
        waits_for=Actor.AGENT,
        due_at=dossier.due_at + timedelta(days=2),
        next_alarm="",
        next_alarm_at=None,
        missing=(),
        inspecting=0,
    )
    text = spaces((await as_parent.opens(f"/dossiers/{dossier.id}")).text)
    assert "lundi 25 janvier 2027" in text
    assert "État enregistré" not in text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.CHECKING, "Le portail contrôle les documents."),
        (State.UNDER_REVIEW, "La mairie étudie le dossier de Léna."),
        (State.AWAITING_FAMILY, "La mairie a besoin d’un complément"),
        (State.APPROVED, "L’inscription de Léna est validée."),
        (State.REFUSED, "L’inscription de Léna est refusée."),
        (State.WITHDRAWN, "Vous avez retiré la demande de Léna."),
        (State.CLOSED_WITHOUT_ACTION, "Le dossier de Léna est classé sans suite"),
        (State.ABANDONED, "Le brouillon de Léna est fermé"),
    ],
)
async def test_every_state_is_a_sentence_and_every_page_answers(
    site: Site, as_parent: Browser, state: State, words: str
) -> None:
    dossier = await a_sent_dossier(site, state)
    assert words in spaces((await as_parent.opens(f"/dossiers/{dossier.id}")).text)
    for place in ("/accueil", "/dossiers", f"/dossiers/{dossier.id}/documents"):
        assert (await as_parent.opens(place)).status_code == 200
    assert (await as_parent.get(f"/dossiers/{dossier.id}/recu")).status_code == 200


async def test_once_closed_nothing_is_asked_any_more(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site)
    async with site.writing() as store:
        await store.dossiers.move(dossier.id, (State.DRAFT,), State.WITHDRAWN, site.clock())
    for place in ("", "/documents"):
        page = await as_parent.opens(f"/dossiers/{dossier.id}{place}")
        assert "Aucun document." in page.text
        assert "À fournir" not in page.text


async def test_a_draft_given_up_is_not_told_as_a_request_taken_back(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site)
    async with site.writing() as store:
        await store.dossiers.move(dossier.id, (State.DRAFT,), State.WITHDRAWN, site.clock())
    for place in (f"/dossiers/{dossier.id}", "/dossiers"):
        text = spaces((await as_parent.opens(place)).text)
        assert "Brouillon abandonné" in text
        assert "retiré" not in text


async def test_a_refusal_is_told_with_its_reason(site: Site, as_parent: Browser) -> None:
    dossier = await a_sent_dossier(
        site, State.REFUSED, reason_code="not_resident", reason_words="Vous habitez à <Agen>."
    )
    text = (await as_parent.opens(f"/dossiers/{dossier.id}")).text
    assert "L’enfant n’habite pas la commune" in text
    assert "Vous habitez à &lt;Agen&gt;." in text
    assert "voies et délais de recours" in text


async def test_what_the_town_asks_comes_first_with_its_day(site: Site, as_parent: Browser) -> None:
    dossier = await a_sent_dossier(site, State.AWAITING_FAMILY)
    until = site.clock() + timedelta(days=15)
    await is_asked(
        site, dossier, until, piece="proof_of_address", reason="unreadable", words="Page 2."
    )
    text = spaces((await as_parent.opens(f"/dossiers/{dossier.id}")).text)
    assert "Le document n’est pas lisible. Page 2." in text
    assert "Merci d’avance." in text
    assert "mardi 8 décembre 2026" in text
    home = spaces((await as_parent.opens("/accueil")).text)
    assert "Compléter le dossier de Léna" in home
    assert "Il manque 1 document" in home
    assert "Justificatif de domicile" in home


async def test_answering_the_town_is_one_act(site: Site, as_parent: Browser) -> None:
    dossier = await a_sent_dossier(site, State.AWAITING_FAMILY)
    site.gateway.outcomes[Action.ANSWER] = Outcome(applied=True, state=State.CHECKING)
    answer = await as_parent.send_form(f"/dossiers/{dossier.id}/repondre", act_id=AN_ID)
    assert answer.status_code == 303
    page = await as_parent.opens(f"/dossiers/{dossier.id}")
    assert "Votre réponse est envoyée à la mairie." in page.text


async def test_answering_what_nobody_asked_is_refused_with_the_way_back(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    page = await as_parent.send_form(f"/dossiers/{dossier.id}/repondre", act_id=AN_ID)
    assert page.status_code == 409
    assert site.gateway.acts == []


async def test_withdrawing_asks_first_then_does_it(site: Site, as_parent: Browser) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    site.gateway.outcomes[Action.WITHDRAW] = Outcome(applied=True, state=State.WITHDRAWN)
    page = await as_parent.opens(f"/dossiers/{dossier.id}/retirer")
    assert "On ne peut pas revenir en arrière" in page.text
    assert site.gateway.acts == []
    answer = await as_parent.send_form(f"/dossiers/{dossier.id}/retirer", act_id=AN_ID)
    assert answer.status_code == 303
    assert [act.action for act in site.gateway.acts] == [Action.WITHDRAW]


async def test_what_is_decided_cannot_be_withdrawn(site: Site, as_parent: Browser) -> None:
    dossier = await a_sent_dossier(site, State.APPROVED)
    assert (await as_parent.get(f"/dossiers/{dossier.id}/retirer")).status_code == 303
    page = await as_parent.send_form(f"/dossiers/{dossier.id}/retirer", act_id=AN_ID)
    assert page.status_code == 409
    assert f"/dossiers/{dossier.id}" in page.text


async def test_silence_is_explained_whatever_it_means(site: Site, as_parent: Browser) -> None:
    dossier = await a_sent_dossier(site, State.REFUSED, decision_basis="silence")
    text = (await as_parent.opens(f"/dossiers/{dossier.id}")).text
    assert "La mairie n’a pas répondu à temps" in text
    assert dossier.terms.silence_basis in text
