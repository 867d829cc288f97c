"""Writing to families known before the portal, some at a time: rows first, mails afterwards."""

from collections.abc import Sequence
from datetime import datetime

from activities.letter_writer import LetterWriter
from domain.paper import has_mail
from storage.activations import Due
from storage.store import OpenStore

KIND = "activation"


class ActivationLetters:
    """What the reconciler does with the letters of activation, each minute."""

    def __init__(self, open_store: OpenStore, writer: LetterWriter) -> None:
        self._open_store = open_store
        self._writer = writer

    async def write_due(self, at: datetime) -> Sequence[str]:
        """Write the letters whose turn has come, and give those to send.

        Several may run at once, and any may stop half-way: each letter is written once. Whoever
        came in meanwhile is not written to.
        """
        async with self._open_store() as store:
            due = await store.activations.due(at)
        written = [await self._write(one, at) for one in due]
        return [letter_id for letter_id in written if letter_id]

    async def _write(self, due: Due, at: datetime) -> str:
        async with self._open_store() as store:
            account = await store.accounts.by_id(due.account_id)
            if account is None or not await store.activations.take(due, at):
                return ""
            has_come = account.seen_at is not None or account.password_hash is not None
            if has_come or account.disabled_at is not None or not has_mail(account.email):
                return ""
            letter_id = await self._writer.to_person(store, account, KIND, path="/connexion", at=at)
            await store.activations.wrote(due, letter_id)
            return letter_id
