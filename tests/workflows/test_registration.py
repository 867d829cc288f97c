"""The main road: from the first saved page to the last letter."""

from domain.states import Action, State
from tests.living_town import LivingTown


async def test_a_complete_dossier_is_approved_and_makes_a_family(town: LivingTown) -> None:
    dossier = await town.sent()
    await town.decides(Action.APPROVE, dossier)
    assert await town.is_over(dossier) is State.APPROVED
    assert await town.letters(dossier) == ["acknowledgement", "approve"]
    assert len(town.mail.accepted) == 2
    async with town.open_store() as store:
        children = await store.households.children_of(town.parent.id)
        guardians = await store.households.guardians_of(town.parent.id)
    assert [child.first_name for child in children] == ["Léna"]
    assert [one.is_payer for one in guardians] == [True]


async def test_the_life_of_a_dossier_stays_lean(town: LivingTown) -> None:
    dossier = await town.sent()
    await town.decides(Action.APPROVE, dossier)
    await town.is_over(dossier)
    history = await town.handle(dossier).fetch_history()
    tasks = sum(
        event.HasField("workflow_task_completed_event_attributes") for event in history.events
    )
    assert len(history.events) <= 80
    assert tasks <= 13
