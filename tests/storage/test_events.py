from datetime import timedelta

from domain.states import Actor, State
from tests.storage.conftest import NOW, Valbourg

DAY = timedelta(days=1)


async def test_a_line_is_written_once_and_its_first_words_stay(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        for n, expected in ((1, True), (2, False)):
            assert (
                await store.events.add(
                    dossier.id,
                    "act:a",
                    at=NOW + n * DAY,
                    what="submit",
                    actor=Actor.PARENT,
                    actor_id=valbourg.claire.id,
                    state=State.UNDER_REVIEW,
                    detail={"n": n},
                )
                is expected
            )
        assert await store.events.detail(dossier.id, "act:a") == {"n": 1}
        assert await store.events.detail(dossier.id, "act:b") is None
        (line,) = await store.events.of(dossier.id)
        assert (line.at, line.what, line.actor_name) == (NOW + DAY, "submit", "Claire Martin")


async def test_the_same_key_in_two_dossiers_is_two_lines(valbourg: Valbourg) -> None:
    dossiers = [await valbourg.dossier() for _ in range(2)]
    async with valbourg.open_store() as store:
        for dossier in dossiers:
            assert await store.events.add(
                dossier.id,
                "key",
                at=NOW,
                what="abandon",
                actor=Actor.PORTAL,
                actor_id=None,
                state=State.ABANDONED,
            )


async def test_the_timeline_is_told_from_the_beginning(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        for day in (3, 1, 2):
            await store.events.add(
                dossier.id,
                f"day-{day}",
                at=NOW + day * DAY,
                what=f"day_{day}",
                actor=Actor.PORTAL,
                actor_id=None,
                state=State.DRAFT,
            )
        timeline = await store.events.of(dossier.id)
    assert [line.what for line in timeline] == ["day_1", "day_2", "day_3"]
    assert {line.actor_name for line in timeline} == {""}
