"""What reaches a dossier too late, too early, or after the loss of its engine."""

from dataclasses import replace
from datetime import UTC, datetime

from api.gateway import Kept
from domain.messages import Outcome
from domain.states import Action, State
from storage.acts import KeptAct
from storage.documents import FILE, PENDING, Document
from storage.dossiers import Dossier
from storage.records import new_id
from tests.living_town import LivingTown, kept_act


async def _kept(town: LivingTown, dossier: Dossier) -> KeptAct:
    """A document's row and act, not told to anybody; its file is away, so that it stays pending."""
    at = datetime.now(UTC)  # noqa: TID251
    document = Document(
        id=new_id(),
        dossier_id=dossier.id,
        piece="child_identity",
        form=FILE,
        status=PENDING,
        original_name="tard.pdf",
        media_type="",
        size_bytes=1,
        sha256="",
        given_at=at,
        given_by=dossier.account_id,
    )
    async with town.open_store() as store:
        owner = await store.accounts.by_id(dossier.account_id)
        assert owner is not None
        told = kept_act(owner, Action.ADD_DOCUMENT, dossier.id, subject=document.id)
        act = replace(told, id=f"add-{document.id}")
        await store.documents.add(document)
        await store.acts.add(act)
    return act


async def test_a_document_that_comes_after_the_decision_waits_for_nobody(town: LivingTown) -> None:
    dossier = await town.sent()
    act = await _kept(town, dossier)
    await town.decides(Action.APPROVE, dossier)
    outcome = await town.gateway.act(act)
    assert isinstance(outcome, Outcome)
    assert not outcome.applied
    async with town.open_store() as store:
        assert act.subject not in {one.id for one in await store.documents.of(dossier.id)}


async def _in_checking(town: LivingTown) -> Dossier:
    """A dossier that goes on being checked, its engine lost: one document is not looked at yet."""
    dossier = await town.opens()
    await town.handle(dossier).terminate()
    async with town.open_store() as store:
        at = datetime.now(UTC)  # noqa: TID251
        await store.dossiers.move(dossier.id, {State.DRAFT}, State.CHECKING, at, submitted_at=at)
    return dossier


async def test_a_document_is_not_refused_because_its_engine_was_lost(town: LivingTown) -> None:
    dossier = await _in_checking(town)
    act = await _kept(town, dossier)
    await town.gateway.rebuild(dossier.id)
    outcome = await town.gateway.act(act)
    assert isinstance(outcome, Outcome)
    assert outcome.applied


async def test_a_document_overtaken_by_the_sending_is_kept(town: LivingTown) -> None:
    dossier = await _in_checking(town)
    await _kept(town, dossier)
    await town.gateway.rebuild(dossier.id)
    late = await _kept(town, dossier)
    assert isinstance(await town.gateway.act(late), Kept)
    async with town.open_store() as store:
        assert late.subject in {one.id for one in await store.documents.of(dossier.id)}
        assert late.id in {one.id for one in await store.acts.waiting_in(dossier.id)}


async def test_a_decision_given_before_the_engine_knows_of_the_check_is_kept(
    town: LivingTown,
) -> None:
    dossier = await _in_checking(town)
    await _kept(town, dossier)
    await town.gateway.rebuild(dossier.id)
    async with town.open_store() as store:
        # The check is written; the worker that wrote it died before it could tell the engine.
        at = datetime.now(UTC)  # noqa: TID251
        await store.dossiers.move(dossier.id, {State.CHECKING}, State.UNDER_REVIEW, at)
        decision = kept_act(town.sophie, Action.APPROVE, dossier.id)
        await store.acts.add(decision)
    assert isinstance(await town.gateway.act(decision), Kept)
    async with town.open_store() as store:
        assert decision.id in {one.id for one in await store.acts.waiting_in(dossier.id)}


async def test_a_decision_that_comes_second_is_refused_while_the_first_is_being_written(
    town: LivingTown,
) -> None:
    dossier = await town.sent()
    await town.asks(dossier, "child_identity")
    async with town.open_store() as store:
        # The engine knows of the request; nothing of it is in storage yet but the act itself.
        at = datetime.now(UTC)  # noqa: TID251
        await store.dossiers.move(dossier.id, {State.AWAITING_FAMILY}, State.UNDER_REVIEW, at)
        first = kept_act(town.karim, Action.ASK_TO_COMPLETE, dossier.id)
        second = kept_act(town.sophie, Action.APPROVE, dossier.id)
        await store.acts.add(first)
        await store.acts.add(second)
    outcome = await town.gateway.act(second)
    assert isinstance(outcome, Outcome)
    assert not outcome.applied
