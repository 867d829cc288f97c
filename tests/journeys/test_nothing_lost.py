"""A part that is away, a form sent twice, two agents at once: nothing lost, nothing twice."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.person import Person, mail_about
from tests.journeys.stories import (
    comes_in_for_the_first_time,
    fills_in,
    gives,
    papers,
    sends,
    signs_in,
)
from tests.town import RunningTown

pytestmark = pytest.mark.browser

Someone = Callable[..., Person]


def a_dossier_is_sent(parent: Person, email: str, folder: Path) -> tuple[str, str]:
    """With sworn statements and one document: the number and the dossier's page."""
    files = papers(folder)
    comes_in_for_the_first_time(parent, email)
    fills_in(parent)
    address = parent.path().removesuffix("/documents")
    for piece in ("guardian_identity", "proof_of_address"):
        parent.goes_to(f"{address}/documents/{piece}/attestation")
        parent.page.get_by_role("checkbox").check()
        parent.page.locator("main form").get_by_role("button").first.click()
        parent.sees("Documents")
    gives(parent, "child_identity", files["acte.pdf"])
    parent.waits_for("Lisible, 1 page")
    parent.goes_to(f"{address}/verifier")
    return sends(parent), address


def test_what_is_given_while_the_worker_is_away_is_kept_and_goes_on_by_itself(
    someone: Someone, valbourg: RunningTown, tmp_path: Path
) -> None:
    parent = someone()
    files = papers(tmp_path)
    comes_in_for_the_first_time(parent, "patience@exemple.fr")
    fills_in(parent)
    address = parent.path().removesuffix("/documents")
    gives(parent, "child_identity", files["acte.pdf"])
    parent.waits_for("Lisible, 1 page")
    worker = valbourg.pid("worker")
    os.kill(worker, signal.SIGSTOP)
    try:
        parent.goes_to(f"{address}/verifier")
        parent.presses("Envoyer le dossier")
        parent.sees("gardé")
        parent.looks()
    finally:
        os.kill(worker, signal.SIGCONT)
    mail_about(parent.base_url, "patience@exemple.fr", "bien reçu", seconds=90)
    parent.goes_to(address)
    parent.waits_for("Il manque 2 documents")


def test_the_same_form_sent_twice_is_one_act(someone: Someone, tmp_path: Path) -> None:
    parent = someone()
    _, address = a_dossier_is_sent(parent, "deux-fois@exemple.fr", tmp_path)
    parent.page.go_back()
    parent.page.reload()
    parent.goes_to(f"{address}/verifier")
    assert parent.page.get_by_role("button", name="Envoyer le dossier").count() == 0
    parent.goes_to(address)
    parent.sees("Dossier envoyé")


def test_two_agents_at_once_the_second_reads_who_decided(someone: Someone, tmp_path: Path) -> None:
    parent = someone()
    number, _ = a_dossier_is_sent(parent, "deux-agents@exemple.fr", tmp_path)
    sophie, karim = someone(), someone()
    for agent, email in ((sophie, "agent@valbourg.example"), (karim, "karim@valbourg.example")):
        signs_in(agent, email)
        agent.goes_to(f"/agent/dossiers?file=a-verifier&q={number}")
        agent.page.locator("main table a").first.click()
        agent.sees(number)
    sophie.presses(re.compile("^Valider"))
    karim.presses(re.compile("^Valider"))
    karim.sees("Sophie Garnier a validé ce dossier")
