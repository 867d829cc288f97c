"""One act being written into one dossier: what every passage is told through.

A passage runs inside one transaction that `DossierActivities.record` opens and commits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from activities.letter_writer import LetterWriter
from domain.messages import RecordAct, Recorded
from domain.states import State, sources
from storage.dossiers import Dossier
from storage.store import Store


class Passage:
    """One act being written into one dossier.

    `aside` are letters to others than the family: sent with its own, and no line shows them to it.
    `facts` go into the detail of its line.
    """

    def __init__(self, store: Store, writer: LetterWriter, message: RecordAct) -> None:
        self.store = store
        self.writer = writer
        self.message = message
        self.act = message.act
        self.aside: list[str] = []
        self.facts: dict[str, str] = {}

    @property
    def key(self) -> str:
        """The key of this act's line in the timeline: written means done."""
        return f"act:{self.act.id}"

    def recorded_before(self, detail: Mapping[str, Any]) -> Recorded:
        """What this act gave when it was written first."""
        until = detail.get("until")
        return Recorded(
            applied=True,
            state=State(detail["state"]),
            letters=(*detail.get("letters", ()), *detail.get("aside", ())),
            missing=tuple(detail.get("missing", ())),
            until=datetime.fromisoformat(until) if until else None,
            is_clear=bool(detail.get("is_clear")),
        )

    async def dossier(self) -> Dossier:
        """The dossier as it stands now."""
        return await self.store.dossiers.find(self.message.dossier_id)

    async def move(self, to: State, **changes: object) -> bool:
        """The conditional write; False when the dossier is not where the act may start from."""
        return await self.store.dossiers.move(
            self.message.dossier_id, sources(self.act.action), to, self.message.at, **changes
        )

    async def elsewhere(self, *letters: str) -> Recorded:
        """Somebody was faster: nothing is written, but for letters that are due all the same."""
        return Recorded(applied=False, state=(await self.dossier()).state, letters=letters)

    async def letter(self, kind: str, **facts: object) -> str:
        """Write a letter to the family about the dossier as it stands now."""
        return await self.writer.about(
            self.store, await self.dossier(), kind, at=self.message.at, **facts
        )

    async def done(
        self,
        state: State,
        *letters: str,
        what: str = "",
        missing: tuple[str, ...] = (),
        until: datetime | None = None,
        is_clear: bool = False,
        **detail: object,
    ) -> Recorded:
        """Write the line of the timeline, refresh the legal date, and say what came of it."""
        letters = tuple(filter(None, letters))
        await self.store.dossiers.refresh_due(self.message.dossier_id)
        await self.store.events.add(
            self.message.dossier_id,
            self.key,
            at=self.act.given_at,
            what=what or self.act.action,
            actor=self.act.actor,
            actor_id=self.act.actor_id,
            state=state,
            detail={
                "state": state,
                "letters": letters,
                "missing": missing,
                "until": until.isoformat() if until else None,
                **({"is_clear": True} if is_clear else {}),
                **({"aside": self.aside} if self.aside else {}),
                **self.facts,
                **detail,
            },
        )
        return Recorded(
            applied=True,
            state=state,
            letters=(*letters, *self.aside),
            missing=missing,
            until=until,
            is_clear=is_clear,
        )
