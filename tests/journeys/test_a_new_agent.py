"""A new agent comes in for the first time: the invitation, a password, a telephone, the desk."""

import re
from collections.abc import Callable

import pytest

from api.access.codes import picture_of
from deploy.example.valbourg import ADMIN, SOPHIE
from tests.journeys.person import Person, mail_about, plain
from tests.journeys.stories import PASSWORD, comes_in_for_the_first_time, signs_in
from tests.journeys.telephones import LONG_PASSWORD, links_a_telephone

pytestmark = pytest.mark.browser

Someone = Callable[..., Person]
LEA = "lea.blanc@valbourg.example"


def test_a_new_agent_comes_in_for_the_first_time(someone: Someone) -> None:
    admin = someone()
    signs_in(admin, ADMIN.email)
    admin.presses("Agents")
    admin.presses("Inviter")
    admin.types("Adresse mail professionnelle", LEA)
    admin.types("Prénom et nom", "Léa Blanc")
    admin.chooses("Rôle", "Agent")
    admin.chooses(re.compile("Service scolarité"), "Voir et traiter les dossiers")
    admin.presses("Envoyer l’invitation")
    admin.sees("L’invitation part vers", "Léa Blanc")
    assert admin.clicks == 5

    lea = someone(width=390)
    mail = mail_about(lea.base_url, LEA, "Votre accès au Portail Famille")
    assert "Alix Lambert vous ouvre un accès" in mail["text"]
    lea.goes_to(mail["links"][0])
    lea.looks()
    lea.types("Mot de passe", LONG_PASSWORD)
    lea.presses("Créer mon accès")
    lea.sees("Relier votre téléphone")
    address = lea.page.get_by_role("link", name="Je suis sur ce téléphone").get_attribute("href")
    picture = lea.page.locator("main img").get_attribute("src")
    assert address
    assert picture == picture_of(address)
    telephone, codes = links_a_telephone(lea)
    assert len(codes) == 10
    lea.looks()
    lea.presses("C’est noté, entrer sur le portail")
    lea.sees("Aujourd’hui")
    assert lea.clicks == 3

    lea.presses("Se déconnecter")
    signs_in(lea, LEA, LONG_PASSWORD)
    lea.sees("Le code de votre téléphone")
    lea.types("Code", telephone.code())
    lea.presses("Entrer")
    lea.sees("Aujourd’hui")
    lea.presses("Se déconnecter")
    signs_in(lea, LEA, LONG_PASSWORD)
    lea.types("Code", codes[0])
    lea.presses("Entrer")
    lea.sees("Aujourd’hui")
    used = mail_about(lea.base_url, LEA, "Un code de secours vient de servir")
    assert "Il vous en reste 9." in used["text"]


def test_a_parent_goes_from_the_sign_in_page_home_in_at_most_three_clicks(
    someone: Someone,
) -> None:
    parent = someone(width=390)
    comes_in_for_the_first_time(parent, "sans-code@exemple.fr")
    parent.goes_to("/compte")
    parent.presses("Se déconnecter")
    parent.goes_to("/connexion")
    parent.clicks = 0
    parent.types("Adresse mail", "sans-code@exemple.fr")
    parent.types(re.compile("Mot de passe"), PASSWORD)
    parent.presses("Continuer")
    parent.page.wait_for_url("**/accueil")
    assert parent.clicks <= 3


def test_the_example_accounts_say_that_they_go_without(someone: Someone) -> None:
    agent = someone(width=390)
    signs_in(agent, SOPHIE.email)
    agent.sees("Aujourd’hui")
    foot = agent.page.locator("footer")
    assert "Compte d’exemple : sans second facteur" in plain(foot.inner_text())
