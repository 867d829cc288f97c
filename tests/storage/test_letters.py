from collections.abc import Mapping
from datetime import timedelta

from storage.letters import ACCEPTED, REFUSED, RETRYING, TO_SEND, Letter
from storage.store import Store
from tests.storage.conftest import NOW, Valbourg

MINUTE = timedelta(minutes=1)


async def written(store: Store, key: str = "d:approve:1", minutes: int = 0, **more: str) -> str:
    values: Mapping[str, str] = {
        "kind": "approve",
        "to_address": "claire@exemple.fr",
        "subject": "Léna : inscription validée",
        "text": "Bonjour",
        "html": "<p>Bonjour</p>",
        **more,
    }
    at = NOW + minutes * MINUTE
    return await store.letters.add(key=key, n=1, host="v.example", at=at, **values)


async def found(store: Store, letter_id: str) -> Letter:
    letter = await store.letters.find(letter_id)
    assert letter is not None
    return letter


async def test_a_letter_of_the_same_key_is_written_once(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        first = await written(store)
        before = await found(store, first)
        assert await written(store, subject="Autre", minutes=5) == first
        assert await found(store, first) == before
        assert before.status == TO_SEND
        assert before.message_id == f"<{first}@v.example>"


async def test_a_deliberate_resend_is_a_new_letter_with_the_same_words(
    valbourg: Valbourg,
) -> None:
    async with valbourg.open_store() as store:
        first = await written(store)
        again = await store.letters.again(first, "c@exemple.fr", host="v.example", at=NOW)
        third = await store.letters.again(again, "c@exemple.fr", host="v.example", at=NOW)
        old, new, last = [await found(store, one) for one in (first, again, third)]
        assert (new.n, last.n) == (2, 3)
        assert new.key == "d:approve:2"
        assert (new.subject, new.text, new.html) == (old.subject, old.text, old.html)
        assert new.to_address == "c@exemple.fr"
        assert len({old.message_id, new.message_id, last.message_id}) == 3
        assert old.to_address == "claire@exemple.fr"


async def test_resending_an_old_letter_takes_the_next_free_number(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        first = await written(store)
        numbers = [
            (await found(store, await store.letters.again(first, "x@y.fr", host="h", at=NOW))).n
            for _ in range(3)
        ]
        assert numbers == [2, 3, 4]


async def test_the_numbers_of_one_kind_do_not_mind_another_kind_that_begins_alike(
    valbourg: Valbourg,
) -> None:
    async with valbourg.open_store() as store:
        first = await written(store, "a_b:1")
        for n in (1, 2):
            await store.letters.again(
                await written(store, "aXb:1"), "x@y.fr", host="h", at=NOW + n * MINUTE
            )
        again = await store.letters.again(first, "x@y.fr", host="h", at=NOW)
        assert (await found(store, again)).n == 2


async def test_each_try_is_noted_and_an_accepted_letter_stays_accepted(
    valbourg: Valbourg,
) -> None:
    async with valbourg.open_store() as store:
        letter_id = await written(store)
        note = store.letters.note_try
        await note(letter_id, RETRYING, "smtp_451", NOW + MINUTE)
        letter = await found(store, letter_id)
        assert (letter.status, letter.code, letter.attempts) == (RETRYING, "smtp_451", 1)
        await note(letter_id, ACCEPTED, "", NOW + 2 * MINUTE)
        accepted = await found(store, letter_id)
        assert (accepted.status, accepted.code, accepted.attempts) == (ACCEPTED, "", 2)
        assert accepted.accepted_at == NOW + 2 * MINUTE
        await note(letter_id, REFUSED, "smtp_550", NOW + 3 * MINUTE)
        assert await found(store, letter_id) == accepted


async def test_letters_never_tried_are_found_again_the_oldest_first(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        second = await written(store, "b:x:1", minutes=2)
        first = await written(store, "a:x:1", minutes=1)
        await written(store, "c:x:1", minutes=9)
        tried = await written(store, "t:x:1")
        await store.letters.note_try(tried, RETRYING, "smtp_451", NOW)
        then = NOW + 5 * MINUTE
        unsent = await store.letters.unsent(alone_before=then, about_dossiers_before=then)
        assert [one.id for one in unsent] == [first, second]
        one = await store.letters.unsent(alone_before=then, about_dossiers_before=then, limit=1)
        assert len(one) == 1


async def test_a_letter_about_a_dossier_is_left_longer_to_its_workflow(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        alone = await written(store, "a:x:1")
        about = await written(store, "b:x:1", dossier_id=dossier.id)
        soon, later = NOW + MINUTE, NOW + 5 * MINUTE
        early = await store.letters.unsent(alone_before=soon, about_dossiers_before=NOW - MINUTE)
        late = await store.letters.unsent(alone_before=later, about_dossiers_before=later)
        assert [one.id for one in early] == [alone]
        assert {one.id for one in late} == {alone, about}
        assert await store.letters.unsent_about(dossier.id) == (about,)


async def test_the_outbox_counts_and_lists_by_status(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        made = [await written(store, f"k{n}:x:1", minutes=n) for n in range(4)]
        await store.letters.note_try(made[0], ACCEPTED, "", NOW)
        await store.letters.note_try(made[1], REFUSED, "smtp_550", NOW)
        assert await store.letters.counts() == {ACCEPTED: 1, REFUSED: 1, TO_SEND: 2}
        assert [one.id for one in await store.letters.outbox()] == made[::-1]
        assert [one.id for one in await store.letters.outbox(status=REFUSED)] == [made[1]]
        page = await store.letters.outbox(limit=2, offset=1)
        assert [one.id for one in page] == [made[2], made[1]]


async def test_the_letters_of_a_dossier_come_newest_first(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        older = await written(store, "a:x:1", minutes=1, dossier_id=dossier.id)
        newer = await written(store, "b:x:1", minutes=2, dossier_id=dossier.id)
        await written(store, "c:x:1", minutes=3)
        assert [one.id for one in await store.letters.of_dossier(dossier.id)] == [newer, older]
