"""The one part the site's tests do without: the engine."""

from api.gateway import Gateway, Kept
from domain.messages import OpenDossier, Outcome, Situation
from domain.states import Action
from storage.acts import KeptAct


class RecordingGateway(Gateway):
    """A gateway to nowhere: remembers what it was asked, and answers as it was told.

    An act without an answer in `outcomes` is `Kept`, as when the engine is away.
    """

    def __init__(self) -> None:
        self.reconciler = None
        self.letters: list[str] = []
        self.acts: list[KeptAct] = []
        self.opened: list[KeptAct] = []
        self.outcomes: dict[Action, Outcome] = {}
        self.situations: dict[str, Situation] = {}

    async def is_up(self) -> bool:
        """Yes."""
        return True

    async def act(self, kept: KeptAct) -> Outcome | Kept:
        """Remember the act; what `outcomes` says."""
        self.acts.append(kept)
        return self.outcomes.get(Action(kept.action), Kept())

    async def open(self, act: KeptAct) -> bool:
        """Remember the act; started."""
        self.opened.append(act)
        return True

    async def start(self, opening: OpenDossier, *, kind: str, department: str) -> None:
        """Nothing."""

    async def situation(self, dossier_id: str) -> Situation | None:
        """What the test said that the dossier would say; None: it does not answer."""
        return self.situations.get(dossier_id)

    async def send_letter(self, letter_id: str) -> None:
        """Remember the letter."""
        self.letters.append(letter_id)
