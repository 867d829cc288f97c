"""A telephone beside a browser: it knows the secret that a page shows, and shows codes."""

import re
import subprocess
import sys
from datetime import timedelta

from api.access.codes import STEP_SECONDS, code_at
from storage.clock import now
from tests.journeys.person import Person
from tests.town import ROOT, RunningTown

LONG_PASSWORD = "le marronnier penche à droite"
_STEP = timedelta(seconds=STEP_SECONDS)


class Telephone:
    """Shows each code once: the portal takes none twice, and nobody waits for the next one here."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._shown = 0

    @classmethod
    def set_up(cls, person: Person) -> "Telephone":
        """Type the key of the page in front of this person into a telephone."""
        return cls(person.page.locator("#cle").input_value().replace(" ", ""))

    def code(self) -> str:
        """The code of now, then the one that is shown half a minute later."""
        self._shown += 1
        return code_at(self._secret, now() + (self._shown - 1) * _STEP)


def comes_in_as_the_first_admin(person: Person, town: RunningTown, email: str) -> None:
    """By the link that the command line gives, up to the page that asks for a telephone."""
    command = [sys.executable, "-m", "cli", "create-admin", "--email", email, "--name", "Odile Roy"]
    made = subprocess.run(
        command, cwd=ROOT, env=town.variables, capture_output=True, text=True, check=True
    )
    found = re.search(r"http\S+/activation/\S+", made.stdout)
    assert found, made.stdout
    person.goes_to(found[0])
    person.types("Mot de passe", LONG_PASSWORD)
    person.presses("Créer mon accès")
    person.sees("Relier votre téléphone")


def links_a_telephone(person: Person) -> tuple[Telephone, list[str]]:
    """From the page with the picture to the recovery codes, which are read as well."""
    telephone = Telephone.set_up(person)
    person.types("Code à 6 chiffres", telephone.code())
    person.presses("Relier ce téléphone")
    person.sees("Vos codes de secours")
    return telephone, person.page.locator("main ol code").all_inner_texts()
