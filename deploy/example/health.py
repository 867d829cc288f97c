"""What the families of the example town told of their children's health, and what a court decided.

Rows, as the pages write them. Invented, like everybody here.
"""

from datetime import date, datetime, timedelta

from deploy.example.families import CLAIRE, NADIA
from deploy.example.sharing import RACHID, account_of
from deploy.example.valbourg import SOPHIE
from domain.custody import Decision, Effect, Ruling, Somebody
from domain.deadlines import paris_day
from storage.store import Store

_LENA = {
    "concern": "yes",
    "allergies": "Arachide, même en traces",
    "conduct": "Donner l’antihistaminique de sa trousse, appeler le 15, puis ses parents",
    "pai": "changed",
    "diet": "no_pork",
    "vaccines": "yes",
    "vaccines_on": "2020-07-06",
    "doctor": "Docteur Anne Ravel",
    "doctor_phone": "05 99 00 02 30",
}
_DOSES = {"six": [date(2019, 3, 5), date(2019, 5, 7), date(2019, 12, 10)]}


async def tell_of_health(store: Store, at: datetime) -> None:
    """Léna has a record; Rachid is kept away from Sofia by a ruling. Twice: nothing more.

    Nothing is done of what a story did not come to.
    """
    claire, nadia, sophie = [await account_of(store, one) for one in (CLAIRE, NADIA, SOPHIE)]
    for child in await store.households.children_of(claire.id):
        if child.first_name == "Léna" and await store.health_records.of(child.id) is None:
            await store.health_records.keep(
                child.id, _LENA, _DOSES, seen=0, by=claire.id, at=at, checks=True
            )
    for dossier in await store.dossiers.of_account(nadia.id):
        if dossier.submitted_at is None or await store.court_rulings.of_dossier(dossier.id):
            continue
        decided_on = paris_day(at - timedelta(days=40))
        rachid = Somebody(RACHID.name, email=RACHID.email, is_guardian=True)
        await store.court_rulings.record(
            Ruling(
                id=dossier.id,
                dossier_id=dossier.id,
                child_id=None,
                document_id=None,
                decided_on=decided_on,
                since=decided_on,
                until=None,
                decisions=(Decision(Effect.NO_CONTACT, rachid),),
                recorded_at=at,
                recorded_by=sophie.id,
            )
        )
