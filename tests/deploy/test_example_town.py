"""Valbourg as it is set up: at once, the same twice, never over a town that is already there."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from api.access.passwords import Passwords
from deploy.example.families import ADAM
from deploy.example.papers import LOST, paper_for
from deploy.example.stories import STORIES
from deploy.example.teller import Story
from deploy.example.valbourg import ADMIN, KARIM, PASSWORD, SCHOOLS, SOPHIE
from deploy.example_town import set_up
from domain.documents import accepts
from domain.kinds.catalogue import RULES
from domain.questions import Choice, unfinished
from storage.migrate import migrate
from storage.sealed import new_key
from storage.store import connect, store_opener
from storage.town import TownCard
from tests.builders import KEYS

ROOT = Path(__file__).resolve().parents[2]
LISTS = {"schools": [Choice(school.id, school.name) for school in SCHOOLS]}


async def test_setting_up_twice_gives_the_same_town(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'ribambelle.db'}"
    engine = connect(url)
    open_store = store_opener(engine, KEYS)
    await migrate(url)
    await set_up(open_store)
    async with open_store() as store:
        await store.town.set_card(TownCard("Valbourg-sur-Lot", "Notre texte."))
    await set_up(open_store)
    async with open_store() as store:
        assert (await store.town.card()).name == "Valbourg-sur-Lot"
        assert [one.slug for one in await store.town.procedures()] == [
            "actualisation-2026-2027",
            "inscription-scolaire",
            "hors-commune",
            "reinscription-2027-2028",
        ]
        names = [one.name for one in await store.town.schools()]
        assert names[0].startswith("École"), "an accent must not send a name to the end"
        for person in (SOPHIE, KARIM, ADMIN):
            account = await store.accounts.by_email(person.email)
            assert account is not None
            assert account.role == person.role
            assert await Passwords().is_right(account.password_hash, PASSWORD)
    await engine.dispose()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_what_the_families_of_valbourg_answer_could_be_sent(story: Story) -> None:
    sections = RULES[story.procedure.kind].sections
    missing = unfinished(sections, story.answers, LISTS, today=date(2026, 11, 23))
    assert missing == (() if story.answers is not ADAM else missing)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_the_papers_of_valbourg_are_what_their_names_say(story: Story) -> None:
    for need in RULES[story.procedure.kind].needs(story.answers):
        paper = story.papers.get(need.piece.code, paper_for(need.piece.code, story.answers))
        if paper is None or paper.statement or paper is LOST:
            continue
        assert accepts(paper.content()[:64], paper.name) is None


def test_each_story_is_told_once() -> None:
    assert len({story.slug for story in STORIES}) == len(STORIES)


@pytest.mark.parametrize("command", ["set-up-example", "seed"])
def test_there_is_no_example_town_in_production(tmp_path: Path, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", command],
        cwd=ROOT,
        env=os.environ  # noqa: TID251  (handed on)
        | {
            "RIBAMBELLE_ENV": "production",
            "RIBAMBELLE_HOME": str(tmp_path),
            "RIBAMBELLE_SECRET": "s" * 40,
            "RIBAMBELLE_KEYS": new_key(),
            "RIBAMBELLE_BASE_URL": "https://famille.example",
        },
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "n’existe pas ici" in done.stdout
    assert not (tmp_path / "ribambelle.db").exists()
