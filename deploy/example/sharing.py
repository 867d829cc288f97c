"""The second guardians of the example town, and somebody who wants their data erased.

Rows, as the pages write them: the letters of invitations are not written again here.
"""

from datetime import date, datetime, timedelta

from deploy.example.families import CLAIRE, LUCAS, NADIA
from deploy.example.valbourg import SOPHIE, Person
from domain.deadlines import paris_day
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.store import Store

ANTOINE = Person("antoine.martin@exemple.fr", "Antoine Martin")
RACHID = Person("rachid.cherif@exemple.fr", "Rachid Chérif")
SECOND_GUARDIANS = (ANTOINE, RACHID)


async def share(store: Store, at: datetime) -> None:
    """Antoine sees Léna and is invited to see Tom; Rachid sees Sofia no more. Twice: the same.

    Lucas asks to be erased. Nothing is done of what a story did not come to.
    """
    claire, nadia, sophie = [await account_of(store, one) for one in (CLAIRE, NADIA, SOPHIE)]
    for dossier in await store.dossiers.of_account(claire.id):
        if dossier.child_first_name == "Léna":
            await _is_in(store, dossier, await account_of(store, ANTOINE), at)
        elif dossier.submitted_at is not None and not await _is_known(store, dossier):
            await store.guardian_accesses.invite(dossier.id, ANTOINE.email, claire.id, at)
    for dossier in await store.dossiers.of_account(nadia.id):
        if dossier.submitted_at is not None and not await _is_known(store, dossier):
            access_id = await _is_in(store, dossier, await account_of(store, RACHID), at)
            await store.guardian_accesses.end(
                access_id,
                paris_day(at),
                reason_code="ruling",
                ruling_on=paris_day(at - timedelta(days=40)),
                by=sophie.id,
                at=at,
            )
    lucas = await account_of(store, LUCAS)
    await store.erasures.ask(lucas.id, at, _some_days_ago(at))


async def _is_in(store: Store, dossier: Dossier, who: Account, at: datetime) -> str:
    access = await store.guardian_accesses.invite(dossier.id, who.email, dossier.account_id, at)
    await store.guardian_accesses.accept(access.id, who.id, at)
    return access.id


async def _is_known(store: Store, dossier: Dossier) -> bool:
    return bool(await store.guardian_accesses.of_dossier(dossier.id))


async def account_of(store: Store, person: Person) -> Account:
    """The account of this person; LookupError when the town has none of it."""
    account = await store.accounts.by_email(person.email)
    if account is None:
        raise LookupError(person.email)
    return account


def _some_days_ago(at: datetime) -> date:
    return paris_day(at - timedelta(days=9))
