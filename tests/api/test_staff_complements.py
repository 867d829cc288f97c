"""Asking a family to complete its dossier: one letter about all of it, and taken back."""

from datetime import timedelta

import pytest

from domain.deadlines import Delay, ends
from domain.states import Action, State
from tests.api.office import Office, an_office
from tests.reviews import PIECES
from tests.site import Site

CHILD, GUARDIAN, ADDRESS = PIECES


@pytest.fixture
async def office(site: Site) -> Office:
    return await an_office(site, "Inès", "Noé", "Léna")


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
