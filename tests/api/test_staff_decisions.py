"""Deciding once, on what was seen: an approval, two agents, a family that changes something."""

from datetime import timedelta

import pytest

from domain.states import Action, State
from tests.api.office import KARIM, REFUSAL, Office, an_office
from tests.reviews import PIECES
from tests.site import CLAIRE, Site

CHILD, GUARDIAN, ADDRESS = PIECES


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
    answer = await office.sends_refusal(office.first, REFUSAL)
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


# While the engine is away -------------------------------------------------------------------------


async def test_the_first_of_two_decisions_that_are_kept_stands(office: Office) -> None:
    karim = await office.site.signed_in(KARIM)
    hidden = await office.form(office.first, "refuser/verifier", "refuser")
    assert (await office.sends(office.first, "valider")).status_code == 303
    answer = await karim.send_form(
        office.path(office.first, "refuser"),
        **{**hidden, "csrf": karim.csrf},
        reason="capacity",
        words=REFUSAL,
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
