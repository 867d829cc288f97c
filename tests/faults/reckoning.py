"""What people were told, held against what the town kept: rows, the engine's end, mails."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

from sqlalchemy import select

from domain.states import State
from storage.acts import APPLIED
from storage.documents import DOUBTFUL, GOOD, STATEMENT
from storage.store import OpenStore, Store
from storage.tables import acts
from tests.faults.breakable import BreakableTown
from tests.faults.people import Told
from tests.faults.storm import Stream
from tests.typed import YOU

_log = logging.getLogger(__name__)

_DECISIONS = {"approve": State.APPROVED, "refuse": State.REFUSED}


@dataclass
class Reckoning:
    """What is missing and what is there twice, in words for the person who reads a failed test.

    `copies` counts mails that were handed over more than once with one Message-ID: at a killed
    worker that cannot be avoided, and the family sees one letter.
    """

    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    copies: int = 0

    def expect(self, *, kept: bool, what: str) -> None:
        if not kept:
            self.lost.append(what)

    def expect_once(self, count: int, what: str) -> None:
        """Exactly one; none is a loss."""
        self.expect_times(count, 1, what)

    def expect_times(self, count: int, wanted: int, what: str) -> None:
        if count < wanted:
            self.lost.append(f"{what}: {count} of {wanted}")
        if count > wanted:
            self.doubled.append(f"{what}: {count} instead of {wanted}")

    @property
    def wrong(self) -> list[str]:
        """Everything that is not as people were told."""
        return self.lost + self.doubled


async def held_against_everything(town: BreakableTown, stream: Stream) -> Reckoning:
    """What people were told against rows, files, mails and engine; and the checker's own word."""
    found = await reckon(town.open_store, stream.everybody, town.mails)
    found.lost += await stream.ends_of_workflows()
    checked = await asyncio.to_thread(town.check)
    if checked.returncode:
        found.lost += (checked.stdout + checked.stderr).splitlines()
    found.lost += _told_in_logs(town.town.home / "logs")
    _log.info("%d acknowledged, %d copies of mails", found.acknowledged, found.copies)
    for wrong in found.wrong:
        _log.error("%s", wrong)
    return found


async def reckon(open_store: OpenStore, everybody: Sequence[Told], mails: Path) -> Reckoning:
    """Hold everything against everything. Ask only once the town is at rest."""
    found = Reckoning(acknowledged=sum(told.acknowledged for told in everybody))
    delivered = Counter(_message_ids(mails))
    for told in everybody:
        async with open_store() as store:
            account = await store.accounts.by_email(told.email)
            assert account is not None
            dossiers = await store.dossiers.of_account(account.id)
            if told.dossier_id:
                found.expect_once(len(dossiers), f"dossier of {told.email}")
                if dossiers:
                    await _of_dossier(found, store, told, delivered)
    found.copies = sum(count - 1 for count in delivered.values())
    return found


async def _of_dossier(found: Reckoning, store: Store, told: Told, delivered: Counter[str]) -> None:
    name = told.dossier_id[:8]
    answers = await store.dossiers.answers(told.dossier_id)
    for section in told.saved:
        found.expect(kept=section in answers, what=f"{name}: answers to {section}")
    await _of_documents(found, store, told)
    lines = Counter(event.what for event in await store.events.of(told.dossier_id))
    wanted = {
        "opened": 1,
        "submit": int(told.submitted),
        "ask_to_complete": told.asked,
        "answer": told.answered,
        "remove_document": len(told.taken_away),
        "approve": int(told.decided is State.APPROVED),
        "refuse": int(told.decided is State.REFUSED),
    }
    for what, times in wanted.items():
        found.expect_times(lines[what], times, f"{name}: line {what}")
    dossier = await store.dossiers.find(told.dossier_id)
    if told.submitted:
        found.expect(kept=dossier.submitted_at is not None, what=f"{name}: its sending")
    if told.decided:
        found.expect(kept=dossier.state is told.decided, what=f"{name}: {told.decided}")
    applied = select(acts.c.action).where(
        acts.c.dossier_id == told.dossier_id, acts.c.outcome == APPLIED
    )
    by_action = Counter((await store.connection.execute(applied)).scalars())
    for what in ("submit", "ask_to_complete", "answer", "approve", "refuse"):
        found.expect_times(by_action[what], wanted[what], f"{name}: applied {what}")
    await _of_letters(found, store, told, delivered)


async def _of_documents(found: Reckoning, store: Store, told: Told) -> None:
    name = told.dossier_id[:8]
    there = await store.documents.of(told.dossier_id, removed=True)
    standing = Counter(
        (one.piece, one.sha256)
        for one in there
        if one.removed_at is None and one.status in {GOOD, DOUBTFUL} and one.form != STATEMENT
    )
    how = {(one.piece, one.sha256): f"{one.status}, removed {one.removed_at}" for one in there}
    for given in told.given:
        fate = how.get(given, "no row")
        found.expect_once(standing[given], f"{name}: file for {given[0]} ({fate})")
    for given in told.taken_away:
        found.expect_times(standing[given], 0, f"{name}: file taken away from {given[0]}")
    stated = Counter(one.piece for one in there if one.removed_at is None and one.form == STATEMENT)
    for piece in told.declared:
        found.expect_once(stated[piece], f"{name}: statement for {piece}")


async def _of_letters(found: Reckoning, store: Store, told: Told, delivered: Counter[str]) -> None:
    name = told.dossier_id[:8]
    letters = await store.letters.of_dossier(told.dossier_id)
    kinds = Counter(letter.kind for letter in letters)
    found.expect_times(kinds["acknowledgement"], int(told.submitted), f"{name}: acknowledgement")
    found.expect_times(kinds["complement_request"], told.asked, f"{name}: request letter")
    found.expect_times(kinds["answer_received"], told.answered, f"{name}: answer letter")
    for kind, state in _DECISIONS.items():
        found.expect_times(kinds[kind], int(told.decided is state), f"{name}: letter {kind}")
    for letter in letters:
        found.expect(
            kept=delivered[letter.message_id] > 0, what=f"{name}: mail of the letter {letter.kind}"
        )


def _told_in_logs(logs: Path) -> list[str]:
    """I6: the logs that tell who the families are."""
    personal = (YOU["first_name"], YOU["last_name"], YOU["phone"], "@exemple.fr")
    return [
        f"{log.name} names somebody"
        for log in logs.glob("*.log")
        if any(words in log.read_text("utf-8", "replace") for words in personal)
    ]


def _message_ids(mails: Path) -> list[str]:
    """One for each mail that the town's mail server took, copies too."""
    return [
        str(message_from_bytes(mail.read_bytes(), policy=policy.default)["Message-ID"]).strip()
        for mail in mails.glob("*.eml")
    ]
