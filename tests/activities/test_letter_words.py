"""Every letter, in every situation: what it must say, and what it must never say."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import product

import pytest

from activities.letter_words import SUBJECT_LENGTH
from domain.deadlines import Delay
from domain.states import Action, State
from tests.builders import REGISTRATION
from tests.letters import (
    LINKS,
    MISSING,
    NAMES,
    PERSONAL,
    REJECTION,
    RULES,
    STATES,
    a_dossier,
    templates,
    the_letter,
)
from tests.office import NOW, SITE, Office

HEALTH = (
    "santé",
    "vaccin",
    "allerg",
    "médic",
    "médec",
    "handicap",
    "malad",
    "p.a.i",
    "pai ",
    "régime",
)
LISTS_WHAT_IS_MISSING = {"acknowledgement", "answer_received"}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def words_of_html(html: str) -> list[str]:
    """The words a mail program shows inside the town's frame."""
    inner = html.split('padding:16px 20px">', 1)[1]
    return unescape(re.sub(r"<[^>]+>", " ", inner)).split()


def test_the_situations_speak_of_every_template() -> None:
    assert templates() == {*STATES, *LINKS, *PERSONAL}
    assert {str(Action.APPROVE), str(Action.DEEM_REFUSED), str(Action.ABANDON)} < templates()


@pytest.mark.parametrize("kind", STATES)
async def test_a_letter_reads_well_in_every_situation(office: Office, kind: str) -> None:
    for rule, (name, agent) in product(RULES, (("Léna", True), ("", False))):
        dossier = await a_dossier(office, kind, terms=RULES[rule], name=name, agent=agent)
        for missing in ((), MISSING[:1], MISSING) if kind in LISTS_WHAT_IS_MISSING else ((),):
            letter = await the_letter(office, dossier, kind, missing)
            said = f"{rule} {len(missing)} {agent}\n{letter.subject}\n\n{letter.text}"
            assert "\n\n\n" not in letter.text, said
            assert not re.search(r" [:;?!»]|[{}']|None|\b1 documents| \n|\.\.", letter.text), said
            assert letter.text.startswith("Bonjour, "), said
            assert letter.subject[0].isupper(), said
            assert re.search(
                r"(?m)^\n.*" + re.escape(f"{SITE}/dossiers/{dossier.id}\n\n"), letter.text
            )
            assert letter.text.endswith(f"Dossier n°\u00a0{dossier.number}\n"), said
            assert ("votre enfant" in said.lower()) <= (not name), said
            assert [word for word in HEALTH if word in said.lower()] == [], said


@pytest.mark.parametrize("kind", STATES)
async def test_a_letter_is_the_same_in_both_parts_with_one_link_and_a_short_subject(
    office: Office, kind: str
) -> None:
    for name in NAMES:
        dossier = await a_dossier(office, kind, name=name)
        letter = await the_letter(office, dossier, kind, MISSING)
        assert len(letter.subject) <= SUBJECT_LENGTH, letter.subject
        assert "\n" not in letter.subject
        assert "Canari" not in letter.subject
        assert words_of_html(letter.html) == re.sub(r"(?m)^- ", "", letter.text).split()
        expected = [f"{SITE}/dossiers/{dossier.id}"]
        assert re.findall(r"https?://\S+", letter.text) == expected
        assert re.findall(r'href="([^"]*)"', letter.html) == expected
        assert "<b>" not in letter.html


@pytest.mark.parametrize("known", [True, False])
async def test_a_link_to_come_in_says_what_it_is_and_names_nobody(
    office: Office, known: bool
) -> None:
    async with office.open_store() as store:
        written = await office.writer.access_link(store, "claire@exemple.fr", known=known, at=NOW)
    letter = await office.letter(written)
    assert len(letter.subject) <= SUBJECT_LENGTH
    assert "une seule fois, pendant une heure" in letter.text
    assert "Si vous n’avez rien demandé" in letter.text
    assert words_of_html(letter.html) == letter.text.split()
    assert letter.html.count("<a ") == 1
    assert letter.text.startswith("Bonjour, voici le lien que vous avez demandé")
    assert "claire" not in letter.text.lower()


async def test_a_refusal_has_its_reason_its_author_and_the_ways_of_appeal(office: Office) -> None:
    text = plain((await the_letter(office, await a_dossier(office, "refuse"), "refuse")).text)
    assert "demande du lundi 23 novembre 2026" in text
    assert "Le motif : L’enfant n’habite pas la commune (code de l’éducation" in text
    assert "Votre adresse est à Autreville." in text
    assert "préparée par Sophie Garnier, Gestionnaire." in text
    assert "Voies et délais de recours\n\nVous pouvez contester cette décision." in text


@pytest.mark.parametrize("kind", ["approve", "refuse"])
async def test_a_decision_without_a_known_agent_names_nobody(office: Office, kind: str) -> None:
    dossier = await a_dossier(office, kind, agent=False)
    assert "préparée par" not in (await the_letter(office, dossier, kind)).text


async def test_a_request_lists_each_piece_with_its_reason_and_the_words_of_the_agent(
    office: Office,
) -> None:
    dossier = await office.dossier(State.UNDER_REVIEW)
    items = [
        {"piece": "child_identity", "reason": "unreadable", "words": "La photo\n\n  est floue."},
        {"piece": "proof_of_address", "reason": "outdated", "words": ""},
    ]
    (letter_id,) = (
        await office.records(
            Action.ASK_TO_COMPLETE, dossier, items=items, words="Merci.\n- à bientôt <3"
        )
    ).letters
    letter = await office.letter(letter_id)
    text = plain(letter.text)
    assert "- Identité de l’enfant : Le document n’est pas lisible. La photo est floue.\n" in text
    assert "- Justificatif de domicile : Le document n’est plus valable.\n" in text
    assert "avant la fin du mercredi 23 décembre 2026" in text
    assert "Merci." in text
    assert letter.html.count("<li>") == 2
    assert "à bientôt &lt;3" in letter.html


async def test_a_piece_of_one_child_says_whose_it_is_unless_it_is_of_its_health(
    office: Office,
) -> None:
    procedure = replace(REGISTRATION, id="a" * 32, slug="actualisation", kind="actualisation")
    names = {"first_1": "Zoé", "first_2": "Éva"}
    async with office.open_store() as store:
        await store.town.put_procedure(procedure)
        draft = await store.dossiers.open_new(procedure, office.claire.id, NOW)
        await store.dossiers.save_answers(draft, "enfants", names, NOW)
        await store.dossiers.move(draft.id, State, State.AWAITING_FAMILY, NOW, submitted_at=NOW)
        dossier = await store.dossiers.find(draft.id)
    missing = ("child_identity_1", "school_insurance_2", "care_plan_2")
    text = plain((await the_letter(office, dossier, "acknowledgement", missing)).text)
    assert "- Identité de Zoé\n- Assurance scolaire d’Éva\n- Projet d’accueil indiv" in text
    assert "(PAI)\n" in text


async def test_giving_up_a_draft_is_not_told_as_if_the_town_had_it(office: Office) -> None:
    (letter_id,) = (await office.records(Action.WITHDRAW, await office.dossier())).letters
    letter = await office.letter(letter_id)
    assert letter.subject.startswith("Brouillon de ")
    assert "vous avez abandonné votre brouillon" in letter.text
    assert "La mairie ne l’avait pas reçu." in letter.text
    assert "retiré" not in letter.text


async def test_the_number_of_a_dossier_stays_with_its_sign_in_the_subject(office: Office) -> None:
    dossier = await a_dossier(office, "acknowledgement")
    letter = await the_letter(office, dossier, "acknowledgement")
    assert f"(n°\u00a0{dossier.number})" in letter.subject


async def test_a_preview_of_a_refusal_is_the_letter_that_leaves(office: Office) -> None:
    dossier = await office.dossier(State.UNDER_REVIEW)
    at = NOW + timedelta(hours=1)
    async with office.open_store() as store:
        subject, text = await office.writer.foresee_refusal(
            store,
            dossier,
            reason_code="too_young",
            words="Léna a deux ans.",
            by=office.sophie.id,
            at=at,
        )
    (letter_id,) = (
        await office.records(
            Action.REFUSE, dossier, reason_code="too_young", words="Léna a deux ans.", at=at
        )
    ).letters
    letter = await office.letter(letter_id)
    assert (letter.subject, letter.text) == (subject, text)


@pytest.mark.parametrize(
    ("delay", "words"), [(Delay(months=4), "4 mois"), (Delay(days=1), "1 jour")]
)
async def test_the_delay_of_silence_is_said_in_words(
    office: Office, delay: Delay, words: str
) -> None:
    terms = replace(REJECTION, silence_delay=delay)
    dossier = await a_dossier(office, "deem_refused", terms=terms)
    letter = await the_letter(office, dossier, "deem_refused")
    assert f"dans le délai de {words} : votre demande" in plain(letter.text)
