"""An admin sees what is stuck and unsticks it; a part that is away loses nothing."""

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

ADMIN_BUDGET = 4
Someone = Callable[..., Person]


def a_dossier_is_sent(parent: Person, email: str, folder: Path) -> tuple[str, str]:
    """With sworn statements and one document: the number and the dossier's page."""
    files = papers(folder)
    comes_in_for_the_first_time(parent, email)
    fills_in(parent)
    address = parent.path().removesuffix("/documents")
    for piece in ("guardian_identity", "proof_of_address"):
        parent.goes_to(f"{address}/documents/{piece}/attestation")
        parent.looks()
        parent.page.get_by_role("checkbox").check()
        parent.page.locator("main form").get_by_role("button").first.click()
        parent.sees("Documents")
    gives(parent, "child_identity", files["acte.pdf"])
    parent.waits_for("Lisible, 1 page")
    parent.goes_to(f"{address}/verifier")
    return sends(parent), address


def test_an_admin_corrects_an_address_and_sends_a_refused_letter_again(
    someone: Someone, tmp_path: Path
) -> None:
    parent = someone()
    number, _ = a_dossier_is_sent(parent, "ancienne@exemple.fr", tmp_path)
    mail_about(parent.base_url, "ancienne@exemple.fr", "bien reçu")
    agent = someone()
    signs_in(agent, "agent@valbourg.example")

    admin = someone()
    signs_in(admin, "admin@valbourg.example")
    admin.sees("Supervision")
    admin.looks()
    admin.goes_to("/admin/mails")
    admin.looks()
    admin.presses(re.compile("bien reçu .*" + number))
    admin.looks()
    admin.page.get_by_text("Renvoyer ce courrier").click()
    admin.types("Adresse mail", "nouvelle@exemple.fr")
    admin.types("Raison", "Adresse corrigée au téléphone.")
    admin.presses("Renvoyer")
    again = mail_about(admin.base_url, "nouvelle@exemple.fr", "bien reçu")
    first = mail_about(admin.base_url, "ancienne@exemple.fr", "bien reçu")
    assert again["message_id"] != first["message_id"]  # a deliberate resend is another mail
    assert again["text"] == first["text"]


def test_an_admin_retries_a_step_now_with_a_reason(someone: Someone) -> None:
    parent = someone()
    address = "greylist@lent.exemple.fr"  # this domain says "later" to the first mail
    parent.goes_to("/connexion")
    parent.types("Adresse mail", address)
    parent.presses("Continuer")
    admin = someone()
    signs_in(admin, "admin@valbourg.example")
    admin.waits_for("Nouvel essai prévu")
    admin.looks()
    admin.clicks = 0
    admin.page.locator("main table a").first.click()
    admin.clicks += 1
    admin.looks()
    admin.page.get_by_text("Relancer l’étape", exact=True).click()
    admin.clicks += 1
    admin.types("Raison", "Le serveur de mail est réparé.")
    admin.presses("Confirmer la relance")
    assert admin.clicks <= ADMIN_BUDGET
    admin.sees("Le serveur de mail est réparé.")
    admin.looks()


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
    karim.looks()
