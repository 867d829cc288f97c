"""The main job in four ways: with a mouse, without scripts, with the keys alone, with a finger.

From form to letter, by everybody who has a part in it: a new family sends, an agent asks for more,
the family answers, the agent approves, the family reads it; and an admin has a stuck step tried
again. Everybody's activations are counted against what the flow may cost.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from deploy.example.valbourg import ADMIN, SOPHIE
from tests.journeys.hands import Finger, Keys, Mouse
from tests.journeys.person import Person, mail_about
from tests.journeys.stories import (
    TRIED_AGAIN,
    comes_in_for_the_first_time,
    fills_in,
    gives,
    papers,
    sends,
    signs_in,
)
from tests.town import RunningTown

pytestmark = pytest.mark.browser

NEW_FAMILY = 24
A_BUTTON_FOR_EACH_PIECE = 3
APPROVAL, COMPLEMENT, UNBLOCKING = 5, 3, 4


@dataclass(frozen=True)
class Way:
    """How everybody works in one telling of the story."""

    hands: type[Mouse]
    child: str
    scripts: bool = True
    width: int = 1280


WAYS = {
    "mouse": Way(Mouse, "Anaïs"),
    "scripts off": Way(Mouse, "Élio", scripts=False),
    "keys only": Way(Keys, "Maëlys"),
    "touch": Way(Finger, "Noélie", width=390),
}
Someone = Callable[[], Person]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


@pytest.fixture
def someone(way: Way, browser: Browser, example_town: RunningTown) -> Iterator[Someone]:
    """Somebody in the example town who works in this way."""
    people: list[Person] = []

    def make() -> Person:
        person = Person.with_browser(
            browser,
            example_town.base_url,
            width=way.width,
            scripts=way.scripts,
            hands=way.hands(),
        )
        people.append(person)
        return person

    yield make
    for person in people:
        person.closes()


def the_family_sends(parent: Person, email: str, child: str, files: dict[str, Path]) -> str:
    """A new family, one child, three pieces, in one visit: the dossier's number."""
    comes_in_for_the_first_time(parent, email)
    fills_in(parent, child=child)
    gives(parent, "child_identity", files["acte.pdf"])
    gives(parent, "guardian_identity", files["recto.jpg"], files["verso.heic"])
    gives(parent, "proof_of_address", files["facture.pdf"])
    parent.waits_for("Lisible, 2 pages")
    parent.presses(re.compile("^(Continuer|Vérifier)"))
    return sends(parent)


def the_agent_opens(agent: Person, number: str, child: str, queue: str) -> None:
    agent.goes_to(f"/agent/dossiers?file={queue}&q={number}")
    agent.clicks = 0
    agent.presses(re.compile(child))
    agent.sees("Lisible")


def test_everybody_can_do_their_part(way: Way, someone: Someone, tmp_path: Path) -> None:
    email = f"quatre-{way.hands.__name__}-{way.scripts}@exemple.fr".lower()
    files = papers(tmp_path)
    parent, agent = someone(), someone()

    number = the_family_sends(parent, email, way.child, files)
    assert parent.clicks <= NEW_FAMILY + (0 if way.scripts else A_BUTTON_FOR_EACH_PIECE)
    received = mail_about(parent.base_url, email, "bien reçu")
    assert number in received["text"]
    assert "la mairie n’a pas répondu" in received["text"]

    signs_in(agent, SOPHIE.email)
    agent.sees("Aujourd’hui")
    the_agent_opens(agent, number, way.child, "a-verifier")
    agent.clicks = 0
    agent.presses(re.compile("^À remplacer"))
    agent.selects(re.compile("^Motif"), "Le document n’est pas lisible.")
    agent.presses(re.compile("^Envoyer et passer"))
    agent.sees("Complément demandé pour le dossier")
    assert agent.clicks <= COMPLEMENT

    asked = mail_about(parent.base_url, email, "complément est demandé")
    parent.goes_to(asked["links"][0])
    parent.sees("Il manque 1 document")
    parent.presses("Ajouter les documents")
    gives(parent, "child_identity", files["facture.pdf"])
    parent.waits_for("Lisible, 2 pages")
    parent.presses("J’ai tout envoyé : répondre à la mairie")
    mail_about(parent.base_url, email, "complément est arrivé")

    the_agent_opens(agent, number, way.child, "complement-recu")
    for _ in range(3):
        agent.presses(re.compile("^Conforme"))
    agent.presses(re.compile("^Valider"))
    agent.sees("validé")
    assert agent.clicks <= APPROVAL

    decided = mail_about(parent.base_url, email, "inscription validée")
    parent.goes_to(decided["links"][0])
    parent.sees("Inscription validée")
    parent.goes_to("/accueil")
    parent.sees(way.child)


def test_an_admin_unblocks_a_step(someone: Someone) -> None:
    admin = someone()
    signs_in(admin, ADMIN.email)
    admin.sees("Un fichier a disparu du disque")
    cause = admin.page.locator("section", has_text="Un fichier a disparu du disque")
    admin.presses(re.compile("^Dossier 2026"), within=cause.last)
    admin.unfolds("Relancer l’étape")
    admin.types("Raison", "Le fichier devrait être revenu")
    admin.presses("Confirmer la relance")
    admin.sees(TRIED_AGAIN, "Le fichier devrait être revenu")
    assert admin.clicks <= UNBLOCKING
