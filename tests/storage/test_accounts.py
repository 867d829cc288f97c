import asyncio
from datetime import timedelta

import pytest

from storage.sessions import Session
from storage.store import OpenStore
from tests.builders import a_waiting_letter
from tests.storage.conftest import NOW, Valbourg

HOUR = timedelta(hours=1)


def a_session(account_id: str | None, token_hash: str = "h" * 64, hours: int = 1) -> Session:
    return Session(token_hash, account_id, "c" * 64, NOW, NOW, NOW + hours * HOUR)


async def test_an_account_is_found_by_address_and_by_id(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        claire = await store.accounts.by_email("claire@exemple.fr")
        assert claire is not None
        assert await store.accounts.by_id(claire.id) == claire
        assert await store.accounts.by_email("nobody@exemple.fr") is None
        assert await store.accounts.by_id("nobody") is None


async def test_two_accounts_never_share_an_address(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        assert not await store.accounts.set_email(valbourg.sophie.id, "claire@exemple.fr")
    async with valbourg.open_store() as store:
        sophie = await store.accounts.by_id(valbourg.sophie.id)
        assert sophie == valbourg.sophie


async def test_what_is_corrected_touches_one_account_only(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        await store.accounts.set_name(valbourg.claire.id, "Claire Petit")
        await store.accounts.set_email(valbourg.claire.id, "claire.petit@exemple.fr")
        await store.accounts.set_password(valbourg.claire.id, "hash")
        claire = await store.accounts.by_id(valbourg.claire.id)
        assert claire is not None
        assert (claire.name, claire.email, claire.password_hash) == (
            "Claire Petit",
            "claire.petit@exemple.fr",
            "hash",
        )
        assert await store.accounts.by_id(valbourg.sophie.id) == valbourg.sophie


async def test_a_link_works_once_even_when_it_is_followed_twice_at_once(
    open_store: OpenStore,
) -> None:
    async with open_store() as store:
        await store.accounts.add_link("l" * 32, "t" * 64, "c@exemple.fr", NOW, NOW + HOUR)

    async def follow() -> bool:
        async with open_store() as store:
            return await store.accounts.use_link("l" * 32, NOW)

    assert sorted(await asyncio.gather(*(follow() for _ in range(5)))) == [False] * 4 + [True]
    async with open_store() as store:
        link = await store.accounts.link("t" * 64)
        assert link is not None
        assert link.used_at == NOW
        assert await store.accounts.link("x" * 64) is None


async def test_links_are_counted_by_address_and_time(open_store: OpenStore) -> None:
    async with open_store() as store:
        for n, email in enumerate(("a@b.fr", "a@b.fr", "c@d.fr")):
            await store.accounts.add_link(f"{n}", f"{n}", email, NOW + n * HOUR, NOW + 9 * HOUR)
        assert await store.accounts.links_since("a@b.fr", NOW) == 2
        assert await store.accounts.links_since("a@b.fr", NOW + HOUR) == 1
        assert await store.accounts.links_since("a@b.fr", NOW + 2 * HOUR) == 0


async def test_a_session_is_opened_seen_and_ended(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        opened = a_session(valbourg.claire.id)
        await store.sessions.add(opened)
        assert await store.sessions.find("h" * 64) == opened
        await store.sessions.touch("h" * 64, NOW + HOUR)
        seen = await store.sessions.find("h" * 64)
        assert seen is not None
        assert seen.seen_at == NOW + HOUR
        await store.sessions.end("h" * 64)
        await store.sessions.end("h" * 64)
        assert await store.sessions.find("h" * 64) is None


async def test_signing_out_everywhere_leaves_other_people_in(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        for n, who in enumerate((valbourg.claire, valbourg.claire, valbourg.sophie)):
            await store.sessions.add(a_session(who.id, f"{n}"))
        await store.accounts.end_sessions_of(valbourg.claire.id)
        left = [n for n in range(3) if await store.sessions.find(f"{n}")]
    assert left == [2]


async def test_a_notice_is_kept_until_it_has_been_said(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        await store.sessions.add(a_session(valbourg.claire.id))
        for notice in ({"kind": "ok", "text": "C’est gardé."}, None):
            await store.sessions.set_notice("h" * 64, notice)
            session = await store.sessions.find("h" * 64)
            assert session is not None
            assert session.notice == notice


async def test_what_expired_is_forgotten_and_nothing_else(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        await store.sessions.add(a_session(valbourg.claire.id, "old", hours=1))
        await store.sessions.add(a_session(valbourg.claire.id, "new", hours=3))
        await store.accounts.forget_expired(NOW + 2 * HOUR)
        assert await store.sessions.find("old") is None
        assert await store.sessions.find("new") is not None


@pytest.mark.parametrize("days", [29, 31])
async def test_an_address_that_no_account_has_is_forgotten_after_thirty_days(
    valbourg: Valbourg, days: int
) -> None:
    later = NOW + timedelta(days=days)
    async with valbourg.open_store() as store:
        for n, email in enumerate(("inconnu@exemple.fr", valbourg.claire.email)):
            await store.accounts.add_link(f"{n}" * 32, f"{n}" * 64, email, NOW, NOW + HOUR)
            await a_waiting_letter(
                store,
                "first_link",
                email,
                NOW,
                subject="Votre lien",
                text=f"Pour {email}",
                link_id=f"{n}" * 32,
            )
        for _ in range(2):
            await store.accounts.forget_expired(later)
    kept = {"inconnu@exemple.fr", valbourg.claire.email}
    kept -= {"inconnu@exemple.fr"} if days > 30 else set()
    async with valbourg.open_store() as store:
        links = [await store.accounts.link(f"{n}" * 64) for n in range(2)]
        assert {one.email for one in links if one and one.email} == kept
        assert {one.to_address for one in await store.letters.outbox()} == kept
