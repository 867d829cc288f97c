"""What people do, page by page, in the words they read on the screen."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests import samples
from tests.journeys.person import Person, mail_about

PASSWORD = "une petite phrase bien longue"
EXAMPLE_PASSWORD = "valbourg-exemple"
CONTINUE = "Enregistrer et continuer"
# The page waits some seconds for the new try; on a busy machine it says that it still runs.
TRIED_AGAIN = re.compile("elle a encore échoué|Le nouvel essai est en cours")


def comes_in_for_the_first_time(person: Person, email: str) -> None:
    """From the public page to the start of the first request, by the link in the mail."""
    person.goes_to("/")
    person.presses("Se connecter ou commencer")
    person.types("Adresse mail", email)
    person.presses("Continuer")
    person.sees("Regardez vos mails")
    mail = mail_about(person.base_url, email, "Votre lien pour commencer")
    person.goes_to(mail["links"][0])
    person.clicks += 1  # the link in the mail
    person.types("Mot de passe", PASSWORD)
    person.presses("Créer mon accès")
    person.sees("Inscrire mon enfant")


def signs_in(person: Person, email: str, password: str = EXAMPLE_PASSWORD) -> None:
    """With a password; signing in is not counted."""
    person.goes_to("/connexion")
    person.types("Adresse mail", email)
    person.types(re.compile("Mot de passe"), password)
    person.presses("Continuer")
    person.clicks = 0


def fills_in(person: Person, *, child: str = "Anaïs", hosted: bool = False) -> None:
    """Every page of questions, from the start page to the documents."""
    person.presses("Commencer")
    person.types("Votre prénom", "Inès")
    person.types("Votre nom", "Durand")
    person.chooses("Vous êtes", "Mère")
    person.types("Votre téléphone", "06 11 22 33 44")
    person.presses(CONTINUE)
    person.sees("Votre foyer")
    person.types("Numéro et rue", "3 rue des Lilas")
    person.types("Code postal", "47240")
    person.types("Commune", "Valbourg")
    person.presses(CONTINUE)
    person.sees("L’autre parent")
    person.chooses(re.compile("autre parent"), "Non")
    person.presses(CONTINUE)
    person.sees("Prénom de l’enfant")
    person.types("Prénom de l’enfant", child)
    person.types("Nom de l’enfant", "Durand")
    for part, value in (("Jour", "12"), ("Mois", "3"), ("Année", "2023")):
        person.types(part, value)
    person.types("Commune de naissance", "Agen")
    person.presses(CONTINUE)
    person.sees("L’école souhaitée")
    person.selects("Classe demandée", "Petite section (3 ans)")
    person.ticks(person.page.get_by_role("radio"))
    person.presses(CONTINUE)
    person.sees("Votre situation")
    if hosted:
        person.ticks(person.page.get_by_label(re.compile("hébergé")))
        person.types(re.compile("personne qui vous héberge"), "Luc Petit")
    person.presses(CONTINUE)
    person.sees("Les personnes à contacter")
    person.presses(CONTINUE)
    person.sees("Documents")


def gives(person: Person, piece: str, *files: Path) -> None:
    """Files for one piece, on the page of the documents; sent at once, or by the button."""
    card = person.page.locator(f"#piece-{piece}")
    expect(card.locator("input[type=file]")).to_be_attached()
    person.picks_files(card, *files)
    if not person.scripts:
        person.presses(re.compile("Envoyer le|Envoyer les"), within=card)


def sends(person: Person) -> str:
    """Verify and send; gives the dossier's number."""
    person.sees("Vérifier")
    person.presses("Envoyer le dossier")
    person.sees("2026-")
    found = re.search(r"20\d\d-\d{4}", person.page.locator("main").inner_text())
    assert found is not None
    return found.group()


def papers(folder: Path) -> dict[str, Path]:
    """Files as a family has them: a PDF, photos of a phone, and some that cannot be taken."""
    made = {
        "facture.pdf": samples.pdf(2),
        "recto.jpg": samples.telephone_jpeg(),
        "verso.heic": (Path(__file__).parents[1] / "photos" / "photo.heic").read_bytes(),
        "acte.pdf": samples.pdf(1),
        "protégé.pdf": samples.encrypted_pdf("secret"),
        "petite.jpg": samples.jpeg(300, 400),
        "vide.pdf": b"",
        "page.html": b"<html><script>alert(1)</script></html>",
    }
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in made}
