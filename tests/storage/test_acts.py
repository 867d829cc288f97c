from datetime import timedelta
from typing import Any

import pytest

from domain.states import Action, Actor
from storage.acts import APPLIED, REFUSED, KeptAct
from storage.dossiers import Dossier
from tests.storage.conftest import NOW, Valbourg

MINUTE = timedelta(minutes=1)


def an_act(dossier: Dossier, id_: str, minutes: int = 0, **more: Any) -> KeptAct:
    return KeptAct(
        **{
            "id": id_,
            "dossier_id": dossier.id,
            "action": Action.SUBMIT,
            "actor_id": dossier.account_id,
            "actor": Actor.PARENT,
            "version_seen": 1,
            "given_at": NOW + minutes * MINUTE,
            **more,
        }
    )


async def test_the_same_form_twice_is_one_act(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    first = an_act(dossier, "a", words="Bonjour", items=[{"piece": "court_ruling"}])
    async with valbourg.open_store() as store:
        assert await store.acts.add(first) is True
        assert await store.acts.add(an_act(dossier, "a", 5, words="Autre chose")) is False
        assert await store.acts.find("a") == first
        assert await store.acts.find("b") is None


async def test_an_act_without_outcome_waits_in_the_order_given(valbourg: Valbourg) -> None:
    dossier, other = await valbourg.dossier(), await valbourg.dossier()
    async with valbourg.open_store() as store:
        for one, id_, minutes in ((dossier, "c", 3), (other, "a", 1), (dossier, "b", 2)):
            await store.acts.add(an_act(one, id_, minutes))
        await store.acts.add(an_act(dossier, "later", 9))
        await store.acts.add(an_act(dossier, "done", 0))
        await store.acts.settle("done", APPLIED, NOW)
        before = NOW + 5 * MINUTE
        undelivered = await store.acts.undelivered(given_before=before)
        assert [act.id for act in undelivered] == ["a", "b", "c"]
        assert [a.id for a in await store.acts.undelivered(given_before=before, limit=2)] == [
            "a",
            "b",
        ]
        waiting = await store.acts.waiting_in(dossier.id, given_before=before)
        assert [act.id for act in waiting] == ["b", "c"]


async def test_an_act_given_at_the_very_moment_counts_as_given_before(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        await store.acts.add(an_act(dossier, "a"))
        assert len(await store.acts.waiting_in(dossier.id, given_before=NOW)) == 1
        too_early = NOW - timedelta(microseconds=1)
        assert len(await store.acts.waiting_in(dossier.id, given_before=too_early)) == 0


async def test_opening_is_delivered_again_but_never_heard_by_a_deadline(
    valbourg: Valbourg,
) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        await store.acts.add(an_act(dossier, "o", action=Action.OPEN))
        assert len(await store.acts.undelivered(given_before=NOW)) == 1
        assert len(await store.acts.waiting_in(dossier.id, given_before=NOW)) == 0


async def test_the_first_outcome_of_an_act_stands(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        await store.acts.add(an_act(dossier, "a"))
        await store.acts.settle("a", REFUSED, NOW, "already_submitted")
        await store.acts.settle("a", APPLIED, NOW)
        kept = await store.acts.find("a")
        assert kept is not None
        assert (kept.outcome, kept.outcome_code) == (REFUSED, "already_submitted")
        assert await store.acts.settled_ids(dossier.id) == ("a",)


async def test_settling_an_act_nobody_gave_changes_nothing(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        await store.acts.settle("unknown", APPLIED, NOW)
        assert await store.acts.settled_ids(dossier.id) == ()


@pytest.mark.parametrize("words", ["Le jugement de Léna", ""])
async def test_what_crosses_to_the_engine_has_no_words(valbourg: Valbourg, words: str) -> None:
    dossier = await valbourg.dossier()
    act = an_act(dossier, "a", words=words, items=[{"piece": "x", "words": "secret"}])
    message = act.message()
    assert "words" not in vars(message)
    assert "items" not in vars(message)
    assert (message.id, message.action, message.actor_id) == ("a", Action.SUBMIT, act.actor_id)
