"""What crosses a process boundary: frozen, small, and made of ids, codes and moments only.

A message outlives the request in the engine's history, so nothing a person typed and nobody's name
is ever in it: words stay in storage, beside the act.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.deadlines import Terms
from domain.holds import Hold
from domain.life import Life
from domain.states import Action, Actor, State


@dataclass(frozen=True)
class OpenDossier:
    """Begin a dossier's life, or go on with it where `life` says.

    After a rebuild, `inspecting` are the documents to look at (again), `letters` those never tried;
    `seen` are the acts already applied.
    """

    dossier_id: str
    terms: Terms
    life: Life
    inspecting: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Act:
    """Something a person did, by the id its form chose. `given_at` is the time that counts in law.

    `subject` is the document concerned; `reason_code` why (refusal, request).
    """

    id: str
    action: Action
    actor_id: str
    actor: Actor
    given_at: datetime
    subject: str = ""
    reason_code: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of an act: applied or not, the state now, and why not (`states.why_not`)."""

    applied: bool
    state: State
    code: str = ""


@dataclass(frozen=True)
class Decision:
    """A decision by signal, from an operator or another system."""

    act_id: str
    actor_id: str
    reason_code: str = ""


@dataclass(frozen=True)
class Situation:
    """What a dossier answers when asked where it stands."""

    state: State
    since: datetime
    waits_for: Actor | None
    due_at: datetime | None
    next_alarm: str
    next_alarm_at: datetime | None
    missing: tuple[str, ...]
    inspecting: int


@dataclass(frozen=True)
class RecordAct:
    """Write an act's effect: `act` as given, `at` the dossier's own time."""

    dossier_id: str
    act: Act
    at: datetime
    terms: Terms


@dataclass(frozen=True)
class Recorded:
    """What storage made of it. `state` is the truth even when `applied` is false.

    `letters` are to be sent; `missing` and `until` describe what the family is asked for.
    `is_clear`: the checks found nothing missing and nothing to doubt (`life.Life`). `holds` is what
    holds the decision, or did, as it is kept now; None in what was written before there were any.
    """

    applied: bool
    state: State
    letters: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    until: datetime | None = None
    is_clear: bool = False
    holds: tuple[Hold, ...] | None = None


@dataclass(frozen=True)
class Notice:
    """A letter the portal writes by itself, because time has passed (`life.Alarm`)."""

    dossier_id: str
    alarm: str
    count: int
    at: datetime


@dataclass(frozen=True)
class Lookup:
    """A question about a dossier: `before` limits it to what was given up to then."""

    dossier_id: str
    before: datetime


@dataclass(frozen=True)
class InspectDocument:
    """Look at one document; `is_long`, because a short try was not enough."""

    dossier_id: str
    document_id: str
    is_long: bool = False


@dataclass(frozen=True)
class SendLetter:
    """Hand one letter to the mail server."""

    letter_id: str
