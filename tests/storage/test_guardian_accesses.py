"""Who else sees a child: true on both databases, and when two write at the same instant."""

import asyncio
from datetime import date, timedelta

from domain.guardian_access import MOST_TRIES
from domain.states import State
from storage.accounts import Account
from storage.dossiers import Dossier
from tests.builders import Someone, an_account
from tests.storage.conftest import NOW, Valbourg

LUC = Someone("luc@exemple.fr", name="Luc Petit")
TODAY = date(2026, 11, 23)


async def invited(valbourg: Valbourg) -> tuple[Dossier, str, Account]:
    """A dossier, Luc's invitation to it, and Luc."""
    dossier = await valbourg.dossier(state=State.UNDER_REVIEW)
    async with valbourg.open_store() as store:
        luc = await an_account(store, LUC, NOW)
        access = await store.guardian_accesses.invite(
            dossier.id, LUC.email, valbourg.claire.id, NOW
        )
    return dossier, access.id, luc


async def accepts(valbourg: Valbourg, access_id: str, who: Account) -> bool:
    async with valbourg.open_store() as store:
        return await store.guardian_accesses.accept(access_id, who.id, NOW)


async def ends(valbourg: Valbourg, access_id: str, on: date) -> None:
    async with valbourg.open_store() as store:
        await store.guardian_accesses.end(
            access_id,
            on,
            reason_code="ruling",
            ruling_on=on,
            by=valbourg.sophie.id,
            at=NOW,
        )


async def sees(valbourg: Valbourg, dossier: Dossier, who: Account, days: int = 0) -> bool:
    async with valbourg.open_store() as store:
        at = NOW + timedelta(days=days)
        return await store.guardian_accesses.open_to(who.id, dossier.id, at) is not None


async def test_an_access_is_open_until_its_day_and_not_on_it(valbourg: Valbourg) -> None:
    dossier, access_id, luc = await invited(valbourg)
    assert not await sees(valbourg, dossier, luc)
    assert await accepts(valbourg, access_id, luc)
    assert await sees(valbourg, dossier, luc)
    await ends(valbourg, access_id, TODAY + timedelta(days=3))
    assert [await sees(valbourg, dossier, luc, days) for days in range(5)] == [
        True, True, True, False, False,
    ]  # fmt: skip


async def test_an_invitation_is_accepted_once_and_inviting_again_keeps_who_is_in(
    valbourg: Valbourg,
) -> None:
    dossier, access_id, luc = await invited(valbourg)
    assert [await accepts(valbourg, access_id, luc) for _ in range(2)] == [True, False]
    async with valbourg.open_store() as store:
        again = await store.guardian_accesses.invite(
            dossier.id, LUC.email, valbourg.claire.id, NOW + timedelta(days=40)
        )
    assert again.id == access_id
    assert again.accepted_at == NOW


async def test_who_is_shut_out_and_accepts_at_the_same_instant_is_out(valbourg: Valbourg) -> None:
    for _ in range(4):
        dossier, access_id, luc = await invited(valbourg)
        await asyncio.gather(accepts(valbourg, access_id, luc), ends(valbourg, access_id, TODAY))
        assert not await sees(valbourg, dossier, luc)


async def test_twenty_guesses_at_once_are_five(valbourg: Valbourg) -> None:
    _, access_id, _ = await invited(valbourg)

    async def guesses() -> int | None:
        async with valbourg.open_store() as store:
            return await store.guardian_accesses.claim_try(access_id, NOW)

    left = await asyncio.gather(*(guesses() for _ in range(20)))
    assert sorted(one for one in left if one is not None) == list(range(MOST_TRIES))


async def test_two_who_invite_the_same_address_at_once_make_one_invitation(
    valbourg: Valbourg,
) -> None:
    dossier = await valbourg.dossier(state=State.UNDER_REVIEW)

    async def invites() -> str:
        async with valbourg.open_store() as store:
            await store.dossiers.hold(dossier.id)
            access = await store.guardian_accesses.invite(
                dossier.id, LUC.email, valbourg.claire.id, NOW
            )
            return access.id

    assert len(set(await asyncio.gather(invites(), invites(), invites()))) == 1


async def test_a_draft_is_never_shared(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        luc = await an_account(store, LUC, NOW)
        access = await store.guardian_accesses.invite(
            dossier.id, LUC.email, valbourg.claire.id, NOW
        )
        await store.guardian_accesses.accept(access.id, luc.id, NOW)
        assert await store.guardian_accesses.concerning(luc.id, luc.email, NOW) == []
    assert not await sees(valbourg, dossier, luc)


async def test_a_request_of_erasure_is_one_while_it_waits_and_done_once(
    valbourg: Valbourg,
) -> None:
    async def asks() -> bool:
        async with valbourg.open_store() as store:
            await store.accounts.take_turn(valbourg.claire.id)
            _, is_new = await store.erasures.ask(valbourg.claire.id, NOW, TODAY)
            return is_new

    async def does(request_id: str) -> bool:
        async with valbourg.open_store() as store:
            return await store.erasures.note_done(request_id, valbourg.sophie.id, NOW)

    assert sorted(await asyncio.gather(asks(), asks(), asks())) == [False, False, True]
    async with valbourg.open_store() as store:
        (waiting,) = await store.erasures.waiting()
    assert waiting.request.due_on == date(2026, 12, 23)
    assert sorted(await asyncio.gather(*(does(waiting.request.id) for _ in range(3)))) == [
        False, False, True,
    ]  # fmt: skip


async def test_erasing_twice_leaves_the_same(valbourg: Valbourg) -> None:
    await valbourg.dossier()
    for _ in range(2):
        async with valbourg.open_store() as store:
            await store.erasures.erase(valbourg.claire.id, NOW)
    async with valbourg.open_store() as store:
        account = await store.accounts.by_id(valbourg.claire.id)
        (dossier,) = await store.dossiers.of_account(valbourg.claire.id)
        assert await store.dossiers.answers(dossier.id) == {}
    assert account is not None
    assert (account.name, account.disabled_at) == ("", NOW)
    assert dossier.child_name == ""
