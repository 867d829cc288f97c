"""Deliver again what was kept and not applied; start what is missing; sweep; scan again; watch.

Runs when a worker starts, every minute in it, and as `ribambelle reconcile`; what people gave is
asked about every ten seconds. Everything it does is idempotent: several may run at once, and a
second run changes nothing.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from activities.activation_letters import ActivationLetters
from activities.campaign_watch import CampaignWatch
from activities.journal_watch import JournalWatch
from activities.rescan import Rescan
from domain.audit import What
from storage.acts import KeptAct
from storage.audit import Line
from storage.clock import now
from storage.files import Files
from storage.store import OpenStore, Store

_log = logging.getLogger("ribambelle.reconciler")
_PATIENCE = timedelta(seconds=10)
_MANY, _A_FEW = 1000, 20
_SWEEP_EVERY = timedelta(minutes=15)
_SWEEP_AFTER = timedelta(hours=1)
_LETTER_ALONE = timedelta(minutes=2)
_LETTER_OF_DOSSIER = timedelta(hours=1)


class Delivery(Protocol):
    """What the reconciler needs of the gateway, handed over by the worker."""

    async def deliver(self, act: KeptAct) -> bool:
        """Send an act (again); whether its outcome is known now."""

    async def missing(self, dossier_ids: frozenset[str]) -> frozenset[str]:
        """Which of these dossiers have no running workflow."""

    async def rebuild(self, dossier_id: str) -> None:
        """Start a dossier's workflow from storage; nothing when it runs."""

    async def send_letter(self, letter_id: str) -> None:
        """See that a letter leaves; nothing when that is under way."""


@dataclass(frozen=True)
class Reconciled:
    """What one run did."""

    started: int = 0
    delivered: int = 0
    waiting: int = 0
    letters: int = 0
    swept: int = 0
    scanned: int = 0
    warned: int = 0
    purged: int = 0


class Reconciler:
    """Brings storage, engine and files together again."""

    def __init__(
        self,
        open_store: OpenStore,
        files: Files,
        delivery: Delivery,
        rescan: Rescan,
        watch: JournalWatch,
        *,
        activations: ActivationLetters | None = None,
        campaigns: CampaignWatch | None = None,
        patience: timedelta = _PATIENCE,
    ) -> None:
        self._open_store = open_store
        self._files = files
        self._delivery = delivery
        self._rescan = rescan
        self._watch = watch
        self._activations = activations
        self._campaigns = campaigns
        self._patience = patience
        self._swept_at: datetime | None = None

    async def run(self) -> Reconciled:
        """Once, all of it. Raises what the engine or the database raises: the next run goes on."""
        started = await self._start_missing()
        delivered, waiting = await self._deliver_again()
        letters = await self._send_forgotten()
        await self._write_to_known_families()
        if self._campaigns is not None:
            await self._campaigns.run()
        async with self._open_store() as store:
            await store.merges.follow()
            await store.family_files.forget_old(now())
            await store.accounts.forget_expired(now())
            await store.kept_forms.forget_old(now())
            await store.address_changes.forget_old(now())
            await store.browsers.forget_unused(now())
            await store.identities.forget_expired(now())
            await _end_visits(store)
        swept = await self._sweep_now_and_then()
        scanned = await self._rescan.run()
        warnings = await self._watch.warn(now())
        for letter_id in warnings:
            await self._delivery.send_letter(letter_id)
        purged = await self._watch.purge_daily(now())
        done = Reconciled(
            started, delivered, waiting, letters, swept, scanned, len(warnings), purged
        )
        if done != Reconciled():
            _log.info("reconciled", extra={"facts": asdict(done)})
        return done

    async def _write_to_known_families(self) -> None:
        if self._activations is not None:
            for letter_id in await self._activations.write_due(now()):
                await self._delivery.send_letter(letter_id)

    async def _start_missing(self) -> int:
        async with self._open_store() as store:
            open_ids = await store.dossiers.open_ids()
        missing = await self._delivery.missing(open_ids)
        for dossier_id in sorted(missing):
            await self._delivery.rebuild(dossier_id)
        return len(missing)

    async def hurry(self) -> None:
        """Between two runs: deliver again the first few acts that wait, and nothing else.

        What people gave while the engine was away is applied some seconds after its return.
        """
        await self._deliver_again(most=_A_FEW)

    async def _deliver_again(self, *, most: int = _MANY) -> tuple[int, int]:
        async with self._open_store() as store:
            acts: Sequence[KeptAct] = await store.acts.undelivered(
                given_before=now() - self._patience, limit=most
            )
        outcomes = [await self._deliver(act) for act in acts]
        return sum(outcomes), len(outcomes) - sum(outcomes)

    async def _deliver(self, act: KeptAct) -> bool:
        """Deliver one act; one that cannot be must not keep the others waiting."""
        try:
            return await self._delivery.deliver(act)
        except Exception as error:  # noqa: BLE001  it is tried again at the next turn
            facts = {"act": act.id, "error": type(error).__name__}
            _log.warning("delivering failed", extra={"facts": facts})
            return False

    async def _send_forgotten(self) -> int:
        async with self._open_store() as store:
            letters = await store.letters.unsent(
                alone_before=now() - _LETTER_ALONE, about_dossiers_before=now() - _LETTER_OF_DOSSIER
            )
        for letter in letters:
            await self._delivery.send_letter(letter.id)
        return len(letters)

    async def _sweep_now_and_then(self) -> int:
        """The first time, then every quarter of an hour: a whole bucket is long to read."""
        if self._swept_at is not None and now() - self._swept_at < _SWEEP_EVERY:
            return 0
        swept = await self._sweep()
        self._swept_at = now()
        return swept

    async def _sweep(self) -> int:
        """Erase the bytes that no document needs: cut uploads, refused or removed documents."""
        long_ago = now() - _SWEEP_AFTER
        await self._files.sweep_benches(long_ago)
        old = await self._files.older_than(long_ago)
        async with self._open_store() as store:
            kept = await store.documents.with_bytes(old) if old else frozenset()
        for document_id in old - kept:
            await self._files.remove(document_id)
        return len(old - kept)


async def _end_visits(store: Store) -> None:
    """Write down the end of visits that nobody left: their time, or their session, is over."""
    for visit in await store.visits.over(now()):
        if await store.visits.end(visit.id, now()):
            facts = {"mode": visit.mode, "why": "over"}
            line = Line(now(), What.VISIT_ENDED, visit.agent_id, subject=visit.family_id)
            await store.audit.add(replace(line, detail=facts))
