"""Two parents in two browsers: one invites, the other sees the child, and staff ends it."""

import re
from collections.abc import Callable

import pytest

from tests.journeys.person import Person, mail_about, plain
from tests.journeys.stories import (
    PASSWORD,
    comes_in_for_the_first_time,
    fills_in,
    sends,
    signs_in,
)

pytestmark = pytest.mark.browser

Someone = Callable[..., Person]
LUC = "luc.durand@exemple.fr"
THIRD_PARTY_WORDS = ("rue des Lilas", "06 11 22 33 44", "ines.durand", "Inès")


def types_day(person: Person, heading: str, *parts: str) -> None:
    """Fill in a day, in its three fields."""
    group = person.page.get_by_role("group", name=re.compile(heading))
    for label, value in zip(("Jour", "Mois", "Année"), parts, strict=True):
        group.get_by_label(label).fill(value)


def test_the_other_parent_is_invited_sees_the_child_and_is_shut_out_at_once(
    someone: Someone,
) -> None:
    ines, luc, agent = someone(), someone(width=390), someone()
    comes_in_for_the_first_time(ines, "ines.durand@exemple.fr")
    fills_in(ines)
    address = ines.path().removesuffix("/documents")
    ines.goes_to(f"{address}/verifier")
    number = sends(ines)
    ines.goes_to(address)
    ines.presses("Accès de l’autre parent")
    ines.types("Son adresse mail", LUC)
    ines.presses("Envoyer l’invitation")
    ines.sees("L’invitation est partie à")

    invitation = mail_about(ines.base_url, LUC, "Suivre le dossier scolaire d’Anaïs")
    assert not any(words in invitation["text"] for words in THIRD_PARTY_WORDS)
    luc.goes_to(invitation["links"][0])
    luc.types("Adresse mail", LUC)
    luc.presses("Continuer")
    luc.goes_to(mail_about(luc.base_url, LUC, "Votre lien pour commencer")["links"][0])
    luc.clicks += 2  # the links in the two mails
    luc.types("Mot de passe", PASSWORD)
    luc.presses("Créer mon accès")
    luc.sees("Suivre le dossier d’Anaïs")
    types_day(luc, "Date de naissance", "12", "3", "2023")
    luc.presses("Suivre ce dossier")
    luc.sees("Anaïs Durand", "12/03/2023", "La mairie attend un complément")
    assert luc.clicks <= 5
    seen = plain(luc.page.locator("body").inner_text())
    assert not any(words in seen for words in THIRD_PARTY_WORDS)
    luc.looks()

    signs_in(agent, "agent@valbourg.example")
    agent.goes_to(f"/agent/dossiers?file=tous&q={number}")
    agent.presses(re.compile("Anaïs"))
    agent.presses("Accès de l’autre parent")
    agent.chooses("Quand ?", "Dès maintenant")
    agent.selects("Motif", "Décision de justice")
    types_day(agent, "Jour de la décision", "2", "11", "2026")
    agent.presses("Fermer l’accès")
    agent.sees("Accès fermé", "L’accès est fermé.")

    luc.page.reload()
    luc.sees("Cette page n’existe pas")
    luc.goes_to("/accueil")
    assert "Anaïs" not in luc.page.locator("body").inner_text()
    told = mail_about(luc.base_url, LUC, "Votre accès au dossier d’Anaïs")
    assert "justice" not in told["text"]
    ines.goes_to(f"{address}/acces")
    ines.sees("appelez le service")
    assert "justice du" not in ines.page.locator("body").inner_text()
