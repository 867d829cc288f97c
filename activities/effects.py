"""What an approval changes in what the town knows, kind by kind.

An effect is written in the transaction of the decision, once: whoever decided second wrote nothing.
Run twice all the same, the second changes nothing more.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from activities.actualisation_effects import update_record
from activities.family_effects import change_record
from domain.deadlines import paris_day
from domain.paper import shown_address
from domain.questions import Answers
from storage.dossiers import Dossier
from storage.store import Store

Effect = Callable[[Store, Dossier, Answers, datetime], Awaitable[None]]
"""Writes what the approval of this dossier, with these answers, changes."""


async def _admit(store: Store, dossier: Dossier, answers: Answers, at: datetime) -> None:
    """A registration makes the family, its guardians and the child; who may be known twice?"""
    account = await store.accounts.by_id(dossier.account_id)
    email = shown_address(account.email) if account else ""
    before = await store.dossiers.beginning(dossier.id)
    child_id = await store.households.admit(dossier, answers, email, at, before=before)
    await store.court_rulings.bind(dossier.id, child_id, paris_day(at))
    await store.doubles.look(dossier.account_id, at)


EFFECTS: Mapping[str, Effect] = {
    "registration": _admit,
    "change": change_record,
    "actualisation": update_record,
}
