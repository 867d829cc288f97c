"""The example town of `make run`, filled by real workflows: every state is there to be seen."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from domain.states import State
from tests.journeys.person import Person, mail_about
from tests.journeys.stories import TRIED_AGAIN, signs_in
from tests.town import ROOT, RunningTown, wait_until

# Together, so that the town is filled once: with the journeys of the admins, which need a browser.
pytestmark = pytest.mark.browser

FOUR_CLICKS = 4


@pytest.fixture
def town(example_town: RunningTown) -> RunningTown:
    return example_town


def rows(home: Path, query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(home / "ribambelle.db")) as database:
        return database.execute(query).fetchall()


def test_there_is_a_dossier_in_every_state(town: RunningTown) -> None:
    found = {state for (state,) in rows(town.home, "select distinct state from dossiers")}
    assert found == {state.value for state in State}, town.screen


def test_silence_has_decided_both_ways(town: RunningTown) -> None:
    decided = rows(town.home, "select state from dossiers where decision_basis = 'silence'")
    assert sorted(state for (state,) in decided) == ["approved", "refused"]


def test_the_reminders_came_before_the_dossier_was_closed(town: RunningTown) -> None:
    query = "select kind from letters where kind in ('complement_reminder', 'close_without_action')"
    kinds = [kind for (kind,) in rows(town.home, f"{query} order by created_at")]
    assert kinds == ["complement_reminder", "complement_reminder", "close_without_action"]


def test_supervision_has_something_real_to_show(town: RunningTown) -> None:
    def letters() -> set[tuple[str, ...]]:
        return set(rows(town.home, "select status, code from letters where code <> ''"))

    wait_until(
        lambda: {("refused", "smtp_550"), ("retrying", "smtp_451")} <= letters(),
        seconds=20,
        what="one letter is refused and one is to be tried again",
    )
    assert ("inspect", "file_not_found_error") in rows(
        town.home, "select step, code from incidents where cleared_at is null"
    )


def test_the_numbers_follow_the_dates(town: RunningTown) -> None:
    opened = [at for (at,) in rows(town.home, "select opened_at from dossiers order by number")]
    assert opened == sorted(opened)


def commanded(town: RunningTown, command: str) -> str:
    """What a command of the town says."""
    done = subprocess.run(
        [sys.executable, "-m", "cli", command],
        cwd=ROOT,
        env=town.variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_filling_it_again_changes_nothing(town: RunningTown) -> None:
    before = rows(town.home, "select count(*) from acts")
    assert "déjà remplie" in commanded(town, "seed")
    assert rows(town.home, "select count(*) from acts") == before


@pytest.fixture
def admin(town: RunningTown, browser: Browser) -> Iterator[Person]:
    """An admin of the example town, on the page of supervision, whose clicks are counted anew."""
    person = Person.with_browser(browser, town.base_url)
    signs_in(person, "admin@valbourg.example")
    person.sees("Supervision")
    person.clicks = 0
    yield person
    person.closes()


def test_an_admin_corrects_an_address_and_the_letter_leaves(
    town: RunningTown, admin: Person
) -> None:
    [(number,)] = rows(
        town.home,
        "select number from dossiers join letters on dossier_id = dossiers.id"
        " where status = 'refused'",
    )
    admin.sees("Mail refusé par le serveur : adresse inconnue")
    admin.presses(f"Dossier {number}")
    admin.sees("Refusé par le serveur de mail")
    admin.types("Adresse mail", "marc.petitjean@exemple.fr")
    admin.types("Raison", "Adresse corrigée par téléphone")
    admin.presses("Renvoyer")
    admin.waits_for("Remis au serveur de mail")
    assert admin.clicks <= FOUR_CLICKS
    assert number in mail_about(town.base_url, "marc.petitjean@exemple.fr", "bien reçu")["text"]
    admin.goes_to("/admin/mails")
    admin.goes_to("/admin/mails?etat=refuse")
    admin.goes_to("/admin/supervision")
    assert f"Dossier {number}" not in admin.page.locator("main").inner_text()


def test_an_admin_retries_a_step_for_a_reason_and_sees_what_came_of_it(
    town: RunningTown, admin: Person
) -> None:
    [(number,)] = rows(town.home, "select number from dossiers where state = 'checking'")
    admin.presses(f"Dossier {number}")
    admin.sees("Un fichier a disparu du disque")
    admin.page.get_by_text("Relancer l’étape").first.click()
    admin.clicks += 1
    admin.types("Raison", "Le fichier devrait être revenu")
    admin.presses("Confirmer la relance")
    admin.sees(TRIED_AGAIN, "Le fichier devrait être revenu")
    assert admin.clicks <= FOUR_CLICKS


def test_reconciling_by_hand_applies_what_was_kept_once(town: RunningTown) -> None:
    """The site died after it had kept an act: nobody has told the engine."""
    [(dossier, owner)] = rows(
        town.home,
        "select id, account_id from dossiers where state = 'draft' and origin = 'portal' limit 1",
    )
    with closing(sqlite3.connect(town.home / "ribambelle.db")) as database, database:
        database.execute(
            "insert into acts (id, dossier_id, action, actor_id, actor, version_seen, given_at,"
            " subject, reason_code, words, items, outcome, outcome_code)"
            " values ('kept', ?, 'withdraw', ?, 'parent', 1, '2026-11-21 08:00:00.000000',"
            " '', '', '', '[]', '', '')",
            (dossier, owner),
        )
    # The town's own worker asks every ten seconds and may be faster: then the command has only
    # the document to name whose file has disappeared.
    said = commanded(town, "reconcile")
    assert "action appliquée" in said or "1\xa0action attend encore" in said
    [(outcome,)] = rows(town.home, "select outcome from acts where id = 'kept'")
    assert outcome == "applied"
    commanded(town, "reconcile")
    query = f"select id from letters where dossier_id = '{dossier}' and kind = 'withdraw'"
    assert len(rows(town.home, query)) == 1
