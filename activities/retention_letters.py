"""Telling a family, two weeks before, what it will not find any more: one letter for all of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from activities.letter_writer import LetterWriter
from domain import french
from domain.paper import has_mail, shown_address
from domain.retention import CATEGORIES, WARNED_BEFORE, Category
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.retention import ToWarn
from storage.store import Store

KIND = "retention_warning"
_HERE = "/compte/mes-donnees"


class RetentionLetters:
    """Writes warnings, in the transaction that notes them."""

    def __init__(self, writer: LetterWriter) -> None:
        self._writer = writer

    async def warn(self, store: Store, account_id: str, day: date, at: datetime) -> str:
        """Note that this family is told of all that goes, and write it; the letter's id, or "".

        Nobody is written to about an account that is closed, nor on paper where neither a dossier
        nor an address says where the letter would go. Twice: told once.
        """
        await store.accounts.take_turn(account_id)
        told = await store.retention.to_warn(account_id, day)
        if not told:
            return ""
        goes_on = day + WARNED_BEFORE
        await store.retention.note_warned(account_id, told, at, goes_on)
        for category in sorted({one.category for one in told}):
            count = sum(one.category is category for one in told)
            await store.erasure_nights.count(day, category, warned=count)
        account = await store.accounts.by_id(account_id)
        if account is None or account.disabled_at is not None:
            return ""
        return await self._write(store, account, told, goes_on, at)

    async def _write(
        self, store: Store, account: Account, told: Sequence[ToWarn], goes_on: date, at: datetime
    ) -> str:
        dossiers = {one.id: one for one in await store.dossiers.of_account(account.id)}
        on_paper = not has_mail(account.email)
        facts: dict[str, Any] = {
            "goes_on": french.day(goes_on),
            "items": [_item(one, dossiers) for one in told],
            "keeps_account": any(one.category is Category.ACCOUNT for one in told),
        }
        about = next((dossiers[one.dossier] for one in told if one.dossier in dossiers), None)
        if on_paper and about is not None:  # printed by its department, and erased with it
            return await self._writer.about(store, about, KIND, at=at, **facts)
        if on_paper and not await store.paper_letters.has_address(account.id):
            return ""
        email = shown_address(account.email)
        return await self._writer.to_address(
            store, email, KIND, path=_HERE, at=at, account_id=account.id, on_paper=on_paper, **facts
        )


def _item(one: ToWarn, dossiers: Mapping[str, Dossier]) -> Mapping[str, str]:
    period = CATEGORIES[one.category]
    # No name: the letter outlives what it tells of.
    dossier = dossiers.get(one.dossier or "")
    which = f", dossier n° {dossier.number}" if dossier else ""
    return {"what": f"{period.what}{which}", "how_long": period.how_long, "why": period.why}
