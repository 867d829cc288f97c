"""The one part the site's tests do without: the engine."""

from collections.abc import Iterable, Mapping

from api.engine_nights import EngineNights, NightReading
from api.gateway import EngineReading, Gateway, Kept, PendingStep
from domain.errors import Unavailable
from domain.messages import OpenDossier, Outcome, Situation
from domain.states import Action
from storage.acts import KeptAct


class NoNights(EngineNights):
    """The nights of no engine: planned as the test says, by nobody when it says nothing."""

    def __init__(self) -> None:
        self.planned: NightReading | None = None

    async def read(self) -> NightReading | None:
        """What the test said."""
        return self.planned


class RecordingGateway(Gateway):
    """A gateway to nowhere: remembers what it was asked, and answers as it was told.

    An act without an answer in `outcomes` is `Kept`, as when the engine is away.
    """

    def __init__(self) -> None:
        self.reconciler = None
        self.letters: list[str] = []
        self.told: list[tuple[str, str]] = []
        self.acts: list[KeptAct] = []
        self.opened: list[KeptAct] = []
        self.outcomes: dict[Action, Outcome] = {}
        self.situations: dict[str, Situation] = {}
        self.last_reading: EngineReading | None = None
        self.reading: EngineReading | None = None
        self.pending_steps: dict[str, tuple[PendingStep, ...]] = {}
        self.retried: list[tuple[str, str]] = []
        self.can_retry = True
        self.is_away = False
        self.nights = NoNights()

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

    async def tell_campaign(self, campaign_id: str, word: str = "", version: int = 0) -> None:
        """Remember what the campaign was told."""
        del version
        self.told.append((campaign_id, word))

    async def send_letter(self, letter_id: str) -> None:
        """Remember the letter."""
        self.letters.append(letter_id)

    async def engine_reading(self) -> EngineReading | None:
        """What the test said that the engine would say; None: it is away."""
        self.last_reading = self.reading or self.last_reading
        return self.reading

    async def pending(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[PendingStep, ...]]:
        """What the test said that the engine has not finished."""
        return {one: self.pending_steps[one] for one in workflow_ids if one in self.pending_steps}

    async def retry_now(self, workflow_id: str, activity_id: str, identity: str) -> bool:
        """Remember the step; whether the test said that it can be tried."""
        del identity
        if self.is_away:
            raise Unavailable("engine_away")
        self.retried.append((workflow_id, activity_id))
        return self.can_retry
