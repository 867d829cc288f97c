"""A page of the portal in one state: where it is, who sees it, and how it comes to look so."""

import re
from dataclasses import dataclass

from tests.journeys.reaching import After

NOBODY = ""
NEWCOMER = "nouvelle-famille@exemple.fr"
"""A parent with an access and without any dossier."""
NEW_TOWN = "admin@nouvelle-ville"
"""The admin of a town without a single dossier."""

WITHOUT_TELEPHONE = "sans-telephone@exemple.fr"
"""An admin who has chosen a password, and has no telephone known here yet."""
WITH_TELEPHONE = "avec-telephone@exemple.fr"
"""An admin with a telephone, who has shown a password and no code yet."""
SETTLED = "telephone-relie@exemple.fr"
"""An admin who came in with a telephone."""


@dataclass(frozen=True)
class Example:
    """A page in one state, seen by one person (`who`: a mail address, or nobody)."""

    path: str
    state: str
    who: str = NOBODY
    status: int = 200
    after: After | None = None

    @property
    def name(self) -> str:
        """Short, unique, fit for the name of a file: `dossiers-lena, validé`."""
        place = re.sub(r"<(?:\w+ )?([^>]*)>", r"\1", self.path.partition("?")[0])
        return f"{re.sub(r'[^a-z0-9]+', '-', place.lower()).strip('-') or 'accueil'}, {self.state}"
