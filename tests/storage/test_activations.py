"""Families known before the portal are written to: once each, some a minute, not once they came."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import update

from activities.activation_letters import KIND, ActivationLetters
from activities.letter_writer import LetterWriter, Sender
from storage.letters import ACCEPTED, REFUSED, Letter
from storage.tables import letters
from tests.storage.conftest import NOW, Valbourg
from tests.storage.test_family_lists import LENA, PAPER, taken

SCHOOL = "e" * 32
LATER = NOW + timedelta(days=8)


async def ask(
    valbourg: Valbourg, *, again: bool = False, school: str = "", at: datetime = NOW
) -> int:
    async with valbourg.open_store() as store:
        await store.accounts.take_turn("activations")
        return await store.activations.ask(at, 60, again=again, school=school, by=valbourg.karim.id)


async def written(valbourg: Valbourg, at: datetime) -> list[Letter]:
    """The letters of one turn of the reconciler, each handed to the mail server."""
    sender = Sender("https://famille.example", "portail@v.example", "s" * 40)
    ids = await ActivationLetters(valbourg.open_store, LetterWriter(sender)).write_due(at)
    async with valbourg.open_store() as store:
        found = [await store.letters.find(one) for one in ids]
        for one in ids:
            await store.letters.note_try(one, ACCEPTED, "", at)
    return [one for one in found if one]


async def test_everybody_known_with_mail_is_written_to_once_at_the_pace(
    valbourg: Valbourg,
) -> None:
    await taken(valbourg.open_store, LENA, PAPER)
    assert await asyncio.gather(*(ask(valbourg) for _ in range(3))) in (
        [2, 0, 0],
        [0, 2, 0],
        [0, 0, 2],
    )
    [first] = await written(valbourg, NOW)
    [second] = await written(valbourg, NOW + timedelta(seconds=1))
    assert {first.to_address, second.to_address} == {"anne@exemple.fr", "paul@exemple.fr"}
    assert await written(valbourg, LATER) == []
    assert first.kind == KIND
    assert "https://famille.example/connexion" in first.text
    assert "/activation/" not in first.text + first.html
    assert first.link_id is None


async def test_two_reconcilers_at_once_write_each_letter_once(valbourg: Valbourg) -> None:
    await taken(valbourg.open_store, LENA)
    await ask(valbourg)
    both = await asyncio.gather(*(written(valbourg, LATER) for _ in range(2)))
    assert sum(map(len, both)) == 2


async def test_whoever_came_meanwhile_is_not_written_to(valbourg: Valbourg) -> None:
    await taken(valbourg.open_store, LENA)
    await ask(valbourg)
    async with valbourg.open_store() as store:
        anne = await store.accounts.by_email("anne@exemple.fr")
        assert anne is not None
        await store.accounts.set_password(anne.id, "hash")
    assert [one.to_address for one in await written(valbourg, LATER)] == ["paul@exemple.fr"]
    async with valbourg.open_store() as store:
        told = await store.activations.progress()
    assert told == {"waiting": 0, "sent": 1, "on_the_way": 0, "refused": 0, "came": 1}


async def test_those_who_did_not_come_are_written_to_again_after_a_week(
    valbourg: Valbourg,
) -> None:
    await taken(valbourg.open_store, LENA)
    await ask(valbourg)
    await written(valbourg, LATER)
    assert await ask(valbourg, at=LATER) == 0
    assert await ask(valbourg, again=True, at=NOW + timedelta(days=2)) == 0
    assert await ask(valbourg, again=True, at=LATER) == 2
    assert await ask(valbourg, again=True, at=LATER) == 0
    [letter, _] = await written(valbourg, LATER + timedelta(minutes=1))
    async with valbourg.open_store() as store:
        await store.connection.execute(
            # As the mail server would have said of it.
            update(letters).where(letters.c.id == letter.id).values(status=REFUSED)
        )
        assert (await store.activations.progress())["refused"] == 1


async def test_one_school_is_chosen(valbourg: Valbourg) -> None:
    other = LENA.replace("Petit", "Lopez").replace("anne@", "a@").replace("paul@", "p@")
    await taken(valbourg.open_store, LENA, other.replace("Jean-Moulin", ""))
    assert await ask(valbourg, school=SCHOOL) == 2
    assert await ask(valbourg, school="f" * 32) == 0
    async with valbourg.open_store() as store:
        assert await store.activations.count(NOW, again=False) == 2
