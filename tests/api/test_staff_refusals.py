"""Refusing: with a reason and words, and the letter read over before it leaves."""

import pytest

from domain.states import Action, State
from tests.api.office import KARIM, REFUSAL, Office, an_office, fields_of
from tests.site import Site


@pytest.fixture
async def office(site: Site) -> Office:
    return await an_office(site, "Inès", "Noé", "Léna")


async def test_a_refusal_shows_its_letter_before_it_leaves(office: Office) -> None:
    answer = await office.agent.send_form(
        office.path(office.first, "refuser/verifier"),
        **await office.form(office.first, "refuser/verifier", "refuser"),
        reason="capacity",
        words=REFUSAL,
    )
    assert answer.status_code == 200
    for words in (REFUSAL, "article L212-8", "Voies et délais de recours", "Nadia Petit"):
        assert words in answer.text
    assert office.site.gateway.acts == []
    office.answers(Action.REFUSE, State.REFUSED)
    hidden = fields_of(answer, office.path(office.first, "refuser"))
    answer = await office.agent.send_form(office.path(office.first, "refuser"), **hidden)
    assert answer.status_code == 303
    [act] = office.site.gateway.acts
    assert (act.action, act.reason_code, act.words) == ("refuse", "capacity", REFUSAL)
    assert "Dossier d’Inès refusé." in (await office.agent.get(answer.headers["location"])).text


async def test_a_refusal_can_be_corrected_before_it_leaves(office: Office) -> None:
    answer = await office.agent.send_form(
        office.path(office.first, "refuser/verifier"),
        **await office.form(office.first, "refuser/verifier", "refuser"),
        reason="capacity",
        words=REFUSAL,
        then="edit",
    )
    assert answer.status_code == 200
    assert f">\n{REFUSAL}</textarea>" in answer.text
    assert 'value="capacity" checked' in answer.text


@pytest.mark.parametrize(
    ("reason", "words", "sentence"),
    [
        ("", REFUSAL, "Choisissez le motif du refus."),
        ("bad_mood", REFUSAL, "Choisissez le motif du refus."),
        ("capacity", " ", "Expliquez à la famille pourquoi"),
        ("capacity", "a" * 4001, "Raccourcissez l’explication"),
    ],
)
@pytest.mark.parametrize("action", ["refuser/verifier", "refuser"])
async def test_there_is_no_refusal_without_reason_and_words(
    office: Office, action: str, reason: str, words: str, sentence: str
) -> None:
    hidden = await office.form(office.first, "refuser/verifier", "refuser")
    path = office.path(office.first, action)
    answer = await office.agent.send_form(path, **hidden, reason=reason, words=words)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert words.strip() in answer.text
    assert office.site.gateway.acts == []


async def test_a_decided_dossier_is_not_refused_any_more(office: Office) -> None:
    await office.site.account(KARIM)
    await office.decided(office.first, State.APPROVED, KARIM.email)
    answer = await office.agent.get(office.path(office.first, "refuser"))
    assert answer.status_code == 409
    assert "Karim Benali a validé ce dossier" in answer.text


async def test_a_refused_dossier_says_why(office: Office) -> None:
    async with office.site.writing() as store:
        at = office.site.clock()
        await store.dossiers.move(
            office.first.id,
            {State.UNDER_REVIEW},
            State.REFUSED,
            at,
            decided_at=at,
            decision_basis="decision",
            reason_code="capacity",
            reason_words=REFUSAL,
        )
    page = (await office.agent.get(office.path(office.first))).text
    assert "n’ont plus de place" in page
    assert REFUSAL in page
