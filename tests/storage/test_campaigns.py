"""Whom a campaign is for, how far they have come, and what is said of a campaign once."""

from datetime import date, timedelta

import pytest

from domain.campaigns import Audience, CampaignState, Funnel, Position, Round, Step, rounds
from domain.errors import NotFound, Stale
from domain.states import State
from storage.campaign_families import Reach
from storage.campaigns import Campaign
from storage.letters import ACCEPTED
from storage.store import Store
from storage.tables import accounts
from tests.campaigns import (
    ACTUALISATION,
    CLOSES,
    OPENS,
    SCHOOL,
    a_campaign,
    a_dossier,
    a_family,
    moves,
)
from tests.campaigns import a_plan as a_plan_of
from tests.storage.conftest import NOW, Valbourg

REMINDERS = {one.letter: one for one in reversed(rounds(a_plan_of()))}
TOMORROW = NOW + timedelta(days=1)


async def invited(store: Store, campaign: Campaign, *account_ids: str) -> None:
    for account_id in account_ids:
        assert await store.campaign_families.note_invited(campaign.id, account_id, "", NOW)


async def planned(store: Store, valbourg: Valbourg, **changes: object) -> Campaign:
    return await a_campaign(store, valbourg.karim.id, NOW, a_plan_of(**changes))


async def names(store: Store, campaign: Campaign) -> set[str]:
    """Who would be invited now."""
    found = await store.campaign_families.to_invite(campaign, NOW, limit=50)
    every = [await store.accounts.by_id(one.account_id) for one in found]
    return {one.name.removeprefix("Anne ") for one in every if one}


async def test_a_plan_is_kept_as_it_was_said(valbourg: Valbourg) -> None:
    plan = a_plan_of(audience=Audience(grades=("cp",), schools=(SCHOOL,)), last_days=5)
    async with valbourg.open_store() as store:
        campaign = await a_campaign(store, valbourg.karim.id, NOW, plan)
        assert campaign.plan == plan
        assert campaign.state is CampaignState.PLANNED
        assert (campaign.slug, campaign.school_year) == (ACTUALISATION.slug, "2026-2027")
        again = await store.campaigns.add(
            campaign.id, campaign.procedure_id, "Autre", plan, by=valbourg.karim.id, at=NOW
        )
        assert not again
        assert [one.title for one in await store.campaigns.all()] == ["Actualisation 2026-2027"]
        with pytest.raises(NotFound):
            await store.campaigns.find("0" * 32)


async def test_of_two_who_change_a_campaign_at_once_the_second_is_told(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        seen = await planned(store, valbourg)
        await store.campaigns.change(seen, state=CampaignState.RUNNING)
        with pytest.raises(Stale):
            await store.campaigns.change(seen, state=CampaignState.CLOSED)
        assert (await store.campaigns.find(seen.id)).state is CampaignState.RUNNING


async def test_an_audience_is_everybody_at_school_or_some_grades_or_schools_or_chosen(
    valbourg: Valbourg,
) -> None:
    async with valbourg.open_store() as store:
        petit = await a_family(store, "Petit", NOW, grade="cp")
        await a_family(store, "Roux", NOW, grade="ce1", school=None)
        await a_family(store, "Noël", NOW, grade="ps", has_mail=False)
        await a_family(store, "Sorti", NOW, grade="", school=None)
        for audience, who, on_paper in (
            (Audience(), {"Petit", "Roux", "Noël"}, 1),
            (Audience(grades=("cp", "ce1")), {"Petit", "Roux"}, 0),
            (Audience(schools=(SCHOOL,)), {"Petit", "Noël"}, 1),
            (Audience(grades=("ce1",), schools=(SCHOOL,)), set[str](), 0),
            (Audience(chosen=(petit,)), {"Petit"}, 0),
        ):
            campaign = await planned(store, valbourg, audience=audience)
            assert await names(store, campaign) == who
            assert await store.campaign_families.reach(audience, NOW) == Reach(len(who), on_paper)


async def test_closed_accounts_are_left_out_and_who_arrives_is_found(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        campaign = await planned(store, valbourg)
        petit, roux = [await a_family(store, name, NOW) for name in ("Petit", "Roux")]
        await invited(store, campaign, petit)
        assert await names(store, campaign) == {"Roux"}
        await store.erasures.erase(roux, NOW)
        assert await names(store, campaign) == set()
        await a_family(store, "Tard", NOW)
        assert await names(store, campaign) == {"Tard"}
        await store.erasures.erase(petit, NOW)
        assert (await store.campaign_families.funnel(campaign, NOW)).invited == 0


async def test_a_family_that_was_merged_is_not_invited_again(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        campaign = await planned(store, valbourg)
        kept, other = [await a_family(store, name, NOW) for name in ("Petit", "Petit-Roux")]
        await invited(store, campaign, other)
        await store.merges.merge(kept, other, by=valbourg.sophie.id, at=NOW)
        assert await names(store, campaign) == set()
        found = await store.campaign_families.at_step(campaign, limit=10)
        assert [one.account_id for one in found] == [kept]


async def test_the_funnel_is_exact_in_every_state_of_a_dossier(valbourg: Valbourg) -> None:
    expected = {
        State.DRAFT: Step.BEGUN,
        State.ABANDONED: Step.BEGUN,
        State.CHECKING: Step.SENT,
        State.UNDER_REVIEW: Step.SENT,
        State.AWAITING_FAMILY: Step.SENT,
        State.APPROVED: Step.APPROVED,
        State.REFUSED: Step.SENT,
        State.WITHDRAWN: Step.SENT,
        State.CLOSED_WITHOUT_ACTION: Step.SENT,
    }
    assert set(expected) == set(State)
    async with valbourg.open_store() as store:
        campaign = await planned(store, valbourg)
        for number, (state, step) in enumerate(expected.items()):
            family = await a_family(store, f"Famille{number}", NOW)
            await invited(store, campaign, family)
            await a_dossier(store, family, state, NOW)
            found = await store.campaign_families.at_step(campaign, step, limit=50)
            assert family in {one.account_id for one in found}, state
        quiet, seen = [await a_family(store, name, NOW) for name in ("Calme", "Venue")]
        await invited(store, campaign, quiet, seen)
        await store.connection.execute(
            accounts.update().where(accounts.c.id == seen).values(seen_at=TOMORROW)
        )
        await store.connection.execute(
            accounts.update().where(accounts.c.id == quiet).values(seen_at=NOW - timedelta(days=1))
        )
        funnel = await store.campaign_families.funnel(campaign, NOW)
    assert funnel == Funnel(NOW, invited=11, opened=10, begun=9, sent=7, approved=1)


async def test_a_family_counts_once_however_many_dossiers_it_has(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        campaign = await planned(store, valbourg)
        family = await a_family(store, "Petit", NOW)
        await invited(store, campaign, family)
        for state in (State.WITHDRAWN, State.APPROVED, State.DRAFT):
            await a_dossier(store, family, state, NOW)
        elsewhere = await store.town.procedure(slug="inscription-scolaire")
        await store.dossiers.open_new(elsewhere, family, NOW)
        funnel = await store.campaign_families.funnel(campaign, NOW)
        assert funnel == Funnel(NOW, 1, 1, 1, 1, 1)
        [row] = await store.campaign_families.at_step(campaign, limit=10)
        shown = await store.dossiers.find(row.dossier_id)
        assert (row.number, shown.state) == (shown.number, State.APPROVED)


async def due_to(store: Store, campaign: Campaign, due: Round) -> set[str]:
    found = await store.campaign_families.to_remind(
        campaign, due, invited_before=TOMORROW, limit=50
    )
    return {one.account_id for one in found}


async def test_each_is_reminded_of_what_it_has_not_done_and_who_has_sent_of_nothing(
    valbourg: Valbourg,
) -> None:
    async with valbourg.open_store() as store:
        campaign = await planned(store, valbourg)
        families = {}
        for state in State:
            families[state] = await a_family(store, f"Famille {state.value}", NOW)
            await invited(store, campaign, families[state])
            await a_dossier(store, families[state], state, NOW)
        nothing = await a_family(store, "Rien", NOW)
        await invited(store, campaign, nothing)
        begun, missing = {families[State.DRAFT]}, {families[State.AWAITING_FAMILY]}
        not_begun = {nothing, families[State.ABANDONED]}
        assert await due_to(store, campaign, REMINDERS[Position.NOT_BEGUN]) == not_begun
        assert await due_to(store, campaign, REMINDERS[Position.BEGUN]) == begun
        assert await due_to(store, campaign, REMINDERS[Position.MISSING]) == missing
        assert await due_to(store, campaign, REMINDERS["last"]) == not_begun | begun | missing


async def test_a_reminder_is_given_once_and_not_to_who_was_invited_since(
    valbourg: Valbourg,
) -> None:
    due = REMINDERS[Position.NOT_BEGUN]
    async with valbourg.open_store() as store:
        campaign = await planned(store, valbourg)
        family = await a_family(store, "Petit", NOW)
        await invited(store, campaign, family)
        assert not await store.campaign_families.to_remind(
            campaign, due, invited_before=NOW, limit=5
        )
        assert await store.campaign_families.note_reminded(campaign.id, family, due.day)
        assert not await store.campaign_families.note_reminded(campaign.id, family, due.day)
        assert await due_to(store, campaign, due) == set()
        assert await due_to(store, campaign, REMINDERS["last"]) == {family}


async def test_the_procedure_is_open_while_one_of_its_campaigns_is(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        first, second = [await planned(store, valbourg) for _ in range(2)]
        for campaign in (first, second):
            await store.campaigns.change(campaign, state=CampaignState.RUNNING)
            await store.campaigns.let_begin(campaign)
        for campaign, is_open in ((first, True), (second, False)):
            seen = await store.campaigns.find(campaign.id)
            await store.campaigns.change(seen, state=CampaignState.CLOSED)
            await store.campaigns.end_beginnings(seen)
            procedure = await store.town.procedure(id=campaign.procedure_id)
            assert procedure.is_open is is_open


async def test_a_family_sees_what_it_is_invited_to_within_its_days(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        campaign = await planned(store, valbourg)
        family = await a_family(store, "Petit", NOW)
        assert await store.campaigns.open_for(family, OPENS) is None
        await invited(store, campaign, family)
        assert await store.campaigns.open_for(family, OPENS) is None, "it is not open yet"
        await store.campaigns.change(campaign, state=CampaignState.RUNNING)
        for day in (OPENS, CLOSES):
            found = await store.campaigns.open_for(family, day)
            assert found is not None
            assert (found.campaign_id, found.closes_on) == (campaign.id, CLOSES)
        for day in (OPENS - timedelta(days=1), date(2027, 3, 1)):
            assert await store.campaigns.open_for(family, day) is None


async def test_a_dossier_that_goes_on_changes_what_is_said_at_once(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        campaign = await planned(store, valbourg)
        family = await a_family(store, "Petit", NOW)
        await invited(store, campaign, family)
        dossier = await a_dossier(store, family, State.DRAFT, NOW)
        for state, position in (
            (State.UNDER_REVIEW, Position.SENT),
            (State.AWAITING_FAMILY, Position.MISSING),
            (State.APPROVED, Position.SENT),
        ):
            await moves(store, dossier, state, NOW)
            [row] = await store.campaign_families.at_step(campaign, limit=5)
            assert row.position is position


async def test_letters_of_a_campaign_are_counted_by_kind_and_status(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        campaign = await planned(store, valbourg)
        for number, address in enumerate(("a@exemple.fr", "b@exemple.fr", "")):
            letter = await store.letters.add(
                key=f"{campaign.id}-{number}-:campaign_invitation:1",
                kind="campaign_invitation",
                n=1,
                to_address=address,
                subject="Actualisation",
                text="…",
                html="…",
                host="v.example",
                at=NOW,
            )
            if number == 0:
                await store.letters.note_try(letter, ACCEPTED, "", NOW)
        assert await store.campaign_families.letters_waiting() == 1
        assert await store.campaign_families.letter_counts(campaign.id) == {
            ("campaign_invitation", "accepted"): 1,
            ("campaign_invitation", "to_send"): 1,
            ("campaign_invitation", "to_print"): 1,
        }
