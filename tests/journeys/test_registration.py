"""From form to letter: a new family registers its child, and the town answers."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.person import Person, mail_about
from tests.journeys.stories import (
    comes_in_for_the_first_time,
    fills_in,
    gives,
    papers,
    sends,
    signs_in,
)

pytestmark = pytest.mark.browser

Someone = Callable[..., Person]
AZERTY_QUESTION_MARK = """() => document.activeElement.dispatchEvent(new KeyboardEvent(
    "keydown", {key: "?", code: "KeyM", shiftKey: true, bubbles: true, cancelable: true}))"""


def the_family_sends(parent: Person, email: str, folder: Path, *, child: str) -> tuple[str, str]:
    """A new family, one child, three pieces, in one visit: the number and the dossier's page."""
    files = papers(folder)
    comes_in_for_the_first_time(parent, email)
    fills_in(parent, child=child)
    address = parent.path().removesuffix("/documents")
    gives(parent, "child_identity", files["acte.pdf"])
    gives(parent, "guardian_identity", files["recto.jpg"], files["verso.heic"])
    gives(parent, "proof_of_address", files["facture.pdf"])
    for _ in range(3):
        parent.waits_for("Lisible")
    parent.waits_for("Lisible, 2 pages")
    parent.presses(re.compile("^(Continuer|Vérifier)"))
    return sends(parent), address


def test_a_family_answers_a_request_and_reads_the_refusal(someone: Someone, tmp_path: Path) -> None:
    email = "complement@exemple.fr"
    parent = someone(width=390)
    number, address = the_family_sends(parent, email, tmp_path, child="Maé")

    agent = someone()
    signs_in(agent, "karim@valbourg.example")
    agent.goes_to(f"/agent/dossiers?file=a-verifier&q={number}")
    agent.presses(re.compile("Maé"))
    desk = agent.page.url
    agent.page.evaluate(AZERTY_QUESTION_MARK)
    agent.page.wait_for_url("**/agent/raccourcis")
    agent.page.goto(desk)
    agent.clicks = 0
    agent.presses(re.compile("^À remplacer"))
    agent.page.locator("select").first.select_option(index=1)
    agent.clicks += 1
    agent.presses(re.compile("^Envoyer et passer"))
    assert agent.clicks <= 3

    asked = mail_about(parent.base_url, email, "complément est demandé")
    assert "classé sans suite" in asked["text"]
    parent.goes_to(asked["links"][0])
    parent.sees("complément")
    parent.goes_to(f"{address}/documents")
    gives(parent, "child_identity", tmp_path / "facture.pdf")
    parent.waits_for("Lisible, 2 pages")
    parent.presses("J’ai tout envoyé : répondre à la mairie")
    mail_about(parent.base_url, email, "complément est arrivé")

    agent.goes_to(f"/agent/dossiers?file=complement-recu&q={number}")
    agent.presses(re.compile("Maé"))
    agent.sees("Complément reçu")
    agent.presses(re.compile("^Refuser"))
    agent.page.locator("select, input[type=radio]").first.evaluate(
        "e => { if (e.tagName === 'SELECT') { e.selectedIndex = 1 } else { e.checked = true } }"
    )
    agent.page.locator("textarea").first.fill("L’enfant habite à Agen.")
    agent.page.locator("main form button").first.click()
    agent.sees("Voies et délais de recours", "L’enfant habite à Agen.")
    agent.presses(re.compile("^(Refuser|Envoyer)"))

    refused = mail_about(parent.base_url, email, "réponse de la mairie")
    assert "L’enfant habite à Agen." in refused["text"]
    assert "Voies et délais de recours" in refused["text"]
    parent.goes_to(refused["links"][0])
    parent.sees("L’enfant habite à Agen.")


def test_what_was_typed_is_there_on_another_device(someone: Someone) -> None:
    email = "deux-appareils@exemple.fr"
    phone = someone(width=390)
    comes_in_for_the_first_time(phone, email)
    phone.presses("Commencer")
    phone.types("Votre prénom", "Zoé")
    phone.types("Votre nom", "Lemaître")
    phone.presses("Enregistrer et finir plus tard")  # the rest of the page is still empty
    computer = someone()
    signs_in(computer, email, "une petite phrase bien longue")
    computer.sees("Continuer")
    computer.presses(re.compile("^(Continuer|Reprendre)"))
    computer.goes_to(
        f"{computer.path().rstrip('/')}/vous" if "/vous" not in computer.path() else computer.path()
    )
    expect(computer.page.get_by_label("Votre nom")).to_have_value("Lemaître")


def test_a_file_that_cannot_be_taken_gets_one_sentence_and_harms_no_other(
    someone: Someone, tmp_path: Path
) -> None:
    files = papers(tmp_path)
    parent = someone()
    comes_in_for_the_first_time(parent, "fichiers@exemple.fr")
    fills_in(parent)
    gives(parent, "child_identity", files["acte.pdf"], files["protégé.pdf"], files["petite.jpg"])
    parent.waits_for("Protégé par un mot de passe")
    parent.waits_for("La photo est trop petite pour être lue")
    parent.waits_for("Lisible, 1 page")
    gives(parent, "guardian_identity", files["page.html"])
    parent.sees("Ce type de fichier n’est pas accepté")
    gives(parent, "proof_of_address", files["vide.pdf"])
    parent.sees("Le fichier est vide")


def test_a_refusal_stays_in_sight_while_the_other_file_is_checked(
    someone: Someone, tmp_path: Path
) -> None:
    files = papers(tmp_path)
    parent = someone()
    comes_in_for_the_first_time(parent, "ensemble@exemple.fr")
    fills_in(parent)
    gives(parent, "proof_of_address", files["facture.pdf"], files["page.html"])
    expect(parent.page.locator("#piece-proof_of_address")).to_contain_text("Lisible, 2")
    parent.sees("Ce type de fichier n’est pas accepté")


def test_back_after_a_correction_shows_the_page_and_what_was_typed(someone: Someone) -> None:
    parent = someone()
    comes_in_for_the_first_time(parent, "retour@exemple.fr")
    fills_in(parent)
    parent.goes_to(f"{parent.path().removesuffix('/documents')}/adresse")
    parent.types("Code postal", "4724")
    parent.presses("Enregistrer et continuer")
    parent.sees("Écrivez les 5 chiffres")
    parent.types("Code postal", "47241")
    parent.presses("Enregistrer et continuer")
    parent.sees("Documents")
    parent.page.go_back()
    expect(parent.page.get_by_label("Code postal")).to_have_value("47241")
