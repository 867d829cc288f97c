"""The other guardian's way to a child: invited, opened by themselves, ended on a civil day.

A child's file is its registration dossier. Both guardians read it; acts stay with the one who sent
it. An end is checked when somebody reads, by the day in Paris: nothing has to run on that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

INVITATION_LIFE = timedelta(days=30)
MOST_TRIES = 5
"""How often a wrong birth date may be given before an invitation is closed."""
MOST_LETTERS, LETTERS_WITHIN = 5, timedelta(days=1)
"""How many invitations one person may have mailed in that time."""

REASONS: Mapping[str, str] = {
    "ruling": "Décision de justice",
    "authority": "Retrait de l’autorité parentale",
    "own_wish": "Demande de la personne elle-même",
    "mistake": "Invitation envoyée par erreur",
}
"""Why an access ends: codes, and the words of the staff."""
WITH_RULING = frozenset({"ruling", "authority"})
"""The reasons that rest on a ruling, whose day is asked."""


class Stage(StrEnum):
    """Where an access stands."""

    INVITED = "invited"
    EXPIRED = "expired"
    OPEN = "open"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"
    DECLINED = "declined"


@dataclass(frozen=True)
class GuardianAccess:
    """One guardian's access to the dossier of a child that another one sent.

    `ends_on` is the first day without access, a civil day in Paris; `account_id` is who accepted.
    """

    id: str
    dossier_id: str
    email: str
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    tries: int = 0
    account_id: str | None = None
    accepted_at: datetime | None = None
    taken_back_at: datetime | None = None
    declined_at: datetime | None = None
    ends_on: date | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
    reason_code: str = ""
    ruling_on: date | None = None

    def has_ended(self, today: date) -> bool:
        """Whether staff ended it, today or before."""
        return self.ends_on is not None and today >= self.ends_on

    def stage(self, at: datetime, today: date) -> Stage:
        """Where it stands; `today` is the day of `at` in Paris."""
        if self.has_ended(today):
            return Stage.ENDED
        if self.accepted_at is not None:
            return Stage.OPEN
        if self.taken_back_at is not None:
            return Stage.TAKEN_BACK
        if self.declined_at is not None:
            return Stage.DECLINED
        return Stage.EXPIRED if at >= self.expires_at else Stage.INVITED


def is_held_by_staff(accesses: Sequence[GuardianAccess]) -> bool:
    """Whether a ruling ended an access, or is to: from then on only staff lets anybody in."""
    return any(one.ends_on is not None and one.reason_code in WITH_RULING for one in accesses)
