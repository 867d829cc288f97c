"""Asking for what is missing, and what the family answers."""

import pytest

from domain.errors import TransitionNotAllowed
from domain.states import Action, State
from tests import samples
from tests.living_town import LivingTown, in_one


async def test_what_is_missing_is_said_at_once_all_of_it_with_a_limit(town: LivingTown) -> None:
    dossier = await town.opens()
    await town.gives(dossier, "child_identity")
    await town.submits(dossier)
    await town.reaches(dossier, State.AWAITING_FAMILY)
    async with town.open_store() as store:
        request = await store.requests.current(dossier.id)
        (letter,) = await store.letters.of_dossier(dossier.id)
    assert request is not None
    assert [item["piece"] for item in request.items] == ["guardian_identity", "proof_of_address"]
    assert "Votre identité" in letter.text
    assert "Justificatif de domicile" in letter.text


async def test_a_refused_file_counts_as_missing(town: LivingTown) -> None:
    dossier = await town.opens()
    await town.gives(dossier, "child_identity", "guardian_identity")
    await town.gives(dossier, "proof_of_address", content=samples.encrypted_pdf("secret"))
    await town.submits(dossier)
    await town.reaches(dossier, State.AWAITING_FAMILY)
    async with town.open_store() as store:
        request = await store.requests.current(dossier.id)
    assert request is not None
    assert [item["piece"] for item in request.items] == ["proof_of_address"]


async def test_a_sworn_statement_stands_for_a_piece(town: LivingTown) -> None:
    dossier = await town.opens()
    await town.gives(dossier, "child_identity", "guardian_identity")
    await town.as_parent().give_statement(dossier.id, "proof_of_address", "Je déclare…")
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)


async def test_a_complete_answer_brings_the_dossier_back_to_the_agents(town: LivingTown) -> None:
    dossier = await town.sent()
    await town.asks(dossier, "proof_of_address")
    assert await town.state(dossier) is State.AWAITING_FAMILY
    await town.gives(dossier, "proof_of_address")
    await town.replies(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    assert await town.letters(dossier) == [
        "acknowledgement",
        "complement_request",
        "answer_received",
    ]


async def test_a_piece_given_while_an_agent_looks_is_told_in_the_timeline(town: LivingTown) -> None:
    dossier = await town.sent()
    await town.gives(dossier, "proof_of_address", content=samples.pdf(text="FACTURE DE NOVEMBRE"))
    assert "document_added" in await town.timeline(dossier)
    assert await town.state(dossier) is State.UNDER_REVIEW


async def test_a_request_taken_back_costs_the_family_nothing(town: LivingTown) -> None:
    dossier = await town.sent()
    async with town.open_store() as store:
        due = (await store.dossiers.find(dossier.id)).due_at
    await town.asks(dossier, "proof_of_address")
    await town.decides(Action.CANCEL_REQUEST, dossier)
    async with town.open_store() as store:
        again = await store.dossiers.find(dossier.id)
    assert again.state is State.UNDER_REVIEW
    assert again.due_at == due


async def test_a_dossier_sent_while_a_document_is_being_looked_at_waits_for_it(
    town: LivingTown,
) -> None:
    dossier = await town.opens()
    await town.gives(dossier, "child_identity", "guardian_identity")
    kept = await town.parts.files.keep(in_one(samples.pdf()), limit_bytes=10**8)
    await town.as_parent().give_file(dossier.id, "proof_of_address", kept, name="facture.pdf")
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)


async def test_the_parent_can_withdraw_until_the_decision_and_not_after(town: LivingTown) -> None:
    first, second = await town.sent(), await town.sent()
    await town.withdraws(first)
    assert await town.is_over(first) is State.WITHDRAWN
    assert (await town.letters(first))[-1] == "withdraw"
    await town.decides(Action.APPROVE, second)
    with pytest.raises(TransitionNotAllowed) as no:
        await town.withdraws(second)
    assert no.value.code == "already_decided"
