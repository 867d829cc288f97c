"""What both ways of asking the CAF or the MSA share: how often, what is kept, how it is said."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from fastapi import Request

from activities.api_particulier import Found, Why
from api.access.notices import Tell
from api.access.rules import Visitor
from api.audit import line_of
from api.house import House, now
from domain.audit import What
from domain.quotient import Quotient, Source
from domain.tokens import subject_of
from storage.store import Store

HERE, HOME = "/quotient/caf", "/quotient"
DECLARE = "Vous pouvez aussi déclarer votre quotient vous-même."
TOO_OFTEN = f"Vous avez déjà demandé trois fois aujourd’hui. Réessayez demain. {DECLARE}"
WORDS: Mapping[str, str] = {
    Why.BUSY: "La CAF reçoit trop de demandes en ce moment. Réessayez plus tard.",
    Why.AWAY: "La CAF ne répond pas en ce moment. Réessayez plus tard.",
    Why.NOT_ALLOWED: "La mairie ne peut pas demander à la CAF en ce moment.",
}
"""What is said of an answer without a quotient, whichever way it was asked."""
_MOST, _WITHIN = 3, timedelta(days=1)
_ZERO = (
    "La CAF répond «\u00a00\u00a0» : votre quotient n’est sans doute pas encore calculé. "
    "Déclarez-le avec votre attestation, ou réessayez le mois prochain. D’ici là, le tarif le plus "
    "haut s’applique."
)


async def has_a_turn(house: House, account_id: str, at: datetime) -> bool:
    """Whether the family may ask (again) today: three times."""
    async with house.reading() as store:
        return await _has_one_left(store, _turns_of(house, account_id), at)


async def take_a_turn(house: House, account_id: str, at: datetime) -> bool:
    """Count that the family asks now; False where it may not any more today."""
    turns = _turns_of(house, account_id)
    async with house.writing() as store:
        await store.accounts.take_turn(account_id)
        if not await _has_one_left(store, turns, at):
            return False
        await store.attempts.note(turns, at)
        return True


async def _has_one_left(store: Store, turns: str, at: datetime) -> bool:
    return await store.attempts.latest(turns, _MOST, at, _WITHIN) is None


def _turns_of(house: House, account_id: str) -> str:
    return subject_of(house.settings.secret.get_secret_value(), "quotient", account_id)


async def keep(
    request: Request, house: House, visitor: Visitor, said: Found, tell: Tell, *, quotient_id: str
) -> None:
    """Keep what was found, and tell the family. Twice with the same id: once."""
    quotient = Quotient(quotient_id, said.value, said.month, Source(said.source), now(request))
    family = visitor.account.id
    async with house.writing() as store:
        await store.quotients.give(family, quotient, by=(visitor.behind or visitor.account).id)
        await store.audit.add(line_of(request, What.QUOTIENT_FETCHED, subject=family))
    if quotient.is_known:
        await tell("success", f"Votre quotient est repris : {said.value}\u00a0€.")
    else:
        await tell("attention", _ZERO)


async def note_nothing(request: Request, house: House, visitor: Visitor, why: str) -> None:
    """Write into the journal that nothing was found, and why."""
    line = line_of(request, What.QUOTIENT_NOT_FOUND, subject=visitor.account.id, why=why)
    async with house.writing() as store:
        await store.audit.add(line)
