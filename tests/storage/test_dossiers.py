"""Numbers, versions and states under several hands at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain import life as lives
from domain.deadlines import Delay, SilenceRule, Terms, ends
from domain.errors import NotFound, Stale
from domain.life import Life
from domain.states import State
from storage.dossiers import Dossier
from storage.store import Store
from storage.tables import snapshots
from tests.builders import REGISTRATION, a_dossier
from tests.storage.conftest import NOW, Valbourg

DAY = timedelta(days=1)
DECISIONS = (State.APPROVED, State.REFUSED)


async def test_twenty_families_at_once_get_twenty_numbers(valbourg: Valbourg) -> None:
    opened = await asyncio.gather(*(valbourg.dossier() for _ in range(20)))
    assert sorted(one.number for one in opened) == [f"2026-{n:04d}" for n in range(1, 21)]


async def test_numbers_begin_anew_each_year(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        procedure = await store.town.procedure(slug=REGISTRATION.slug)
        later = NOW + timedelta(days=60)
        numbers = [
            (await store.dossiers.open_new(procedure, valbourg.claire.id, at)).number
            for at in (NOW, NOW, later, NOW)
        ]
    assert numbers == ["2026-0001", "2026-0002", "2027-0001", "2026-0003"]


async def test_a_new_dossier_is_a_draft_with_the_terms_of_today(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    assert dossier.state is State.DRAFT
    assert dossier.terms == Terms()
    assert dossier.due_at == ends(NOW, Terms().draft_life)
    async with valbourg.open_store() as store:
        stricter = Terms(silence_rule=SilenceRule.REJECTION, complement_delay=Delay(days=10))
        await store.town.put_procedure(
            type(REGISTRATION)(**{**vars(REGISTRATION), "terms": stricter})
        )
        assert (await store.dossiers.find(dossier.id)).terms == Terms()
        assert (await a_dossier(store, valbourg.claire, NOW)).terms == stricter


async def test_an_unknown_dossier_is_not_found(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        with pytest.raises(NotFound):
            await store.dossiers.find("nowhere")


async def decide(valbourg: Valbourg, dossier: Dossier, to: State) -> bool:
    """As the portal does: the state is in the condition of the write."""
    async with valbourg.open_store() as store:
        return await store.dossiers.move(dossier.id, (State.UNDER_REVIEW,), to, NOW)


async def decide_naively(valbourg: Valbourg, dossier: Dossier, to: State) -> bool:
    """As one should not: look, then write, with nothing that ties the two together."""
    async with valbourg.open_store() as store:
        if (await store.dossiers.find(dossier.id)).state is not State.UNDER_REVIEW:
            return False
    await asyncio.sleep(0.005)  # any page takes some time between looking and writing
    async with valbourg.open_store() as store:
        return await store.dossiers.move(dossier.id, State, to, NOW)


async def test_two_decisions_at_once_are_one_decision_fifty_times(valbourg: Valbourg) -> None:
    for _ in range(50):
        dossier = await valbourg.dossier(state=State.UNDER_REVIEW)
        won = await asyncio.gather(*(decide(valbourg, dossier, to) for to in DECISIONS))
        assert sorted(won) == [False, True]
        async with valbourg.open_store() as store:
            kept = (await store.dossiers.find(dossier.id)).state
        assert kept is DECISIONS[won.index(True)]


async def test_without_the_guard_two_decisions_would_both_be_taken(valbourg: Valbourg) -> None:
    """The control of the test above: the same race, which a naive write loses most of the time."""
    both = 0
    for _ in range(50):
        dossier = await valbourg.dossier(state=State.UNDER_REVIEW)
        won = await asyncio.gather(*(decide_naively(valbourg, dossier, to) for to in DECISIONS))
        both += all(won)
    assert both > 25


async def test_saving_answers_counts_versions_and_names_the_child(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    assert dossier.version == 1
    assert (dossier.child_first_name, dossier.child_name) == ("Léna", "Léna Martin")
    async with valbourg.open_store() as store:
        later = NOW + DAY
        version = await store.dossiers.save_answers(dossier, "vous", {"phone": "06"}, later)
        saved = await store.dossiers.find(dossier.id)
        assert (version, saved.version, saved.last_saved_at) == (2, 2, later)
        assert saved.due_at == ends(later, Terms().draft_life)
        assert await store.dossiers.answers(dossier.id) == {
            "enfant": {"first_name": "Léna", "last_name": "Martin"},
            "vous": {"phone": "06"},
        }


async def test_a_page_saved_twice_keeps_its_last_answers_only(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        for phone in ("06", "07"):
            await store.dossiers.save_answers(dossier, "vous", {"phone": phone}, NOW)
        assert (await store.dossiers.answers(dossier.id))["vous"] == {"phone": "07"}


async def test_a_save_on_an_old_version_is_told_and_writes_nothing(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        save = store.dossiers.save_answers
        assert await save(dossier, "vous", {"phone": "06"}, NOW, version_seen=1) == 2
        with pytest.raises(Stale) as stale:
            await save(dossier, "vous", {"phone": "07"}, NOW, version_seen=1)
        assert stale.value.facts == {"version": 2}
        assert (await store.dossiers.answers(dossier.id))["vous"] == {"phone": "06"}


async def test_two_devices_saving_the_same_version_at_once_are_told_apart(
    valbourg: Valbourg,
) -> None:
    dossier = await valbourg.dossier()

    async def save(phone: str) -> bool:
        async with valbourg.open_store() as store:
            await store.dossiers.save_answers(
                dossier, "vous", {"phone": phone}, NOW, version_seen=1
            )
        return True

    outcomes = await asyncio.gather(save("06"), save("07"), return_exceptions=True)
    assert [type(one) for one in outcomes if one is not True] == [Stale]
    async with valbourg.open_store() as store:
        assert (await store.dossiers.find(dossier.id)).version == 2


async def test_answers_are_kept_as_they_were_sent_each_time(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        await store.dossiers.keep_snapshot(dossier.id, 1, NOW)
        await store.dossiers.keep_snapshot(dossier.id, 1, NOW + DAY)
        await store.dossiers.save_answers(dossier, "enfant", {"first_name": "Lena"}, NOW)
        await store.dossiers.keep_snapshot(dossier.id, 2, NOW + DAY)
        first, second = await store.dossiers.sent_answers(dossier.id)
    assert first == (NOW, {"enfant": {"first_name": "Léna", "last_name": "Martin"}})
    assert second == (NOW + DAY, {"enfant": {"first_name": "Lena"}})


async def test_a_draft_saved_after_its_warning_will_be_warned_again_after_a_rebuild(
    valbourg: Valbourg,
) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        lived = await store.dossiers.life(dossier.id)
        assert lived == Life(State.DRAFT, since=NOW, last_saved=NOW)
        for count in (1, 2):
            await store.dossiers.note_draft_notice(dossier.id, count)
        later = NOW + 80 * DAY
        await store.dossiers.save_answers(dossier, "vous", {}, later)
        warned = Life(State.DRAFT, since=NOW, last_saved=NOW, draft_notices=2)
        assert await store.dossiers.life(dossier.id) == lives.saved_again(warned, later)


async def test_a_life_rebuilt_from_storage_is_the_life_that_was_lived(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        lived = await store.dossiers.life(dossier.id)

        async def goes(life: Life, to: State, day: int, **changes: object) -> Life:
            at = NOW + day * DAY
            assert await store.dossiers.move(dossier.id, [life.state], to, at, **changes)
            return lives.moved(life, to, at)

        async def is_the_same(life: Life) -> Life:
            assert await store.dossiers.life(dossier.id) == life
            due = await store.dossiers.refresh_due(dossier.id)
            assert due == lives.due_at(life, dossier.terms)
            assert (await store.dossiers.find(dossier.id)).due_at == due
            return life

        sent = Life(**{**vars(lived), "submitted": NOW + DAY})
        life = await goes(sent, State.UNDER_REVIEW, 1, submitted_at=NOW + DAY)
        await is_the_same(life)
        life = await asks(store, await goes(life, State.AWAITING_FAMILY, 3), dossier, day=3)
        await is_the_same(life)
        await store.requests.note_reminder(dossier.id, 1)
        life = await is_the_same(Life(**{**vars(life), "reminders_sent": 1}))
        await store.requests.receive(dossier.id, NOW + 9 * DAY)
        life = await goes(lives.completed(life, NOW + 9 * DAY), State.UNDER_REVIEW, 9)
        await is_the_same(life)
        before = life
        life = await asks(store, await goes(life, State.AWAITING_FAMILY, 12), dossier, day=12)
        await is_the_same(life)
        await store.requests.cancel(dossier.id, NOW + 13 * DAY)
        life = await goes(lives.request_cancelled(life), State.UNDER_REVIEW, 13)
        rebuilt = await store.dossiers.life(dossier.id)
        assert rebuilt.pauses == life.pauses == before.pauses
        assert lives.due_at(rebuilt, dossier.terms) == lives.due_at(before, dossier.terms)


async def asks(store: Store, life: Life, dossier: Dossier, *, day: int) -> Life:
    at = NOW + day * DAY
    until = ends(at, dossier.terms.complement_delay)
    await store.requests.add(dossier.id, asked_at=at, until=until, items=[])
    return lives.asked(life, at, until)


async def test_the_first_agent_to_take_a_dossier_up_stays_with_it(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier(state=State.UNDER_REVIEW)
    async with valbourg.open_store() as store:
        for agent in (valbourg.sophie, valbourg.karim):
            await store.dossiers.follow(dossier.id, agent.id)
        assert (await store.dossiers.find(dossier.id)).followed_by == valbourg.sophie.id


async def test_only_dossiers_that_are_not_closed_must_have_a_workflow(valbourg: Valbourg) -> None:
    made = {state: (await valbourg.dossier(state=state)).id for state in State}
    async with valbourg.open_store() as store:
        assert await store.dossiers.open_ids() == {
            made[state] for state in State if not state.is_closed
        }


async def test_what_was_known_at_the_opening_is_kept_apart_from_what_was_sent(
    valbourg: Valbourg,
) -> None:
    known = {
        "adresse": {"street": "1 rue Ancienne"},
        "situation": {"hosted": "", "separated": "yes"},
    }
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        await store.dossiers.keep_beginning(dossier, known, NOW)
        await store.dossiers.keep_beginning(dossier, {"adresse": {"street": "autre"}}, NOW)
        assert await store.dossiers.sent_answers(dossier.id) == []
        assert await store.dossiers.sent_at_version(dossier.id, 1) is None
        await store.dossiers.keep_snapshot(dossier.id, dossier.version, NOW)
        assert await store.dossiers.beginning(dossier.id) == known
        assert len(await store.dossiers.sent_answers(dossier.id)) == 1
        told = await store.dossiers.answers_told(dossier.id)
        assert (len(told.sent), told.before) == (1, known)
        rows = (await store.connection.execute(select(snapshots.c.answers))).scalars().all()
    assert "separated" not in str(rows)


async def test_a_dossier_that_began_with_nothing_has_no_beginning(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        await store.dossiers.keep_snapshot(dossier.id, dossier.version, NOW)
        assert await store.dossiers.beginning(dossier.id) is None
