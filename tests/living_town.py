"""A town that lives inside a test: real database, engine, worker, inspection and mail server.

Its words are those of people: `opens`, `gives`, `submits`, `approves`, `waits`. Time is skipped on
the server, dossier by dossier; what was given by a person keeps the real time.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from api.acts import Acts
from api.gateway import Gateway, Kept
from domain.deadlines import Terms
from domain.messages import Outcome
from domain.states import Action, Actor, State
from storage.accounts import Account
from storage.acts import KeptAct
from storage.dossiers import Dossier
from storage.folder_files import FolderFiles
from storage.records import new_id
from storage.store import OpenStore
from tests import samples
from tests.builders import REGISTRATION, Someone, an_account
from tests.mail_server import MailServer
from worker import Parts, workers

VOUS = {"first_name": "Claire", "last_name": "Martin", "relation": "mother", "phone": "0612345678"}
ADRESSE = {"street": "3 rue des Lilas", "postal_code": "01000", "city": "Valbourg"}
ENFANT = {
    "first_name": "Léna",
    "last_name": "Martin",
    "birth_date": "2021-03-12",
    "birth_place": "Valbourg",
}
ANSWERS: dict[str, dict[str, str]] = {
    "vous": VOUS,
    "adresse": ADRESSE,
    "autre-parent": {"has_other": "no"},
    "enfant": ENFANT,
    "ecole": {"grade": "ps", "school": "e" * 32},
    "situation": {
        "separated": "no",
        "court_ruling": "no",
        "hosted": "no",
        "from_other_school": "no",
    },
    "contacts": {},
}
PIECES = ("child_identity", "guardian_identity", "proof_of_address")


def an_act() -> str:
    """The id a form would choose."""
    return new_id()


def kept_act(who: Account, action: Action, dossier_id: str, **more: Any) -> KeptAct:
    """An act given now, as the site would keep it, for tests in which nobody delivers it."""
    return KeptAct(
        id=an_act(),
        dossier_id=dossier_id,
        action=action,
        actor_id=who.id,
        actor=who.role,
        version_seen=0,
        given_at=datetime.now(UTC),  # noqa: TID251  people live in real time
        **more,
    )


@dataclass
class LivingTown:
    """One town, with one parent (Claire) and two agents (Sophie, Karim)."""

    parts: Parts
    gateway: Gateway
    skipper: TimeSkipper
    mail: MailServer
    parent: Account
    sophie: Account
    karim: Account
    _running: list[asyncio.Task[None]]
    _at_work: tuple[Any, ...] = ()

    @property
    def open_store(self) -> OpenStore:
        return self.parts.open_store

    @property
    def folder(self) -> FolderFiles:
        """The documents' folder, in a town that has one."""
        assert isinstance(self.parts.files, FolderFiles)
        return self.parts.files

    # The worker -----------------------------------------------------------------------------------

    def worker_starts(self) -> None:
        # Unlike the real worker: here is where the sandbox finds what is not deterministic.
        self._at_work = workers(self.parts, runner=SandboxedWorkflowRunner())
        self._running = [asyncio.create_task(one.run()) for one in self._at_work]

    async def worker_stops(self) -> None:
        await asyncio.gather(*(one.shutdown() for one in self._at_work))
        await asyncio.gather(*self._running)
        self._at_work, self._running = (), []

    async def worker_answers(self, dossier: Dossier) -> None:
        """Wait until a worker that was just started knows of this dossier."""

        async def is_there() -> bool:
            return await self.gateway.situation(dossier.id) is not None

        await eventually(is_there, what="the new worker answers")

    async def mail_waits(self, pause: timedelta) -> None:
        """From now on, a letter that is put off is tried again after this pause."""
        await self.worker_stops()
        self.parts = replace(self.parts, mail=replace(self.parts.mail, pauses=(pause,)))
        self.worker_starts()

    # The parent -----------------------------------------------------------------------------------

    def as_parent(self) -> Acts:
        return self._acts(self.parent)

    async def shares(self, dossier: Dossier) -> Account:
        """Paul, the other guardian, has an access of his own to the child of this dossier."""
        now = datetime.now(UTC)  # noqa: TID251
        async with self.open_store() as store:
            paul = await an_account(store, Someone("paul@exemple.fr", "parent", "Paul Roux"), now)
            invited = await store.guardian_accesses.invite(
                dossier.id, paul.email, self.parent.id, now
            )
            await store.guardian_accesses.accept(invited.id, paul.id, now)
        return paul

    async def speaks(self, who: Account, action: Action, dossier: Dossier) -> Outcome | Kept:
        """This other guardian objects, agrees again, or signs."""
        acts = self._acts(who, Actor.GUARDIAN)
        return await acts.give(action, dossier.id, act_id=an_act(), subject=who.id)

    def _acts(self, who: Account, actor: Actor | None = None) -> Acts:
        return Acts(
            self.open_store,
            self.gateway,
            actor=actor or Actor(who.role),
            actor_id=who.id,
            at=datetime.now(UTC),  # noqa: TID251  people live in real time
        )

    async def opens(self, terms: Terms | None = None, **answers: dict[str, str]) -> Dossier:
        """A draft with all its pages filled in."""
        procedure = replace(REGISTRATION, terms=terms or Terms())
        async with self.open_store() as store:
            await store.town.put_procedure(procedure)
            procedure = await store.town.procedure(slug=procedure.slug)
        dossier = await self.as_parent().open(procedure, "vous", VOUS, act_id=an_act())
        await self.answers(dossier, **{**ANSWERS, **answers})
        return dossier

    async def answers(self, dossier: Dossier, **pages: dict[str, str]) -> None:
        async with self.open_store() as store:
            for section, values in pages.items():
                now = datetime.now(UTC)  # noqa: TID251
                await store.dossiers.save_answers(
                    await store.dossiers.find(dossier.id), section.replace("_", "-"), values, now
                )

    async def gives(self, dossier: Dossier, *pieces: str, content: bytes | None = None) -> None:
        """A readable PDF for each piece (or this content), given and inspected.

        Each is another document: the same bytes given again for a piece would be the same one.
        """
        content = samples.pdf(text=f"Attestation {an_act()}") if content is None else content
        for piece in pieces or PIECES:
            kept = await self.parts.files.keep(in_one(content), limit_bytes=10**8)
            await self.as_parent().give_file(dossier.id, piece, kept, name=f"{piece}.pdf")
        await self.inspected(dossier)

    async def inspected(self, dossier: Dossier, *, seconds: float = 20) -> None:
        async def none_pending() -> bool:
            async with self.open_store() as store:
                return not await store.documents.pending_ids(dossier.id)

        await eventually(none_pending, seconds=seconds)

    async def submits(self, dossier: Dossier) -> Outcome | Kept:
        return await self.as_parent().give(Action.SUBMIT, dossier.id, act_id=an_act())

    async def replies(self, dossier: Dossier) -> Outcome | Kept:
        return await self.as_parent().give(Action.ANSWER, dossier.id, act_id=an_act())

    async def withdraws(self, dossier: Dossier) -> Outcome | Kept:
        return await self.as_parent().give(Action.WITHDRAW, dossier.id, act_id=an_act())

    async def sent(self, terms: Terms | None = None) -> Dossier:
        """A complete dossier, sent and waiting for an agent."""
        dossier = await self.opens(terms)
        await self.gives(dossier)
        await self.submits(dossier)
        await self.reaches(dossier, State.UNDER_REVIEW)
        return dossier

    async def declared(self) -> Dossier:
        """As `sent`, with sworn statements instead of documents: where many are needed."""
        dossier = await self.opens()
        for piece in PIECES:
            await self.as_parent().give_statement(dossier.id, piece, "Je déclare sur l’honneur…")
        await self.submits(dossier)
        await self.reaches(dossier, State.UNDER_REVIEW)
        return dossier

    # The agents -----------------------------------------------------------------------------------

    async def decides(
        self, action: Action, dossier: Dossier, *, who: Account | None = None, **more: Any
    ) -> Outcome | Kept:
        acts = self._acts(who or self.sophie)
        return await acts.give(action, dossier.id, act_id=more.pop("act_id", an_act()), **more)

    async def asks(self, dossier: Dossier, *pieces: str) -> Outcome | Kept:
        items = [{"piece": piece, "reason": "unreadable", "words": ""} for piece in pieces]
        return await self.decides(
            Action.ASK_TO_COMPLETE, dossier, items=items, words="Merci de le reprendre."
        )

    # Time and what can be seen --------------------------------------------------------------------

    def handle(self, dossier: Dossier) -> WorkflowHandle[Any, Any]:
        return self.skipper.client.get_workflow_handle(f"dossier-{dossier.id}")

    async def waits(self, dossier: Dossier, delay: timedelta) -> None:
        """Skip this much of the dossier's own time; everything in between really happens."""
        await self.skipper.fast_forward(self.handle(dossier), delay)

    async def reaches(self, dossier: Dossier, state: State) -> None:
        async def is_there() -> bool:
            return await self.state(dossier) is state

        await eventually(is_there, what=f"the dossier is {state}")

    async def state(self, dossier: Dossier) -> State:
        async with self.open_store() as store:
            return (await store.dossiers.find(dossier.id)).state

    async def letters(self, dossier: Dossier) -> list[str]:
        """The kinds of letters written about a dossier, oldest first."""
        async with self.open_store() as store:
            return [one.kind for one in reversed(await store.letters.of_dossier(dossier.id))]

    async def timeline(self, dossier: Dossier) -> list[str]:
        async with self.open_store() as store:
            return [event.what for event in await store.events.of(dossier.id)]

    async def is_over(self, dossier: Dossier, *, seconds: float = 30) -> State:
        """Wait for the workflow's own end and give the state it ended in."""
        return State(await asyncio.wait_for(self.handle(dossier).result(), seconds))


async def in_one(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def eventually(question: Any, *, seconds: float = 20, what: str = "it happens") -> None:
    """Ask until the answer is yes; fail after so many seconds."""
    for _ in range(int(seconds / 0.05)):
        if await question():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain until {what}")
