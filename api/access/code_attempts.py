"""Showing a code: counted before it is looked at, each code once, wrong ones by delay."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.access.codes import is_telephone_code, recovery_hash, step_of
from api.house import House
from domain.french import plural
from domain.tokens import subject_of
from storage.accounts import Account
from storage.second_factors import SecondFactor
from storage.store import Store

_WINDOW = timedelta(minutes=5)
_MOST = 5
_TOO_MANY, _UNPROCESSABLE = 429, 422
WRONG = "Ce code ne convient pas. Attendez que le suivant s’affiche, puis recommencez."


@dataclass(frozen=True)
class Shown:
    """What was shown: the code of a telephone (`step`), or a recovery code (`step` is None).

    `left` is how many recovery codes have not served yet.
    """

    step: int | None
    left: int

    @property
    def is_recovery(self) -> bool:
        """Whether the telephone was not at hand."""
        return self.step is None


@dataclass(frozen=True)
class NotShown:
    """Nothing was opened, and this is what to say. `is_waiting`: nothing was even looked at."""

    words: str
    is_waiting: bool = False

    @property
    def status(self) -> int:
        """The HTTP status of the page that says it."""
        return _TOO_MANY if self.is_waiting else _UNPROCESSABLE


class CodeAttempts:
    """The attempts of one account, five wrong ones per five minutes, wherever they come from.

    They come after a password or a link, so that nobody keeps a stranger waiting; an admin lets
    in whoever has lost everything.
    """

    def __init__(self, house: House, account: Account) -> None:
        self._account = account
        secret = house.settings.secret.get_secret_value()
        self._subject = subject_of(secret, "second factor", account.id)

    async def show(self, store: Store, code: str, at: datetime) -> Shown | NotShown:
        """Look at a code of the second factor in use, and consume it. Twice: refused.

        In a transaction of its own, committed whatever comes out: the attempt counts.
        """
        if wait := await self._wait(store, at):
            return wait
        factor = await store.second_factors.of(self._account.id)
        shown = await _consume(store, factor, code, at) if factor and factor.is_proven else None
        if shown is None:
            return NotShown(WRONG)
        await store.attempts.forget(self._subject)
        return shown

    async def prove_first(self, store: Store, code: str, at: datetime) -> Shown | NotShown | None:
        """As `prove`, for whoever has shown no code yet: None when there is a telephone already.

        It may have been linked on another device at this very instant.
        """
        if await store.second_factors.is_proven(self._account.id):
            return None
        shown = await self.prove(store, code, at)
        is_late = isinstance(shown, NotShown)
        return None if is_late and await store.second_factors.is_proven(self._account.id) else shown

    async def prove(self, store: Store, code: str, at: datetime) -> Shown | NotShown:
        """Look at the first code of a new telephone: from then on it is the second factor."""
        if wait := await self._wait(store, at):
            return wait
        factor = await store.second_factors.of(self._account.id)
        step = step_of(factor.pending, _plain(code), at) if factor and factor.pending else None
        if factor is None or step is None:
            return NotShown(WRONG)
        await store.second_factors.prove(self._account.id, factor.pending, step, at)
        await store.attempts.forget(self._subject)
        return Shown(step, await store.second_factors.codes_left(self._account.id))

    async def _wait(self, store: Store, at: datetime) -> NotShown | None:
        await store.accounts.take_turn(self._subject)
        if since := await store.attempts.latest(self._subject, _MOST, at, _WINDOW):
            minutes = max(1, -(-(since + _WINDOW - at) // timedelta(minutes=1)))
            return NotShown(
                f"Trop d’essais en peu de temps. Attendez {plural(minutes, 'minute')}, puis "
                "recommencez.",
                is_waiting=True,
            )
        await store.attempts.note(self._subject, at)
        return None


async def _consume(store: Store, factor: SecondFactor, code: str, at: datetime) -> Shown | None:
    books, plain = store.second_factors, _plain(code)
    if is_telephone_code(plain):
        step = step_of(factor.secret, plain, at)
        is_new = step is not None and await books.use_step(factor.account_id, step)
    else:
        step = None
        is_new = await books.use_code(factor.account_id, recovery_hash(code), at)
    return Shown(step, await books.codes_left(factor.account_id)) if is_new else None


def _plain(code: str) -> str:
    """As it is compared: people copy the space that some telephones show in the middle."""
    return "".join(code.split())
