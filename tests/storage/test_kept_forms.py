"""Forms that wait for whoever filled them in, and the browsers and addresses of an account."""

from dataclasses import replace
from datetime import timedelta

from storage.address_changes import NEW, OLD, STOPPED
from storage.kept_forms import LIFE, KeptForm, KeptForms
from storage.sealed import Keys, new_key
from storage.sessions import Session
from tests.storage.conftest import NOW, Valbourg

FORM = KeptForm("/dossiers/x/adresse", "/dossiers/x/adresse", [("a", "Zéphyrine"), ("a", "deux")])
BROWSER, OWNER, SESSION = "b" * 64, "claire0123456789", "s" * 32


async def test_a_form_is_found_by_its_browser_and_its_owner_only(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        kept = store.kept_forms
        await kept.keep(BROWSER, OWNER, FORM, NOW)
        assert not await kept.hand_over("c" * 64, [OWNER], SESSION, NOW)
        assert not await kept.hand_over(BROWSER, ["sophie"], SESSION, NOW)
        assert await kept.of_page(SESSION, FORM.page, NOW) is None
        assert await kept.hand_over(BROWSER, [OWNER], SESSION, NOW)
        assert await kept.of_page(SESSION, FORM.page, NOW) == FORM
        assert await kept.of_page(SESSION, "/ailleurs", NOW) is None
        await kept.forget(SESSION, FORM.action)
        assert await kept.of_page(SESSION, FORM.page, NOW) is None


async def test_a_form_is_over_after_an_hour(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        kept = store.kept_forms
        await kept.keep(BROWSER, OWNER, FORM, NOW)
        assert not await kept.hand_over(BROWSER, [OWNER], SESSION, NOW + LIFE)
        await kept.hand_over(BROWSER, [OWNER], SESSION, NOW)
        assert await kept.of_page(SESSION, FORM.page, NOW + LIFE) is None


async def test_a_page_does_not_fall_when_the_key_was_taken_away(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        await store.kept_forms.keep(BROWSER, OWNER, FORM, NOW)
        other = KeptForms(store.connection, Keys([new_key()]))
        await other.hand_over(BROWSER, [OWNER], SESSION, NOW)
        assert await other.of_page(SESSION, FORM.page, NOW) is None


def a_session(account_id: str, n: int) -> Session:
    ends = NOW + timedelta(hours=8)
    return Session(f"{n:064}", account_id, "c" * 64, NOW, NOW + timedelta(minutes=n), ends)


async def test_devices_are_listed_the_latest_first_and_ended(valbourg: Valbourg) -> None:
    claire, sophie = valbourg.claire.id, valbourg.sophie.id
    one, two, other = a_session(claire, 1), a_session(claire, 2), a_session(sophie, 3)
    half = replace(a_session(claire, 4), waits_for="second_factor")
    async with valbourg.open_store() as store:
        for session in (one, two, other, half):
            await store.sessions.add(session)
        found = await store.sessions.of_account(claire, seen_since=NOW)
        assert [session.id for session in found] == [two.id, one.id]
        assert not await store.sessions.end_one(claire, other.id)
        assert await store.sessions.end_one(claire, two.id)
        assert not await store.sessions.end_one(claire, two.id)
        fresh = replace(one, token_hash="f" * 64, csrf_token="d" * 64)
        assert await store.sessions.renew(one.token_hash, fresh)
        assert not await store.sessions.renew(one.token_hash, fresh)
        assert await store.sessions.find(one.token_hash) is None
        assert await store.sessions.end_others(claire, one.id) == 1
        assert await store.sessions.find(fresh.token_hash) == fresh
        assert await store.sessions.find(other.token_hash) is not None


async def test_a_change_waits_for_both_and_the_next_one_replaces_it(valbourg: Valbourg) -> None:
    claire, until = valbourg.claire.id, NOW + timedelta(hours=1)
    async with valbourg.open_store() as store:
        links = [letter * 32 for letter in "abcd"]
        for link in links:
            await store.accounts.add_link(link, link * 2, "a@b.fr", NOW, until, purpose="address")
        changes = store.address_changes
        for n in (0, 2):
            at = NOW + timedelta(minutes=n)
            old, new = links[n], links[n + 1]
            await changes.ask(
                claire, "n@b.fr", at=at, until=until, old_link_id=old, new_link_id=new
            )
        replaced, waiting = await changes.of_link(links[0]), await changes.of_link(links[3])
        assert replaced is not None
        assert replaced.outcome == "replaced"
        replaced_link = await store.accounts.link(links[0] * 2)
        assert replaced_link is not None
        assert replaced_link.used_at is not None
        assert waiting is not None
        assert waiting == await changes.latest(claire)
        assert waiting.side_of(links[3]) == NEW
        assert waiting.waits_at(NOW)
        assert not waiting.waits_at(until)
        await changes.say_yes(waiting, OLD, NOW)
        half = await changes.latest(claire)
        assert half is not None
        assert not half.is_agreed
        await changes.say_yes(waiting, NEW, NOW)
        whole = await changes.latest(claire)
        assert whole is not None
        assert whole.is_agreed
        await changes.end(whole, STOPPED, NOW)
        await changes.end(whole, "applied", NOW)
        ended = await changes.latest(claire)
        assert ended is not None
        assert ended.outcome == STOPPED
        assert await changes.asked_since(claire, NOW - timedelta(days=1)) == 2
        await changes.forget_old(NOW + timedelta(days=3))
        assert await changes.latest(claire) is None
