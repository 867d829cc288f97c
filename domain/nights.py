"""The night in which what is overdue goes: its order, and the messages of its workflow.

Ids, codes and civil days only, as everything that the engine keeps.
"""

from dataclasses import dataclass, replace
from datetime import date

from domain.retention import Category

ORDER: tuple[Category, ...] = (
    Category.CONSENTS,
    Category.ACCEPTANCES,
    Category.QUOTIENTS,
    Category.CAMPAIGNS,
    Category.LETTERS,
    Category.RIGHTS,
    Category.TECHNICAL,
    Category.JOURNAL,
    Category.DOCUMENTS,
    Category.DRAFT,
    Category.CLOSED,
    Category.UPDATED,
    Category.HEALTH,
    Category.RULINGS,
    Category.ENROLLED,
    Category.KNOWN,
    Category.ACCOUNT,
)
"""What goes with something larger goes first: so each category erases what its preview counted."""

NIGHTS = "nightly-retention"
"""What the nights are called in the engine: each by this and the moment it began."""
HOUR, MINUTE = 4, 15
"""When it begins, in Paris: never between two and three, an hour that some nights do not have."""


@dataclass(frozen=True)
class Stage:
    """Where a night has come to: which of `ORDER`, and after which subject. `day`: None at first.

    `failed` counts what could not be erased; `is_warned`: families were told what goes next.
    """

    day: date | None = None
    place: int = 0
    after: str = ""
    failed: int = 0
    is_warned: bool = False

    @property
    def category(self) -> Category | None:
        """The category whose turn it is; None at the end of the night."""
        return ORDER[self.place] if self.place < len(ORDER) else None

    def after_batch(self, done: "Done") -> "Stage":
        """Go on behind a batch: in the same category while it has more."""
        failed = self.failed + done.failed
        if done.after:
            return replace(self, after=done.after, failed=failed)
        if not self.is_warned:
            return replace(self, is_warned=True, after="", failed=failed)
        return replace(self, place=self.place + 1, after="", failed=failed)


@dataclass(frozen=True)
class Batch:
    """Do some of a night's work: from the subject after `after` on."""

    day: date
    after: str = ""
    category: Category | None = None


@dataclass(frozen=True)
class Done:
    """What came of a batch: `after` which subject to go on, "" when nothing is left."""

    after: str = ""
    failed: int = 0


@dataclass(frozen=True)
class EndOfNight:
    """The night has gone through everything; `failed` of it could not be done."""

    day: date
    failed: int
