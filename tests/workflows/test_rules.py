"""What the portal decides by itself, and when it leaves the decision to a person."""

from datetime import timedelta

from domain.deadlines import Terms, Validation
from domain.states import Action, State
from tests import samples
from tests.living_town import LivingTown

AUTOMATIC = Terms(validation=Validation.AUTOMATIC)
DAY = timedelta(days=1)


async def test_a_dossier_in_which_all_is_there_is_approved_by_the_rule_of_its_procedure(
    town: LivingTown,
) -> None:
    dossier = await town.opens(AUTOMATIC)
    await town.gives(dossier)
    await town.submits(dossier)
    assert await town.is_over(dossier) is State.APPROVED
    assert await town.letters(dossier) == ["approve_by_rule"], "one letter says both"
    assert (await town.timeline(dossier))[-2:] == ["submit", "approve_by_rule"]
    async with town.open_store() as store:
        decided = await store.dossiers.find(dossier.id)
        assert (decided.decision_basis, decided.decided_by) == ("rule", None)
        assert len(await store.households.children_of(town.parent.id)) == 1


async def test_what_was_missing_and_then_came_is_approved_by_the_rule_too(
    town: LivingTown,
) -> None:
    dossier = await town.opens(AUTOMATIC)
    await town.gives(dossier, "child_identity")
    await town.submits(dossier)
    await town.reaches(dossier, State.AWAITING_FAMILY)
    await town.gives(dossier, "guardian_identity", "proof_of_address")
    await town.replies(dossier)
    assert await town.is_over(dossier) is State.APPROVED
    assert (await town.letters(dossier))[-1] == "approve_by_rule"


async def test_a_doubtful_document_waits_for_a_person_as_ever(town: LivingTown) -> None:
    dossier = await town.opens(AUTOMATIC)
    await town.gives(dossier, "child_identity", content=samples.blank_pdf())
    await town.gives(dossier, "guardian_identity", "proof_of_address")
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.waits(dossier, 3 * DAY)
    assert await town.state(dossier) is State.UNDER_REVIEW
    await town.decides(Action.APPROVE, dossier)
    assert await town.is_over(dossier) is State.APPROVED
    assert (await town.letters(dossier))[-1] == "approve"
