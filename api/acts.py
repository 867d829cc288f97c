"""How a person acts on a dossier, whatever page it comes from: a row first, then the engine.

Pages, and later the JSON facade, all come through here: one check, by the same domain function that
the workflow asks, and one way to say no.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from api.act_checks import (
    check_act,
    check_reason,
    open_one,
    refusal,
    refuse_if_closed,
    refuse_if_settled,
)
from api.gateway import Gateway, Kept
from api.house_rules import accept
from api.room_for_files import exhausted, refuse_if_exhausted, twin_of
from domain.deadlines import paris_day
from domain.documents import Limits, Scan, clean_name
from domain.errors import NotAllowed
from domain.messages import Outcome
from domain.questions import Values
from domain.remarks import Remark
from domain.states import Action, Actor, State, may
from storage.acts import APPLIED, KeptAct
from storage.documents import FILE, GOOD, PENDING, STATEMENT, Document
from storage.dossiers import AT_DESK, PORTAL, Dossier
from storage.files import KeptFile
from storage.records import new_id
from storage.store import OpenStore, Store
from storage.town import Procedure

MOST_FILES = 20
"""The most files a piece has, whatever the town allows."""
_TOLD_KEPT_AFTER = timedelta(seconds=4)  # the engine has 3 s to answer


class Acts:
    """What a person does, in one quality, at one moment, from one place (a network address)."""

    def __init__(
        self,
        writing: OpenStore,
        gateway: Gateway,
        *,
        actor: Actor,
        actor_id: str,
        at: datetime,
        place: str = "",
    ) -> None:
        self._writing = writing
        self._gateway = gateway
        self._actor = actor
        self._actor_id = actor_id
        self._at = at
        self._place = place

    async def open(
        self,
        procedure: Procedure,
        section: str,
        values: Values,
        *,
        act_id: str,
        owner_id: str = "",
        is_only: bool = False,
    ) -> Dossier:
        """Open a dossier with its first saved page, and start its life.

        The number is given in the same transaction. Twice with the same `act_id`: the dossier of
        the first. When the engine is away the dossier is kept and starts by itself. Where it
        `is_only`, the family's open dossier of this procedure is given in the place of a second.

        Raises:
            NotAllowed: `act_id` is that of something else (`act_id_reused`), or the account was
                closed meanwhile (`account_closed`).
        """
        async with self._writing() as store:
            await store.acts.take_turn(act_id)
            known = await store.acts.find(act_id)
            if known is not None and known.action != Action.OPEN:
                raise NotAllowed("act_id_reused")
            if known is not None:
                return await store.dossiers.find(known.dossier_id)
            owner = owner_id or self._actor_id
            await refuse_if_closed(store, owner)
            if is_only and (there := await open_one(store, owner, procedure)) is not None:
                return there
            procedure = await store.procedure_rules.today(procedure, paris_day(self._at))
            origin = AT_DESK if self._actor is Actor.DESK else PORTAL
            dossier = await store.dossiers.open_new(procedure, owner, self._at, origin=origin)
            await store.dossiers.save_answers(dossier, section, values, self._at)
            act = self._act(Action.OPEN, dossier, act_id)
            await store.acts.add(act)
            await store.events.add(
                dossier.id,
                f"act:{act.id}",
                at=self._at,
                what="opened",
                actor=self._actor,
                actor_id=self._actor_id,
                state=State.DRAFT,
            )
        await self._gateway.open(act)
        return dossier

    async def give(
        self,
        action: Action,
        dossier_id: str,
        *,
        act_id: str,
        version_seen: int | None = None,
        subject: str = "",
        reason_code: str = "",
        words: str = "",
        items: Sequence[dict[str, Any]] = (),
        until: datetime | None = None,
    ) -> Outcome | Kept:
        """Do something to a dossier. `act_id` is chosen by the form: twice is once.

        Gives the outcome, or `Kept` when the engine did not answer in time: it will be applied.

        Raises:
            TransitionNotAllowed: the dossier's state forbids it; `facts` say who decided, and when.
            Stale: the answers changed since `version_seen`.
            Invalid: a dossier is sent while answers are missing (`fields` name the pages), or a
                refusal has no reason, or a request asks for nothing.
            NotAllowed: nobody in this quality may do this.
        """
        if not may(self._actor, action):
            raise NotAllowed
        check_reason(action, self._actor, reason_code, words, items)
        async with self._writing() as store:
            earlier = await self._kept_before(store, dossier_id)
            # Held: the first of two decisions given at once is there when the second is checked.
            dossier = await store.dossiers.hold(dossier_id)
            known = await store.acts.find(act_id)
            if known is None:
                checked = partial(check_act, subject=subject, at=self._at, reason=reason_code)
                await checked(store, dossier, action, version_seen)
                await refuse_if_settled(store, dossier, action)
                if action is Action.SUBMIT:
                    agent = self._actor_id if self._actor is Actor.DESK else ""
                    await accept(store, dossier, self._at, behind_id=agent, place=self._place)
                known = self._act(
                    action,
                    dossier,
                    act_id,
                    subject=subject,
                    reason_code=reason_code,
                    words=words,
                    items=list(items),
                    until=until,
                )
                await store.acts.add(known)
            elif known.dossier_id != dossier_id or known.action != action:
                raise NotAllowed("act_id_reused")
        return await self._deliver(known, earlier)

    async def _kept_before(self, store: Store, dossier_id: str) -> Sequence[KeptAct]:
        """What was given on this dossier and only kept, in the order given.

        It goes first: a file given while the engine was away must not come after the decision.
        """
        return await store.acts.waiting_in(dossier_id, given_before=self._at - _TOLD_KEPT_AFTER)

    async def _deliver(self, act: KeptAct, earlier: Sequence[KeptAct] = ()) -> Outcome | Kept:
        for before in earlier:
            if before.id != act.id and isinstance(await self._gateway.act(before), Kept):
                return Kept()
        if act.outcome == APPLIED:
            async with self._writing() as store:
                state = (await store.dossiers.find(act.dossier_id)).state
            return Outcome(applied=True, state=state)
        outcome = await self._gateway.act(act)
        if isinstance(outcome, Outcome) and not outcome.applied:
            async with self._writing() as store:
                dossier = await store.dossiers.find(act.dossier_id)
                raise await refusal(store, dossier, outcome.code)
        return outcome

    async def give_file(
        self,
        dossier_id: str,
        piece: str,
        kept: KeptFile,
        *,
        name: str,
        place: int = 0,
        most: int = MOST_FILES,
        limits: Limits | None = None,
    ) -> Outcome | Kept:
        """Add a file that is safely on disk to a piece; its inspection follows within seconds.

        `place` is its place in its sending: photos of several pages stay in their order. The same
        bytes twice for a piece, even at once: the first stands, and its outcome is given.

        Raises:
            TransitionNotAllowed: nothing can be added now.
            Crowded: the piece has `most` files already, or the family all that `limits` allow.
        """
        document = Document(
            id=kept.document_id,
            dossier_id=dossier_id,
            piece=piece,
            form=FILE,
            status=PENDING,
            scan=Scan.PENDING,
            original_name=clean_name(name),
            media_type="",
            size_bytes=kept.size_bytes,
            sha256=kept.sha256,
            given_at=self._at + timedelta(microseconds=place),
            given_by=self._actor_id,
        )
        return await self._give_document(document, most, limits)

    async def no_room(self, dossier_id: str, limits: Limits) -> Remark | None:
        """Why the family of this dossier may give no more files now; None when it may."""
        async with self._writing() as store:
            return await exhausted(store, dossier_id, limits, self._at)

    async def give_statement(self, dossier_id: str, piece: str, text: str) -> Outcome | Kept:
        """Declare on one's honour instead of a document. Twice: the first one stands.

        Raises:
            TransitionNotAllowed: nothing can be added now.
        """
        document = Document(
            id=new_id(),
            dossier_id=dossier_id,
            piece=piece,
            form=STATEMENT,
            status=GOOD,
            original_name="",
            media_type="",
            size_bytes=0,
            sha256="",
            given_at=self._at,
            given_by=self._actor_id,
            remarks=[{"code": "sworn_statement", "values": {}}],
            statement=text,
        )
        return await self._give_document(document, MOST_FILES)

    async def _give_document(
        self, document: Document, most: int, limits: Limits | None = None
    ) -> Outcome | Kept:
        async with self._writing() as store:
            earlier = await self._kept_before(store, document.dossier_id)
            # Held, so that nobody writes meanwhile: two sendings at once add a file once.
            dossier = await store.dossiers.hold(document.dossier_id)
            await check_act(store, dossier, Action.ADD_DOCUMENT)
            twin = await twin_of(store, document, most)
            if twin is None:
                await refuse_if_exhausted(store, dossier, limits, self._at)
                await store.documents.add(document)
                if dossier.state is not State.DRAFT:
                    await store.dossiers.note_change(dossier.id)
            given = twin or document
            act = self._act(Action.ADD_DOCUMENT, dossier, f"add-{given.id}", subject=given.id)
            act = await store.acts.find(act.id) or act
            await store.acts.add(act)
        return await self._deliver(act, earlier)

    def _act(self, action: Action, dossier: Dossier, act_id: str, **more: Any) -> KeptAct:
        return KeptAct(
            id=act_id,
            dossier_id=dossier.id,
            action=action,
            actor_id=self._actor_id,
            actor=self._actor,
            version_seen=dossier.version,
            given_at=self._at,
            **more,
        )
