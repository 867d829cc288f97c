"""Agents on the pages of families, families by their names, and letters that wait on paper."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.paper import paper_address
from domain.visits import Mode
from storage.accounts import Account
from storage.dossiers import AT_DESK
from storage.records import new_id
from storage.sessions import Session
from storage.store import OpenStore, Store
from storage.visits import Visit
from tests.builders import REGISTRATION, Someone, a_town, an_account

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NADIA = Someone("nadia@v.example", "agent", "Nadia Petit")
JEANNE = Someone(paper_address("a" * 32), name="Jeanne Lopez")
CLAIRE = Someone("claire@exemple.fr", name="Claire Lopez-Martin")


@pytest.fixture
async def people(open_store: OpenStore) -> dict[str, Account]:
    async with open_store() as store:
        await a_town(store)
        return {one.name: await an_account(store, one, NOW) for one in (NADIA, JEANNE, CLAIRE)}


async def a_visit(
    store: Store, people: dict[str, Account], *, lasts: timedelta = timedelta(hours=1)
) -> Visit:
    session = Session(
        token_hash=new_id(),
        account_id=people["Nadia Petit"].id,
        csrf_token="",
        created_at=NOW,
        seen_at=NOW,
        expires_at=NOW + timedelta(hours=8),
    )
    await store.sessions.add(session)
    return await store.visits.begin(
        session.id,
        agent_id=people["Nadia Petit"].id,
        family_id=people["Jeanne Lopez"].id,
        mode=Mode.VIEW,
        at=NOW,
        until=NOW + lasts,
    )


async def test_a_visit_is_that_of_its_session_until_it_is_left_once(
    open_store: OpenStore, people: dict[str, Account]
) -> None:
    async with open_store() as store:
        visit = await a_visit(store, people)
        assert await store.visits.current(visit.session_id) == visit
        assert await store.visits.current(new_id()) is None
        assert await store.visits.end(visit.id, NOW)
        assert not await store.visits.end(visit.id, NOW)
        assert await store.visits.current(visit.session_id) is None


async def test_a_visit_is_over_with_its_time_or_with_its_session(
    open_store: OpenStore, people: dict[str, Account]
) -> None:
    async with open_store() as store:
        short = await a_visit(store, people, lasts=timedelta(minutes=15))
        signed_out, going_on = await a_visit(store, people), await a_visit(store, people)
        await store.visits.end((await a_visit(store, people)).id, NOW)
        await store.sessions.end_one(signed_out.agent_id, signed_out.session_id)
        over = await store.visits.over(NOW + timedelta(minutes=15))
        assert {one.id for one in over} == {short.id, signed_out.id}
        assert await store.visits.current(going_on.session_id) == going_on


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lopez", ["Claire Lopez-Martin", "Jeanne Lopez"]),
        ("Jeanne LOPEZ", ["Jeanne Lopez"]),
        ("lop cla", ["Claire Lopez-Martin"]),
        ("martin", ["Claire Lopez-Martin"]),
        ("claire@exemple", ["Claire Lopez-Martin"]),
        ("nadia", []),
        ("sans-mail", []),
        ("accueil", []),
        ("", []),
        ("%", []),
    ],
)
async def test_families_are_found_by_the_beginnings_of_names(
    open_store: OpenStore, people: dict[str, Account], words: str, found: list[str]
) -> None:
    async with open_store() as store:
        for account in people.values():
            await store.accounts.set_name(account.id, account.name)
        families = await store.people.found(words)
    assert [one.name for one in families] == found
    assert all("sans-mail" not in one.address for one in families)


async def test_children_of_drafts_on_the_portal_find_nobody_and_are_not_told(
    open_store: OpenStore, people: dict[str, Account]
) -> None:
    async with open_store() as store:
        procedure = await store.town.procedure(slug=REGISTRATION.slug)
        for name, origin in (("Claire Lopez-Martin", "portal"), ("Jeanne Lopez", AT_DESK)):
            owner = people[name].id
            dossier = await store.dossiers.open_new(procedure, owner, NOW, origin=origin)
            child = {"first_name": "Basile", "last_name": "Durand"}
            await store.dossiers.save_answers(dossier, "enfant", child, NOW)
        found = await store.people.found("basile")
        drafts = await store.people.drafts_at_desk(["scolaire"])
        elsewhere = await store.people.drafts_at_desk(["creche"])
    assert [(one.name, one.children) for one in found] == [("Jeanne Lopez", ("Basile Durand",))]
    assert [one.name for one in drafts] == ["Jeanne Lopez"]
    assert not elsewhere


async def test_a_name_that_changes_finds_by_the_new_one(
    open_store: OpenStore, people: dict[str, Account]
) -> None:
    async with open_store() as store:
        await store.accounts.set_name(people["Jeanne Lopez"].id, "Jeanne Durand")
        await store.accounts.set_email(people["Jeanne Lopez"].id, "jd@exemple.fr")
        assert [one.name for one in await store.people.found("durand")] == ["Jeanne Durand"]
        assert [one.name for one in await store.people.found("jd@")] == ["Jeanne Durand"]
        assert "Jeanne Durand" not in [one.name for one in await store.people.found("lopez")]
