"""Choosing a password: what is said of one that may not be kept, and how often one may choose."""

from datetime import datetime, timedelta

from api.house import House
from domain.french import plural
from domain.passwords import LONGEST, minimum_length, why_refused
from domain.tokens import subject_of
from storage.accounts import Account
from storage.store import Store

_CHOICES_A_DAY, _A_DAY = 5, timedelta(days=1)
_REFUSALS = {
    "too_short": "Ce mot de passe est trop court. Écrivez au moins {minimum}.",
    "too_long": f"Ce mot de passe est trop long. Écrivez au plus {LONGEST} caractères.",
    "too_common": "Ce mot de passe est trop courant. Choisissez une petite phrase à vous.",
    "own_words": "Ce mot de passe ressemble à votre adresse mail, à un nom de votre famille ou à "
    "celui de la commune. Choisissez autre chose.",
}
_NO_PASSWORD = "Choisissez un mot de passe, ou continuez sans."  # noqa: S105
_TOO_OFTEN = (
    "Vous avez déjà choisi cinq mots de passe aujourd’hui. Continuez sans en changer, et "
    "recommencez demain."
)


async def why_not(
    house: House, store: Store, email: str, known: Account | None, password: str, at: datetime
) -> str:
    """What to say of this password for this address; nothing when it may be kept."""
    if not password:
        return _NO_PASSWORD
    if await store.attempts.latest(_choices(house, email), _CHOICES_A_DAY, at, _A_DAY):
        return _TOO_OFTEN
    role = known.role if known else "parent"
    words = [email, (await store.town.card()).name]
    if known is not None:
        children = await store.households.children_of(known.id)
        words += [known.name, *(child.first_name for child in children)]
    reason = why_refused(password, role, words)
    minimum = plural(minimum_length(role), "caractère")
    return _REFUSALS[reason].format(minimum=minimum) if reason else ""


async def count_choice(house: House, store: Store, email: str, at: datetime) -> None:
    """A password was chosen for this address: five a day, so that nobody plays with resets."""
    await store.attempts.note(_choices(house, email), at)


def _choices(house: House, email: str) -> str:
    return subject_of(house.settings.secret.get_secret_value(), "new password", email)
