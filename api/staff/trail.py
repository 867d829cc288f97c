"""Where an agent comes from: the queue and the words of a search, kept in every address and form.

So « Suivant » goes on in the same list, and a decision opens the next dossier of that list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request

from storage.records import is_id
from storage.selections import Queue, Selection

SOON = timedelta(days=7)
"""How long before its legal date a dossier becomes urgent."""
_LONGEST_WORDS = 120


@dataclass(frozen=True)
class QueueWords:
    """A queue as agents read it: its name in the tabs, and what is said when it is empty."""

    queue: Queue
    label: str
    empty: str


QUEUES: Mapping[str, QueueWords] = {
    "a-verifier": QueueWords(Queue.TO_CHECK, "À vérifier", "Aucun dossier à vérifier."),
    "prets-a-valider": QueueWords(
        Queue.READY, "Prêts à valider", "Aucun dossier n’est prêt à valider sans être relu."
    ),
    "urgents": QueueWords(
        Queue.URGENT, "Urgents", "Aucun dossier n’arrive à son jour limite dans les 7 jours."
    ),
    "complement-recu": QueueWords(
        Queue.RECEIVED, "Compléments reçus", "Aucun complément reçu à regarder."
    ),
    "complement-demande": QueueWords(
        Queue.ASKED, "Compléments demandés", "Aucune famille ne doit de réponse."
    ),
    "decides": QueueWords(Queue.DECIDED, "Décidés", "Aucun dossier n’est encore décidé."),
    "tous": QueueWords(Queue.ALL, "Tous", "Aucun dossier n’est encore arrivé."),
}
FIRST = "a-verifier"


@dataclass(frozen=True)
class Trail:
    """A list of dossiers in an address: `file` is a key of `QUEUES`, `q` what was searched for."""

    file: str = FIRST
    q: str = ""

    @property
    def words(self) -> QueueWords:
        """The queue in words."""
        return QUEUES[self.file]

    @property
    def fields(self) -> dict[str, str]:
        """The hidden fields that keep the trail in a form."""
        return {"file": self.file, "q": self.q}

    def selection(self, departments: Sequence[str] | None, now: datetime) -> Selection:
        """What this list selects at this moment, of these departments (None: of all)."""
        return Selection(self.words.queue, departments, now + SOON, self.q)

    def queue_href(self, **more: object) -> str:
        """The address of the list; a page of it with `page=2`."""
        return f"/agent/dossiers?{self._query(more)}"

    def desk_href(self, dossier_id: str, **more: object) -> str:
        """The address of a desk in this list; `piece` and `zoom` say what is looked at."""
        return f"/agent/dossiers/{dossier_id}?{self._query(more)}"

    def under(self, dossier_id: str, rest: str, **more: object) -> str:
        """The address of a page under the desk, for example `refuser`."""
        return f"/agent/dossiers/{dossier_id}/{rest}?{self._query(more)}"

    def family_href(self, family_id: str, **more: object) -> str:
        """The address of a family's page; `dossier`, or `search`, say from where: see `back`."""
        return f"/agent/familles/{family_id}?{self._query(more)}"

    def back(self, given: Mapping[str, str]) -> tuple[str, str]:
        """Where the page of a family leads back to, and its words: `given` is its address."""
        dossier_id = given.get("dossier", "")
        if is_id(dossier_id):
            return self.desk_href(dossier_id), "Au dossier"
        if "search" in given:
            return f"/agent/familles?{urlencode({'q': self.q})}", "Aux familles trouvées"
        return "/agent/accueil", "À l’accueil"

    def _query(self, more: Mapping[str, object]) -> str:
        fields = {"file": self.file, "q": self.q, **more}
        return urlencode({name: value for name, value in fields.items() if value})


def trail_from(given: Mapping[str, str]) -> Trail:
    """The trail that a query or a form carries; the first queue when it names none of ours."""
    file = given.get("file", "")
    q = " ".join(given.get("q", "").replace("\x00", "").split())[:_LONGEST_WORDS]
    return Trail(file if file in QUEUES else FIRST, q)


def _trail(request: Request) -> Trail:
    return trail_from(request.query_params)


TrailDep = Annotated[Trail, Depends(_trail)]
"""The trail of the address."""
