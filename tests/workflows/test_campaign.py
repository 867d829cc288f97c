"""A campaign on a real engine: three months of it, its pauses, its end, what may not happen."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from activities.campaign_watch import CampaignWatch
from activities.campaigns import CampaignActivities
from domain.campaign_messages import CampaignTurn
from domain.campaigns import CampaignState, Funnel
from domain.deadlines import paris_day
from domain.states import State
from storage.clock import now
from storage.tables import accounts
from tests.campaigns import a_campaign, a_dossier, a_family, a_plan, moves
from tests.histories import readable
from tests.living_campaigns import DAY, OPENS_IN, Run, begun, counts, families_of, is_over, opened
from tests.living_town import LivingTown, eventually


async def has_dossier(run: Run, family: str, state: State) -> str:
    async with run.town.open_store() as store:
        return await a_dossier(store, family, state, now())


async def some_come(run: Run, families: Sequence[str]) -> dict[str, str]:
    """Twenty begin, ten of them send, one lacks a piece; five look; one is merged, one erased."""
    drafts = {one: await has_dossier(run, one, State.DRAFT) for one in families[:20]}
    async with run.town.open_store() as store:
        later = now() + 365 * DAY
        came = accounts.c.id.in_(families[20:25])
        await store.connection.execute(accounts.update().where(came).values(seen_at=later))
        await store.merges.merge(families[0], families[45], by=run.town.sophie.id, at=now())
        await store.erasures.erase(families[46], now())
        for one in families[:10]:
            await moves(store, drafts[one], State.UNDER_REVIEW, now())
        await moves(store, drafts[families[10]], State.AWAITING_FAMILY, now())
    return drafts


async def test_three_months_with_fifty_families(town: LivingTown) -> None:
    with_mail = await families_of(town, 47)
    async with town.open_store() as store:
        on_paper = [await a_family(store, f"Papier{n}", now(), has_mail=False) for n in range(3)]
    run = await begun(town, days=90)
    assert await run.written() == {}

    await run.waits(OPENS_IN + timedelta(hours=9))
    written = await run.written()
    assert set(written) == {*with_mail, *on_paper}
    assert {tuple(kinds) for kinds in written.values()} == {("invitation",)}
    assert counts(await run.funnel()) == (50, 0, 0, 0, 0)
    assert counts(await run.handle.query("funnel", result_type=Funnel)) == (50, 0, 0, 0, 0)
    async with town.open_store() as store:
        assert (await store.letters.counts())["to_print"] == 3

    drafts = await some_come(run, with_mail)
    async with town.open_store() as store:
        late = await a_family(store, "Tardive", now())
    assert counts(await run.funnel()) == (48, 25, 20, 11, 0)

    await run.waits(21 * DAY)
    written = await run.written()
    quiet = [*with_mail[20:45], *on_paper, late]
    assert {one: written[one] for one in quiet} == {
        one: ["invitation", "not_begun"] for one in quiet
    }
    assert written[with_mail[0]] == ["invitation"] * 2, "its own, and the merged account's"
    assert all(written[one] == ["invitation"] for one in with_mail[1:20])
    assert counts(await run.funnel()) == (49, 25, 20, 11, 0)

    await run.waits(25 * DAY)
    written = await run.written()
    assert all(written[one] == ["invitation", "begun"] for one in with_mail[11:20])
    assert written[with_mail[10]] == ["invitation", "missing"]
    async with town.open_store() as store:
        for one in with_mail[:10]:
            await moves(store, drafts[one], State.APPROVED, now())
        for one in with_mail[11:15]:
            await moves(store, drafts[one], State.UNDER_REVIEW, now())
    assert counts(await run.funnel()) == (49, 25, 20, 15, 10)

    await run.waits(60 * DAY)
    assert await is_over(run)
    expected = Counter(invitation=50, not_begun=2 * 29, begun=9, missing=1, last=35)
    written = await run.written()
    assert Counter(kind for kinds in written.values() for kind in kinds) == expected
    assert all(written[one] == ["invitation"] for one in with_mail[1:10])
    assert all(written[one] == ["invitation", "begun"] for one in with_mail[11:15])
    assert all(written[one][-1] == "last" for one in (*with_mail[15:45], *on_paper, late))
    assert counts(await run.funnel()) == (49, 25, 20, 15, 10)
    async with town.open_store() as store:
        assert (await store.dossiers.find(drafts[with_mail[15]])).state is State.DRAFT


async def test_batches_keep_their_size_and_their_pause(town: LivingTown) -> None:
    await families_of(town, 7)
    run = await begun(town, batch_size=3, batch_pause=3600)
    at = (await run.campaign()).next_at
    assert at is not None
    await run.waits(at - await town.skipper.get_current_time(run.handle) + timedelta(minutes=1))
    sizes = [len(await run.written())]
    for _ in range(3):
        await run.waits(timedelta(hours=1))
        sizes.append(len(await run.written()))
    assert sizes == [3, 6, 7, 7]


async def test_a_pause_stops_the_letters_and_not_the_dossiers(town: LivingTown) -> None:
    families = await families_of(town, 4)
    run = await opened(town, days=60)
    await run.says("pause", state=CampaignState.PAUSED)
    dossier = await has_dossier(run, families[0], State.DRAFT)
    await run.waits(52 * DAY)
    assert {tuple(kinds) for kinds in (await run.written()).values()} == {("invitation",)}
    async with town.open_store() as store:
        assert (await store.town.procedure(slug="actualisation-2026-2027")).is_open
        await moves(store, dossier, State.UNDER_REVIEW, now())
    await run.says("resume", state=CampaignState.RUNNING)
    await run.rests()
    written = await run.written()
    assert written[families[0]] == ["invitation"]
    assert all(written[one] == ["invitation", "not_begun"] for one in families[1:]), "only the last"


async def test_an_extension_on_the_last_minute_counts_even_if_nobody_is_told(
    town: LivingTown,
) -> None:
    [family] = await families_of(town, 1)
    run = await opened(town)
    plan = (await run.campaign()).plan
    async with town.open_store() as store:
        longer = replace(plan, closes_on=plan.closes_on + 10 * DAY)
        await store.campaigns.change(await store.campaigns.find(run.id), plan=longer)
    await run.waits(12 * DAY)
    assert (await run.campaign()).state is CampaignState.RUNNING
    await run.waits(9 * DAY)
    assert (await run.campaign()).state is CampaignState.CLOSED
    # The last reminder was for the end that was known, then for the one that came.
    assert (await run.written())[family].count("last") == 1


async def test_who_ends_it_ends_it_at_once_and_a_begun_dossier_stays(town: LivingTown) -> None:
    families = await families_of(town, 2)
    run = await opened(town)
    dossier = await has_dossier(run, families[0], State.DRAFT)
    closed = {"closed_by": town.sophie.id, "closed_at": now(), "next_at": None}
    await run.says("close", state=CampaignState.CLOSED, **closed)
    assert await run.handle.result() == CampaignState.CLOSED
    async with town.open_store() as store:
        assert (await store.dossiers.find(dossier)).state is State.DRAFT
    assert {tuple(kinds) for kinds in (await run.written()).values()} == {("invitation",)}


async def test_a_lost_engine_is_gone_on_with_where_it_was(town: LivingTown) -> None:
    families = await families_of(town, 6)
    run = await begun(town, batch_size=2, batch_pause=3600)
    at = (await run.campaign()).next_at
    assert at is not None
    await run.waits(at - await town.skipper.get_current_time(run.handle) + timedelta(hours=1.5))
    before = await run.written()
    assert 0 < len(before) < 6
    await run.handle.terminate("the engine is lost")
    # The clock of a new workflow is the real one: what was planned for later is due again later.
    async with town.open_store() as store:
        campaign = await store.campaigns.find(run.id)
        yesterday = replace(campaign.plan, opens_on=paris_day(now()) - DAY)
        await store.campaigns.change(campaign, plan=yesterday)
    await CampaignWatch(town.open_store, town.gateway).run()
    await eventually(run.is_heard, what="the new workflow has taken its turn")
    await run.waits(timedelta(hours=4))
    written = await run.written()
    assert set(written) == set(families)
    assert {tuple(kinds) for kinds in written.values()} == {("invitation",)}


async def test_what_was_said_while_the_engine_was_away_is_heard_later(town: LivingTown) -> None:
    await families_of(town, 1)
    run = await opened(town)
    async with town.open_store() as store:
        campaign = await store.campaigns.find(run.id)
        await store.campaigns.change(campaign, state=CampaignState.PAUSED)
    assert not await run.is_heard()
    await CampaignWatch(town.open_store, town.gateway).run()
    await eventually(run.is_heard, what="the reconciler has told it")


async def test_its_histories_name_nobody_and_stay_short(town: LivingTown) -> None:
    async with town.open_store() as store:
        for n in range(20):
            await a_family(store, f"Canari{n}", now())
    run = await opened(town, batch_size=1, batch_pause=0, words={"invitation": "Motcanari"})
    await run.rests()
    assert len(await run.written()) == 20
    found = town.parts.client.list_workflows(f"WorkflowId='campaign-{run.id}'")
    runs = [one.run_id async for one in found]
    assert len(runs) == 2
    for one in runs:
        handle = town.parts.client.get_workflow_handle(f"campaign-{run.id}", run_id=one)
        events = [event async for event in handle.fetch_history_events()]
        assert len(events) < 250
        said = str([readable(event) for event in events]).lower()
        assert "canari" not in said
        assert "exemple.fr" not in said


async def test_a_word_without_a_row_changes_nothing(town: LivingTown) -> None:
    await families_of(town, 1)
    run = await opened(town)
    before = await run.campaign()
    for word in ("pause", "resume", "extend", "close"):
        await run.handle.signal(word, {"version": 99})
    await run.waits(timedelta(minutes=1))
    after = await run.campaign()
    assert (after.state, after.plan, after.version) == (before.state, before.plan, before.version)


async def test_a_worker_that_dies_in_a_batch_leaves_nobody_out_and_invites_nobody_twice(
    town: LivingTown,
) -> None:
    families = await families_of(town, 50)
    plan = a_plan(opens_on=paris_day(now()) - DAY, batch_size=50)
    async with town.open_store() as store:
        campaign = await a_campaign(store, town.sophie.id, now(), plan)
    run, turn = Run(town, campaign.id), CampaignTurn(campaign.id, now())
    handed: list[str] = []

    async def dies(letter_id: str) -> None:
        handed.append(letter_id)
        raise asyncio.CancelledError

    dying = CampaignActivities(town.open_store, town.parts.writer, dies)
    with pytest.raises(asyncio.CancelledError):
        await dying.take_turn(turn)
    written = await run.written()
    assert 0 < len(written) < 50, "it died half-way"
    assert handed
    alive = CampaignActivities(town.open_store, town.parts.writer, town.gateway.send_letter)
    await asyncio.gather(alive.take_turn(turn), alive.take_turn(turn))
    written = await run.written()
    assert set(written) == set(families)
    assert {tuple(kinds) for kinds in written.values()} == {("invitation",)}
