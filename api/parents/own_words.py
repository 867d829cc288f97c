"""What one person said and gave beside the dossiers they sent, for their own copy of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain import french
from domain.quotient import SOURCES, Verdict
from domain.states import Action
from storage.store import Store

_SAID: Mapping[str, str] = {
    Action.OBJECT: "désaccord",
    Action.LIFT_OBJECTION: "désaccord levé",
    Action.COSIGN: "accord donné",
}
_VERDICTS = {
    Verdict.WAITING: "pas encore regardé",
    Verdict.VERIFIED: "vérifié",
    Verdict.REFUSED: "refusé",
}


async def said_and_given(store: Store, account_id: str) -> dict[str, Any]:
    """Quotients, what they said of the other parent's dossiers, texts accepted, FranceConnect.

    Nobody else is in it: neither who typed or judged something at the town hall, nor the parent or
    the dossier that was spoken of.
    """
    own = store.personal_data
    return {
        "quotients": [
            {
                "valeur_en_euros": one.value,
                "mois": one.month,
                "source": SOURCES[one.source],
                "donne_le": moment(one.declared_at),
                "avis_de_la_mairie": _VERDICTS[one.verdict],
                "avis_donne_le": moment(one.verified_at),
            }
            for one in await store.quotients.of_account(account_id)
        ],
        "dit_des_demarches_de_l_autre_parent": [
            {
                "quoi": _SAID[one.action],
                "demarche": one.procedure,
                "le": moment(one.given_at),
                "vos_mots": one.words,
                "fini_le": moment(one.ended_at),
            }
            for one in await own.said_of_dossiers(account_id)
        ],
        "textes_acceptes": [
            {"titre": one.title, "version": one.version, "le": moment(one.at)}
            for one in await store.texts.accepted_by(account_id)
        ],
        "france_connect": [
            {"prenoms": one.first_name, "nom": one.last_name, "relie_le": moment(one.linked_at)}
            for one in await own.identities_of(account_id)
        ],
    }


def moment(value: datetime | None) -> str | None:
    """A moment as the archive tells it: in Paris, with its offset; None stays None."""
    return value.astimezone(french.PARIS).isoformat(timespec="seconds") if value else None
