"""Two decisions at once are one decision; a refusal has its reason; signals say the same."""

import asyncio
from datetime import UTC, datetime

import pytest

from api.gateway import Gateway
from domain.errors import Invalid, TransitionNotAllowed
from domain.messages import Decision, Outcome
from domain.states import Action, State
from tests.living_town import LivingTown, an_act, eventually, kept_act

ROUNDS = 50


async def test_a_refusal_carries_its_reason_and_how_to_contest_it(town: LivingTown) -> None:
    dossier = await town.sent()
    await town.decides(
        Action.REFUSE, dossier, reason_code="not_resident", words="L’enfant habite à Lyon."
    )
    assert await town.is_over(dossier) is State.REFUSED
    async with town.open_store() as store:
        letter = (await store.letters.of_dossier(dossier.id))[0]
    assert "L’enfant habite à Lyon." in letter.text
    assert "Voies et délais de recours" in letter.text
    assert "Sophie Garnier" in letter.text


async def test_a_refusal_without_its_reason_is_taken_by_nobody(town: LivingTown) -> None:
    dossier = await town.sent()
    with pytest.raises(Invalid) as no:
        await town.decides(Action.REFUSE, dossier, reason_code="", words=" ")
    assert set(no.value.fields) == {"reason", "words"}
    silent = kept_act(town.sophie, Action.REFUSE, dossier.id)
    async with town.open_store() as store:
        await store.acts.add(silent)
    outcome = await town.gateway.act(silent)
    assert isinstance(outcome, Outcome)
    assert (outcome.applied, outcome.code) == (False, "reason_missing")
    assert await town.state(dossier) is State.UNDER_REVIEW


async def test_the_second_agent_reads_who_decided_and_when(town: LivingTown) -> None:
    dossier = await town.sent()
    await town.decides(Action.APPROVE, dossier, who=town.karim)
    with pytest.raises(TransitionNotAllowed) as no:
        await town.decides(Action.REFUSE, dossier, reason_code="other", words="Trop tard.")
    assert no.value.code == "already_decided"
    assert no.value.facts["decided_by"] == "Karim Benali"
    assert no.value.facts["decided_at"] is not None


async def _race(town: LivingTown, gateways: tuple[Gateway, Gateway]) -> int:
    """How many of two opposite acts, both kept before either is told, are applied."""
    dossier = await town.declared()
    acts = [
        kept_act(who, action, dossier.id, reason_code=reason)
        for action, who, reason in (
            (Action.APPROVE, town.sophie, ""),
            (Action.REFUSE, town.karim, "other"),
        )
    ]
    async with town.open_store() as store:
        for act in acts:
            await store.acts.add(act)
    outcomes = await asyncio.gather(
        *(gateway.act(act) for gateway, act in zip(gateways, acts, strict=True))
    )
    state = await town.state(dossier)
    winners = [one for one in outcomes if isinstance(one, Outcome) and one.applied]
    assert all(one.state is state for one in winners)
    letters = [kind for kind in await town.letters(dossier) if kind in {"approve", "refuse"}]
    assert len(letters) == 1
    return len(winners)


async def test_of_two_opposite_decisions_at_once_exactly_one_counts(town: LivingTown) -> None:
    for _ in range(ROUNDS):
        assert await _race(town, (town.gateway, town.gateway)) == 1


async def test_a_decision_by_signal_is_the_same_decision(town: LivingTown) -> None:
    dossier = await town.sent()
    await town.handle(dossier).signal("approve", Decision(an_act(), town.sophie.id))
    assert await town.is_over(dossier) is State.APPROVED
    assert (await town.letters(dossier))[-1] == "approve"


async def test_a_signal_that_does_not_apply_becomes_a_line_and_ends_nothing(
    town: LivingTown,
) -> None:
    dossier = await town.opens()
    await town.handle(dossier).signal("approve", Decision(an_act(), town.sophie.id))

    async def is_told() -> bool:
        return "decision_unheard" in await town.timeline(dossier)

    await eventually(is_told)
    assert await town.state(dossier) is State.DRAFT


async def test_a_refusal_by_signal_without_reason_is_not_heard(town: LivingTown) -> None:
    dossier = await town.sent()
    await town.handle(dossier).signal("refuse", Decision(an_act(), town.sophie.id))

    async def is_told() -> bool:
        return "decision_unheard" in await town.timeline(dossier)

    await eventually(is_told)
    assert await town.state(dossier) is State.UNDER_REVIEW


async def test_the_same_act_delivered_five_times_at_once_is_one_act(town: LivingTown) -> None:
    dossier = await town.sent()
    act = kept_act(town.sophie, Action.APPROVE, dossier.id)
    async with town.open_store() as store:
        await store.acts.add(act)
    outcomes = await asyncio.gather(*(town.gateway.act(act) for _ in range(5)))
    assert all(isinstance(one, Outcome) and one.applied for one in outcomes)
    assert (await town.letters(dossier)).count("approve") == 1


async def test_storage_has_the_last_word_when_two_engines_tell_different_stories(
    town: LivingTown,
) -> None:
    dossier = await town.sent()
    async with town.open_store() as store:
        await store.dossiers.move(
            dossier.id,
            {State.UNDER_REVIEW},
            State.REFUSED,
            datetime.now(UTC),  # noqa: TID251
        )
    act = kept_act(town.sophie, Action.APPROVE, dossier.id)
    async with town.open_store() as store:
        await store.acts.add(act)
    outcome = await town.gateway.act(act)
    assert isinstance(outcome, Outcome)
    assert not outcome.applied
    assert outcome.state is State.REFUSED
    assert await town.is_over(dossier) is State.REFUSED
