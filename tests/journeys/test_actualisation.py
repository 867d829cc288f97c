"""A family that the town knows: eleven activations with three papers, five where none is needed.

Without scripts each paper takes one more, the button that sends it.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import samples
from tests.journeys.known_families import is_known
from tests.journeys.person import Person
from tests.journeys.stories import gives, signs_in
from tests.town import RunningTown

pytestmark = pytest.mark.browser

WITH_THREE_PAPERS, WITHOUT_PAPERS = 11, 5
PAPERS = ("proof_of_address", "school_insurance_1", "quotient_familial")
Someone = Callable[..., Person]


def confirms_and_sends(parent: Person, begin: str, papers: dict[str, Path]) -> None:
    """From the first page to the receipt."""
    parent.goes_to("/accueil")
    parent.clicks = 0
    parent.presses(re.compile(f"^{begin}"))
    parent.sees("Voici ce que la mairie sait", "3 rue des Lilas", "Zoé Petit")
    parent.presses("Tout est exact")
    parent.sees("Documents")
    for piece, paper in papers.items():
        gives(parent, piece, paper)
    if papers:
        parent.waits_for("Lisible, 2 pages")
    parent.presses(re.compile("^Continuer"))
    parent.ticks(parent.page.get_by_label(re.compile("accepte le règlement")))
    parent.presses("Envoyer le dossier")
    parent.sees("2026-")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_known_family_enrols_again_and_gives_each_paper_once(
    someone: Someone, valbourg: RunningTown, tmp_path: Path, *, scripts: bool
) -> None:
    email = f"reinscription-{scripts}@exemple.fr".lower()
    is_known(valbourg.home, email, "Nora")
    papers = {}
    for piece in PAPERS:
        papers[piece] = tmp_path / f"{piece}.pdf"
        papers[piece].write_bytes(samples.pdf(2, text=f"{piece} {email}"))
    parent = someone(scripts=scripts)
    signs_in(parent, email)

    confirms_and_sends(parent, "Réinscrire", papers)
    assert parent.clicks <= WITH_THREE_PAPERS + (0 if scripts else len(PAPERS))

    confirms_and_sends(parent, "Actualiser", {})
    assert parent.clicks <= WITHOUT_PAPERS
