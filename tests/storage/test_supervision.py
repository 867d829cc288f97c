from datetime import timedelta

from domain.states import State
from storage.store import Store
from tests.storage.conftest import NOW, Valbourg

MINUTE = timedelta(minutes=1)


async def fails(store: Store, attempt: int = 1, activity: str = "1", dossier_id: str = "") -> None:
    at = NOW + attempt * MINUTE
    await store.supervision.note_failure(
        workflow_id="letter-a",
        activity_id=activity,
        step="send",
        dossier_id=dossier_id,
        subject="a",
        code="smtp_451",
        attempt=attempt,
        at=at,
        next_try_at=at + MINUTE,
    )


async def test_a_step_that_fails_again_is_one_incident(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        for attempt in (1, 2, 3):
            await fails(store, attempt)
        (incident,) = await store.supervision.open_incidents()
        assert (incident.attempt, incident.first_at, incident.last_at) == (
            3,
            NOW + MINUTE,
            NOW + 3 * MINUTE,
        )
        assert incident.next_try_at == NOW + 4 * MINUTE


async def test_what_went_through_is_no_incident_until_it_fails_again(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        await fails(store, 1)
        await store.supervision.clear("letter-a", "1", NOW + 2 * MINUTE)
        await store.supervision.clear("letter-a", "1", NOW + 3 * MINUTE)
        assert await store.supervision.open_incidents() == []
        await fails(store, 4)
        (incident,) = await store.supervision.open_incidents()
        assert incident.cleared_at is None
        assert await store.supervision.incident(incident.id) == incident
        assert await store.supervision.incident("unknown") is None


async def test_incidents_come_oldest_first_with_the_number_of_their_dossier(
    valbourg: Valbourg,
) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        await fails(store, 2, "late", dossier.id)
        await fails(store, 1, "early")
        incidents = await store.supervision.open_incidents()
        assert [(one.activity_id, one.number) for one in incidents] == [
            ("early", ""),
            ("late", dossier.number),
        ]


async def test_open_dossiers_are_counted_by_state_with_the_overdue_ones(
    valbourg: Valbourg,
) -> None:
    for state in (State.UNDER_REVIEW, State.UNDER_REVIEW, State.DRAFT, State.APPROVED):
        await valbourg.dossier(state=state)
    async with valbourg.open_store() as store:
        counted = await store.supervision.waiting(NOW + timedelta(days=400))
        assert [(one.state, one.count, one.overdue) for one in counted] == [
            (State.DRAFT, 1, 1),
            (State.UNDER_REVIEW, 2, 2),
        ]
        assert [one.overdue for one in await store.supervision.waiting(NOW)] == [0, 0]


async def test_what_an_admin_did_is_told_with_the_reason_newest_first(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        for n, concerned in enumerate((dossier.id, "")):
            await store.supervision.note_intervention(
                valbourg.karim.id,
                "step_retried",
                reason=f"Essai {n}",
                at=NOW + n * MINUTE,
                dossier_id=concerned,
            )
        everything = await store.supervision.interventions()
        assert [one.reason for one in everything] == ["Essai 1", "Essai 0"]
        (mine,) = await store.supervision.interventions(dossier_id=dossier.id)
        assert (mine.reason, mine.admin_name) == ("Essai 0", "Karim Benali")
