"""Deciding: approve, ask for a complement, refuse, take a request back; once, on what was seen."""

from datetime import timedelta

import pytest

from domain.deadlines import Delay, ends
from domain.states import Action, State
from tests.api.office import Office, an_office, fields_of
from tests.builders import Someone
from tests.reviews import PIECES
from tests.site import CLAIRE, Site

CHILD, GUARDIAN, ADDRESS = PIECES
KARIM = Someone("karim@v.example", "agent", "Karim Benali", "Service scolaire", "scolaire")
WORDS = "Les écoles sont complètes pour les enfants des autres communes."


@pytest.fixture
async def office(site: Site) -> Office:
    return await an_office(site, "Inès", "Noé", "Léna")


# Approve ------------------------------------------------------------------------------------------


async def test_five_clicks_approve_a_dossier_and_open_the_next(office: Office) -> None:
    office.answers(Action.APPROVE, State.APPROVED)
    await office.agent.opens(office.path(office.first))
    await office.marks(office.first, *PIECES)
    answer = await office.sends(office.first, "valider")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{office.path(office.dossiers[1])}?file=a-verifier"
    assert "Dossier d’Inès validé." in (await office.agent.get(answer.headers["location"])).text
    [act] = office.site.gateway.acts
    assert (act.action, act.version_seen) == ("approve", office.first.version)


async def test_after_the_last_one_comes_the_first_that_stays(office: Office) -> None:
    office.answers(Action.APPROVE, State.APPROVED)
    answer = await office.sends(office.dossiers[-1], "valider")
    assert answer.headers["location"].startswith(office.path(office.first))


async def test_after_the_only_one_comes_the_empty_queue(site: Site) -> None:
    office = await an_office(site, "Tom")
    office.answers(Action.APPROVE, State.APPROVED)
    answer = await office.sends(office.first, "valider")
    assert answer.headers["location"] == "/agent/dossiers?file=a-verifier"


async def test_a_decision_goes_on_in_the_list_it_was_taken_in(office: Office) -> None:
    office.answers(Action.APPROVE, State.APPROVED)
    answer = await office.sends(office.dossiers[1], "valider", file="tous", q="martin")
    assert answer.headers["location"] == f"{office.path(office.first)}?file=tous&q=martin"


async def test_the_same_form_twice_is_one_act(office: Office) -> None:
    office.answers(Action.APPROVE, State.APPROVED)
    hidden = await office.form(office.first, "valider")
    for _ in range(2):
        answer = await office.agent.send_form(office.path(office.first, "valider"), **hidden)
        assert answer.status_code == 303
    assert len({act.id for act in office.site.gateway.acts}) == 1


async def test_a_dossier_with_a_piece_to_replace_cannot_be_approved(office: Office) -> None:
    hidden = await office.form(office.first, "valider")
    await office.marks(office.first, CHILD, mark="to_replace")
    answer = await office.agent.send_form(office.path(office.first, "valider"), **hidden)
    assert answer.status_code == 422
    assert "demandez un complément, ou changez d’avis" in answer.text
    assert office.site.gateway.acts == []


async def test_an_act_kept_while_the_engine_is_away_says_so_and_is_not_given_twice(
    office: Office,
) -> None:
    answer = await office.sends(office.first, "valider")
    page = await office.agent.get(answer.headers["location"])
    assert "C’est gardé." in page.text
    assert "vous n’avez rien à refaire" in page.text
    again = (await office.agent.get(office.path(office.first))).text
    assert "La validation est gardée." in again
    assert "Valider le dossier" not in again


# Two agents, and a family that changes something --------------------------------------------------


async def test_the_second_of_two_agents_reads_who_decided_and_when(office: Office) -> None:
    hidden = await office.form(office.first, "valider")
    await office.site.account(KARIM)
    await office.decided(office.first, State.APPROVED, KARIM.email)
    answer = await office.agent.send_form(office.path(office.first, "valider"), **hidden)
    assert answer.status_code == 409
    assert "Karim Benali a validé ce dossier à 10\u00a0h\u00a000" in answer.text
    assert f'href="{office.path(office.first)}"' in answer.text


async def test_the_loser_of_a_race_reads_the_same(office: Office) -> None:
    office.answers(Action.REFUSE, State.APPROVED, applied=False, code="already_decided")
    answer = await office.sends_refusal(office.first, WORDS)
    assert answer.status_code == 409


async def test_a_decision_on_yesterdays_dossier_says_the_day(office: Office) -> None:
    await office.site.account(KARIM)
    await office.decided(office.first, State.REFUSED, KARIM.email)
    office.site.clock.waits(timedelta(minutes=20))
    hidden = await office.form(office.dossiers[1], "valider")
    office.site.clock.waits(timedelta(minutes=9))
    answer = await office.agent.send_form(office.path(office.first, "valider"), **hidden)
    assert "Karim Benali a refusé ce dossier" in answer.text


async def test_an_answer_changed_meanwhile_is_shown_before_anything_is_decided(
    office: Office,
) -> None:
    hidden = await office.form(office.first, "valider")
    async with office.site.writing() as store:
        await store.dossiers.save_answers(
            office.first,
            "adresse",
            {"street": "14 rue du Pont", "postal_code": "01000", "city": "Valbourg"},
            office.site.clock(),
        )
    answer = await office.agent.send_form(office.path(office.first, "valider"), **hidden)
    assert answer.status_code == 409
    assert "La famille a changé le dossier d’Inès entre-temps" in answer.text
    assert "14 rue du Pont" in answer.text
    assert "avant : 12 rue des Lilas" in answer.text
    assert office.site.gateway.acts == []


async def test_a_form_without_version_decides_nothing(office: Office) -> None:
    for version in ("", "abc", "99999999999999999999", "²"):
        answer = await office.sends(office.first, "valider", version=version)
        assert answer.status_code == 409
    assert office.site.gateway.acts == []


# Complement ---------------------------------------------------------------------------------------


async def test_three_clicks_ask_for_a_complement_and_open_the_next(office: Office) -> None:
    office.answers(Action.ASK_TO_COMPLETE, State.AWAITING_FAMILY)
    await office.marks(office.first, ADDRESS, mark="to_replace")
    answer = await office.sends(
        office.first,
        "complement",
        **{
            f"reason-{ADDRESS}": "outdated",
            f"words-{ADDRESS}": "Datée de 2019.",
            "message": "Bonjour, il manque une facture récente.",
            "deadline": "15",
        },
    )
    assert answer.status_code == 303
    [act] = office.site.gateway.acts
    assert act.items == [{"piece": ADDRESS, "reason": "outdated", "words": "Datée de 2019."}]
    assert act.words == "Bonjour, il manque une facture récente."
    assert act.until == ends(office.site.clock(), Delay(days=15))
    page = await office.agent.get(answer.headers["location"])
    assert "Complément demandé pour le dossier d’Inès." in page.text
    assert page.url.path == office.path(office.dossiers[1])


async def test_the_usual_delay_is_chosen_beforehand(office: Office) -> None:
    await office.marks(office.first, ADDRESS, mark="to_replace")
    page = (await office.agent.get(office.path(office.first))).text
    assert '<option value="30" selected>30 jours (23\u00a0déc.\u00a02026)' in page


async def test_several_pieces_go_into_one_letter(office: Office) -> None:
    await office.marks(office.first, CHILD, ADDRESS, mark="to_replace")
    await office.sends(
        office.first,
        "complement",
        **{f"reason-{CHILD}": "unreadable", f"reason-{ADDRESS}": "incorrect", "deadline": "60"},
    )
    [act] = office.site.gateway.acts
    assert [item["piece"] for item in act.items] == [CHILD, ADDRESS]


async def test_a_letter_that_cannot_leave_keeps_everything_typed(office: Office) -> None:
    await office.marks(office.first, ADDRESS, mark="to_replace")
    answer = await office.sends(
        office.first,
        "complement",
        **{
            f"reason-{ADDRESS}": "",
            f"words-{ADDRESS}": "Datée de 2019.",
            "message": "Bonjour <toi>",
            "deadline": "60",
        },
    )
    assert answer.status_code == 422
    assert "Choisissez un motif pour : Justificatif de domicile." in answer.text
    assert "Bonjour &lt;toi&gt;" in answer.text
    assert 'value="Datée de 2019."' in answer.text
    assert '<option value="60" selected>' in answer.text
    assert office.site.gateway.acts == []


async def test_a_message_alone_is_a_letter_but_nothing_at_all_is_none(office: Office) -> None:
    answer = await office.sends(office.first, "complement", message="  ", deadline="30")
    assert answer.status_code == 422
    assert "Écrivez ce que la famille doit compléter." in answer.text
    answer = await office.sends(
        office.first, "complement", message="Quelle école, finalement ?", deadline="30"
    )
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "typed",
    [{"message": "a" * 2001}, {"message": "Bonjour", "deadline": "3650"}],
)
async def test_a_letter_beyond_its_limits_is_sent_back(
    office: Office, typed: dict[str, str]
) -> None:
    answer = await office.sends(office.first, "complement", **{"deadline": "30", **typed})
    assert answer.status_code == 422


async def test_a_request_is_taken_back(office: Office) -> None:
    async with office.site.writing() as store:
        await store.dossiers.move(
            office.first.id, {State.UNDER_REVIEW}, State.AWAITING_FAMILY, office.site.clock()
        )
        await store.requests.add(
            office.first.id,
            asked_at=office.site.clock(),
            until=office.site.clock() + timedelta(days=30),
            items=[{"piece": ADDRESS, "reason": "outdated", "words": ""}],
        )
        await store.dossiers.refresh_due(office.first.id)
    office.answers(Action.CANCEL_REQUEST, State.UNDER_REVIEW)
    page = (await office.agent.get(office.path(office.first))).text
    assert "La famille a jusqu’au mercredi 23 décembre 2026 pour répondre." in page
    assert "Le dossier attend la famille" in page
    assert "<strong>Justificatif de domicile</strong> : Le document n’est plus valable." in page
    answer = await office.sends(office.first, "annuler-la-demande")
    assert answer.status_code == 303
    [act] = office.site.gateway.acts
    assert act.action == "cancel_request"


# Refuse -------------------------------------------------------------------------------------------


async def test_a_refusal_shows_its_letter_before_it_leaves(office: Office) -> None:
    answer = await office.agent.send_form(
        office.path(office.first, "refuser/verifier"),
        **await office.form(office.first, "refuser/verifier", "refuser"),
        reason="capacity",
        words=WORDS,
    )
    assert answer.status_code == 200
    for words in (WORDS, "article L212-8", "Voies et délais de recours", "Nadia Petit"):
        assert words in answer.text
    assert office.site.gateway.acts == []
    office.answers(Action.REFUSE, State.REFUSED)
    hidden = fields_of(answer, office.path(office.first, "refuser"))
    answer = await office.agent.send_form(office.path(office.first, "refuser"), **hidden)
    assert answer.status_code == 303
    [act] = office.site.gateway.acts
    assert (act.action, act.reason_code, act.words) == ("refuse", "capacity", WORDS)
    assert "Dossier d’Inès refusé." in (await office.agent.get(answer.headers["location"])).text


async def test_a_refusal_can_be_corrected_before_it_leaves(office: Office) -> None:
    answer = await office.agent.send_form(
        office.path(office.first, "refuser/verifier"),
        **await office.form(office.first, "refuser/verifier", "refuser"),
        reason="capacity",
        words=WORDS,
        then="edit",
    )
    assert answer.status_code == 200
    assert f">\n{WORDS}</textarea>" in answer.text
    assert 'value="capacity" checked' in answer.text


@pytest.mark.parametrize(
    ("reason", "words", "sentence"),
    [
        ("", WORDS, "Choisissez le motif du refus."),
        ("bad_mood", WORDS, "Choisissez le motif du refus."),
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
            reason_words=WORDS,
        )
    page = (await office.agent.get(office.path(office.first))).text
    assert "n’ont plus de place" in page
    assert WORDS in page


# While the engine is away -------------------------------------------------------------------------


async def test_the_first_of_two_decisions_that_are_kept_stands(office: Office) -> None:
    karim = await office.site.signed_in(KARIM)
    hidden = await office.form(office.first, "refuser/verifier", "refuser")
    assert (await office.sends(office.first, "valider")).status_code == 303
    answer = await karim.send_form(
        office.path(office.first, "refuser"),
        **{**hidden, "csrf": karim.csrf},
        reason="capacity",
        words=WORDS,
    )
    assert answer.status_code == 409
    assert "Nadia Petit a validé ce dossier à 10\u00a0h\u00a000" in answer.text
    assert [act.action for act in office.site.gateway.acts] == ["approve"]


async def test_nothing_is_decided_of_a_dossier_whose_withdrawal_is_kept(office: Office) -> None:
    hidden = await office.form(office.first, "valider")
    family = await office.site.signed_in(CLAIRE)
    await family.send_form(f"/dossiers/{office.first.id}/retirer")
    answer = await office.agent.send_form(office.path(office.first, "valider"), **hidden)
    assert answer.status_code == 409
    assert "La demande a été retirée à 10\u00a0h\u00a000" in answer.text
