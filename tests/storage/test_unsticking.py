"""What storage knows of what waits for somebody, beside the incidents."""

from datetime import timedelta

from domain.states import State
from storage.acts import APPLIED, KeptAct
from storage.dossiers import Dossier
from storage.letters import ACCEPTED, REFUSED
from storage.store import Store
from tests.builders import a_waiting_letter
from tests.storage.conftest import NOW, Valbourg

MINUTE = timedelta(minutes=1)


async def fails(store: Store, dossier: Dossier, *, attempt: int) -> None:
    await store.supervision.note_failure(
        workflow_id=f"dossier-{dossier.id}",
        activity_id="5",
        step="send",
        dossier_id=dossier.id,
        subject="letter",
        code="smtp_451",
        attempt=attempt,
        at=NOW,
        next_try_at=None,
    )


async def test_a_step_retried_by_hand_goes_on_counting(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier(state=State.UNDER_REVIEW)
    async with valbourg.open_store() as store:
        for attempt in (1, 2, 3, 1, 2):
            await fails(store, dossier, attempt=attempt)
        [incident] = await store.supervision.open_incidents()
        assert incident.attempt == 5


async def test_the_incident_of_a_letter_is_found_while_it_is_open(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier(state=State.UNDER_REVIEW)
    async with valbourg.open_store() as store:
        await fails(store, dossier, attempt=1)
        incident = await store.supervision.open_incident_of("letter")
        assert incident is not None
        assert incident.number == dossier.number
        await store.supervision.clear(incident.workflow_id, incident.activity_id, NOW)
        assert await store.supervision.open_incident_of("letter") is None


async def test_an_act_without_outcome_is_unheard_until_it_is_settled(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    act = KeptAct("a" * 32, dossier.id, "submit", dossier.account_id, "parent", 1, NOW)
    async with valbourg.open_store() as store:
        await store.acts.add(act)
        before = await store.supervision.unheard(given_before=NOW)
        assert (before.count, before.oldest) == (0, None)
        after = await store.supervision.unheard(given_before=NOW + MINUTE)
        assert (after.count, after.oldest) == (1, NOW)
        await store.acts.settle(act.id, APPLIED, NOW)
        assert (await store.supervision.unheard(given_before=NOW + MINUTE)).count == 0


async def test_a_check_is_slow_once_it_began_before_the_moment_given(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier(state=State.CHECKING)
    async with valbourg.open_store() as store:
        assert await store.supervision.slow_checks(since_before=NOW) == []
        [slow] = await store.supervision.slow_checks(since_before=NOW + MINUTE)
        assert (slow.dossier_id, slow.number, slow.since) == (dossier.id, dossier.number, NOW)


async def test_an_intervention_with_the_same_id_is_kept_once(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        kept = [
            await store.supervision.note_intervention(
                valbourg.karim.id,
                "step_retried",
                reason=reason,
                at=NOW,
                subject="letter",
                intervention_id="i" * 32,
            )
            for reason in ("premier", "second")
        ]
        assert kept == [True, False]
        await store.supervision.conclude("i" * 32, "retried")
        [one] = await store.supervision.interventions(subject="letter")
        assert (one.reason, one.result, one.admin_name) == ("premier", "retried", "Karim Benali")
        assert await store.supervision.result_of("i" * 32) == "retried"
        assert await store.supervision.result_of("unknown") == ""
        assert await store.supervision.interventions(subject="another") == []


async def test_a_refused_letter_waits_for_somebody_until_it_is_sent_again(
    valbourg: Valbourg,
) -> None:
    dossier = await valbourg.dossier(state=State.UNDER_REVIEW)
    async with valbourg.open_store() as store:
        refused_id, accepted_id = [
            await a_waiting_letter(
                store, kind, "x@example.org", NOW, subject=kind, text=kind, dossier_id=dossier.id
            )
            for kind in ("acknowledgement", "approve")
        ]
        await store.letters.note_try(refused_id, REFUSED, "smtp_550", NOW)
        await store.letters.note_try(accepted_id, ACCEPTED, "", NOW)
        [refused] = await store.letters.refused_for_good()
        assert (refused.id, refused.number, refused.code) == (
            refused_id,
            dossier.number,
            "smtp_550",
        )
        await store.letters.again(refused_id, "y@example.org", host="v.example", at=NOW)
        assert await store.letters.refused_for_good() == []


async def test_numbers_are_found_by_id(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        found = await store.supervision.numbers([dossier.id, "unknown"])
        assert found == {dossier.id: dossier.number}
        assert await store.supervision.numbers([]) == {}
