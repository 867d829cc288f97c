"""A grandmother without mail at the desk: her dossier, her acknowledgement, later her address."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.example.valbourg import REGISTRATION, SOPHIE
from tests.journeys.person import Person, mail_about, mails_to
from tests.journeys.stories import fills_in, gives, papers, signs_in

pytestmark = pytest.mark.browser

Someone = Callable[..., Person]
TO_FIND, TO_TYPE, TO_PRINT, TO_ATTACH = 4, 21, 1, 2
"""Activations: from the first page to hers, her whole dossier, its letter, her address."""


def test_somebody_without_mail_is_served_at_the_desk_and_takes_over_later(
    someone: Someone, tmp_path: Path
) -> None:
    agent, files = someone(), papers(tmp_path)
    signs_in(agent, SOPHIE.email)
    agent.presses("À l’accueil")
    agent.types("Qui est là ?", "Zéphyrine Barthelot")  # whom no other story has left here
    agent.presses("Chercher")
    agent.sees("Aucune famille connue sous ce nom.")
    agent.presses("Saisir un dossier à l’accueil")
    agent.sees("Vous saisissez pour Zéphyrine Barthelot")
    agent.presses(re.compile(REGISTRATION.title))
    assert agent.clicks <= TO_FIND

    agent.clicks = 0
    fills_in(agent, child="Basile")
    agent.sees("Vous saisissez pour Inès Durand")
    address = agent.path().removesuffix("/documents")
    for piece, name in (
        ("child_identity", "acte.pdf"),
        ("guardian_identity", "recto.jpg"),
        ("proof_of_address", "facture.pdf"),
    ):
        gives(agent, piece, files[name])
    agent.waits_for("Lisible, 2 pages")
    agent.presses(re.compile("^(Continuer|Vérifier)"))
    agent.sees("Lu et confirmé avec la personne présente")
    agent.ticks(agent.page.get_by_role("checkbox"))
    agent.presses("Envoyer le dossier")
    agent.waits_for("Imprimer l’accusé de réception")
    assert agent.clicks <= TO_TYPE

    agent.clicks = 0
    agent.presses("Imprimer l’accusé de réception")
    agent.sees("Accusé de réception", "Mairie de Valbourg", "3 rue des Lilas", "Imprimé le")
    assert agent.clicks <= TO_PRINT
    agent.looks()
    agent.goes_to(address)
    agent.sees("saisi par l’accueil")
    agent.presses("Terminer")
    agent.sees("La saisie est terminée.", "Sans adresse mail")

    agent.clicks = 0
    agent.types("Adresse mail de la personne", "ines.lopez@exemple.fr")
    agent.presses("Envoyer le lien")
    agent.sees("Un lien part à")
    ines = someone(width=390)
    mail = mail_about(ines.base_url, "ines.lopez@exemple.fr", "Confirmer votre adresse")
    ines.goes_to(mail["links"][0])
    ines.presses(re.compile("sans mot de passe"))
    ines.sees("Basile")
    assert agent.clicks + ines.clicks <= TO_ATTACH
    ines.goes_to(address)
    ines.sees("Basile", "saisi par l’accueil")
    letters = [one["subject"] for one in mails_to(ines.base_url, "ines.lopez@exemple.fr")]
    assert not any("bien reçu" in one for one in letters), "it is on paper already"
