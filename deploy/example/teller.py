"""Tells one story of the example town, through the portal's own acts, as its people would."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from api.acts import Acts
from api.gateway import Gateway
from deploy.example.papers import Paper, paper_for
from deploy.example.valbourg import SOPHIE, Person
from domain.deadlines import Terms
from domain.kinds.catalogue import RULES
from domain.kinds.rules import Requirement
from domain.paper import has_mail
from domain.questions import Values
from domain.states import Action, Actor, State
from storage.clock import now
from storage.documents import GOOD, PENDING, Mark
from storage.dossiers import Dossier
from storage.files import Files
from storage.store import OpenStore
from storage.town import Procedure

_PATIENCE = 60.0
_FILLED_IN = timedelta(minutes=25)
_LARGEST = 15 * 1024 * 1024


class StoryStuckError(Exception):
    """What the story waits for does not come: the engine or the worker is away."""


@dataclass(frozen=True)
class Story:
    """A dossier of the example town. `rest` goes on once it is filled in and its papers are given.

    `days_ago` is when the family wrote and sent it. `papers` replaces the usual paper of a piece,
    or adds one that is not obligatory; None: the family does not give it.
    `last` is the last act of a person: once it is known, the story has been told. `terms` are the
    delays it lives by, short where months would pass.
    """

    slug: str
    parent: Person
    answers: Mapping[str, Values]
    procedure: Procedure
    last: Action
    rest: "Callable[[Teller], Awaitable[None]]"
    terms: Terms
    days_ago: float
    papers: Mapping[str, Paper | None]

    @property
    def title(self) -> str:
        """The child and the parent, for the person who watches."""
        return f"{self.answers.get('enfant', {}).get('first_name', '?')}, {self.parent.name}"

    def act_id(self, action: str) -> str:
        """The id of this story's act: the same at every telling, so that it happens once."""
        return f"exemple-{self.slug}-{action}"


class Teller:
    """One telling of a story. Cut in the middle, the next telling goes on."""

    def __init__(
        self, writing: OpenStore, files: Files, gateway: Gateway, story: Story, at: datetime
    ) -> None:
        self.story = story
        self._writing = writing
        self._files = files
        self._gateway = gateway
        self._sent = at - timedelta(days=story.days_ago) if story.days_ago else None
        self._begun = self._sent - _FILLED_IN if self._sent else at
        self._ids: dict[Person, str] = {}
        self.dossier_id = ""

    async def opens(self) -> None:
        """The parent opens the dossier with its first page."""
        story = self.story
        async with self._writing() as store:
            procedure = await store.town.procedure(slug=story.procedure.slug)
        owner = await self._id_of(story.parent)
        acts = await self._family(self._begun)
        dossier = await acts.open(
            replace(procedure, terms=story.terms),
            "vous",
            story.answers["vous"],
            act_id=story.act_id("open"),
            owner_id=owner,
        )
        self.dossier_id = dossier.id
        async with self._writing() as store:
            known = await store.dossiers.answers(dossier.id)
            for section, values in story.answers.items():
                if section not in known:
                    await store.dossiers.save_answers(dossier, section, values, self._begun)

    async def prepares(self) -> None:
        """The parent gives the papers asked for, and reads what the portal says of them."""
        async with self._writing() as store:
            given = {one.piece for one in await store.documents.of(self.dossier_id)}
        acts = await self._family(self._begun)
        for piece in self._pieces():
            paper = self.story.papers.get(piece, paper_for(piece, self.story.answers))
            if piece in given or paper is None:
                continue
            await self._give(acts, piece, paper)
        await self.papers_are_seen()

    def _pieces(self) -> Sequence[str]:
        wanted = RULES[self.story.procedure.kind].needs(self.story.answers)
        must = {n.piece.code for n in wanted if n.requirement is Requirement.MANDATORY}
        return [n.piece.code for n in wanted if n.piece.code in must | set(self.story.papers)]

    async def _give(self, acts: Acts, piece: str, paper: Paper) -> None:
        if paper.statement:
            text = RULES[self.story.procedure.kind].piece(piece).sworn_statement
            await acts.give_statement(self.dossier_id, piece, text)
            return
        content = await asyncio.to_thread(paper.content)
        kept = await self._files.keep(_stream(content), limit_bytes=_LARGEST)
        if paper.gets_lost:
            await self._files.remove(kept.document_id)
        await acts.give_file(self.dossier_id, piece, kept, name=paper.name)

    async def gives(self, piece: str, paper: Paper) -> None:
        """The parent adds one more paper, now."""
        acts = await self._family(now())
        await self._give(acts, piece, paper)

    async def papers_are_seen(self) -> None:
        """Wait until the portal has looked at every paper that can be looked at."""
        lost = sum(bool(p and p.gets_lost) for p in self.story.papers.values())

        async def seen() -> bool:
            async with self._writing() as store:
                documents = await store.documents.of(self.dossier_id)
            return sum(one.status == PENDING for one in documents) <= lost

        await self._until(seen, "les documents ne sont pas contrôlés")

    async def sends(self) -> None:
        """The parent sends the dossier, on the day the story says."""
        await self._gives(Action.SUBMIT, self._sent or now())

    async def parent(self, action: Action) -> None:
        """The parent does something, now."""
        await self._gives(action, now())

    async def agent(
        self,
        who: Person,
        action: Action,
        *,
        items: Sequence[dict[str, str]] = (),
        reason_code: str = "",
        words: str = "",
    ) -> None:
        """An agent takes the dossier up and does something, now."""
        acts = await self._acts(who, Actor.AGENT, now())
        async with self._writing() as store:
            await store.dossiers.follow(self.dossier_id, self._ids[who])
        await acts.give(
            action,
            self.dossier_id,
            act_id=self.story.act_id(action),
            reason_code=reason_code,
            words=words,
            items=items,
        )
        await self._is_settled(action)

    async def agent_finds_good(self, who: Person, *pieces: str) -> None:
        """An agent says that these pieces are good; without a name, all that were given."""
        await self._acts(who, Actor.AGENT, now())
        async with self._writing() as store:
            given = {one.piece for one in await store.documents.of(self.dossier_id) if one.counts}
            for piece in pieces or sorted(given):
                mark = Mark(piece, GOOD, "", "", self._ids[who], now())
                await store.documents.mark(self.dossier_id, mark)

    async def reaches(self, state: State) -> None:
        """Wait until the dossier is in this state."""

        async def arrived() -> bool:
            return (await self._dossier()).state is state

        await self._until(arrived, f"l’état « {state} » n’arrive pas")

    async def _dossier(self) -> Dossier:
        async with self._writing() as store:
            return await store.dossiers.find(self.dossier_id)

    async def _gives(self, action: Action, at: datetime) -> None:
        acts = await self._family(at)
        await acts.give(action, self.dossier_id, act_id=self.story.act_id(action))
        await self._is_settled(action)

    async def _is_settled(self, action: Action) -> None:
        async def settled() -> bool:
            async with self._writing() as store:
                act = await store.acts.find(self.story.act_id(action))
            return act is not None and act.outcome != ""

        await self._until(settled, f"l’acte « {action} » n’est pas appliqué")

    async def _until(self, question: Callable[[], Awaitable[bool]], what: str) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                while not await question():  # noqa: ASYNC110  (another process: no event to wait for)
                    await asyncio.sleep(0.2)
        except TimeoutError as late:
            raise StoryStuckError(what) from late

    async def _family(self, at: datetime) -> Acts:
        """What the parent does; for one without mail, the desk of the town hall."""
        parent = self.story.parent
        if has_mail(parent.email):
            return await self._acts(parent, Actor.PARENT, at)
        return await self._acts(SOPHIE, Actor.DESK, at)

    async def _acts(self, who: Person, actor: Actor, at: datetime) -> Acts:
        who_id = await self._id_of(who)
        return Acts(self._writing, self._gateway, actor=actor, actor_id=who_id, at=at)

    async def _id_of(self, who: Person) -> str:
        if who not in self._ids:
            async with self._writing() as store:
                account = await store.accounts.by_email(who.email)
            if account is None:
                raise StoryStuckError(f"le compte {who.email} n’existe plus")
            self._ids[who] = account.id
        return self._ids[who]


async def _stream(content: bytes) -> AsyncIterator[bytes]:
    yield content
