"""A change of the family's file, from the form to the record: by the portal, or by an agent."""

from domain.kinds.change_subjects import Subject
from domain.states import Action, State
from tests.living_changes import asks_to_change, known_family, record_of
from tests.living_town import LivingTown


async def test_a_new_phone_is_in_the_record_without_anybody(town: LivingTown) -> None:
    await known_family(town)
    dossier = await asks_to_change(town, Subject.CONTACT_DETAILS, phone="0690 12 34 56")
    assert await town.is_over(dossier) is State.APPROVED
    owner = (await record_of(town)).owner
    assert owner is not None
    assert owner.phone == "0690 12 34 56"
    assert await town.letters(dossier) == ["approve_by_rule"], "one letter says both"


async def test_a_new_address_waits_for_its_paper_and_for_an_agent(town: LivingTown) -> None:
    await known_family(town)
    dossier = await asks_to_change(town, Subject.ADDRESS, street="7 rue Neuve")
    assert await town.state(dossier) is State.DRAFT
    await town.gives(dossier, "proof_of_address")
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    assert (await record_of(town)).street == "3 rue des Lilas"
    await town.decides(Action.APPROVE, dossier)
    assert await town.is_over(dossier) is State.APPROVED
    assert (await record_of(town)).street == "7 rue Neuve"
    assert await town.letters(dossier) == ["acknowledgement", "approve"]
