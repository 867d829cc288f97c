"""Where a dossier stands, in the words of the family: who must act, by when, and what happens then.

The dossier itself answers when the engine does (`Situation`); otherwise what storage knows is said,
with its time.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import french
from domain.deadlines import SilenceRule, last_day
from domain.kinds.words import KIND_WORDS
from domain.messages import Situation
from domain.reasons import REFUSALS
from domain.states import Action, State
from storage.dossiers import Dossier
from storage.events import Event

_WAITS_FOR_FAMILY = (State.DRAFT, State.AWAITING_FAMILY)


@dataclass(frozen=True)
class Standing:
    """Sentences for one dossier. `badge` is a code of the macro `state_badge`.

    `who`, `by_when`, `then` are empty once nothing is expected. `recorded` says, when the engine
    did not answer, of when these words are.
    """

    badge: str
    badge_words: str
    sentence: str
    who: str = ""
    by_when: str = ""
    then: str = ""
    recorded: str = ""


def child_of(dossier: Dossier) -> str:
    """The child's first name, or whom the dossier is about before it is known."""
    return dossier.child_first_name or KIND_WORDS[dossier.kind].whom


def standing_of(
    dossier: Dossier,
    *,
    situation: Situation | None = None,
    department: str = "",
    asked: int = 0,
    at: datetime,
) -> Standing:
    """Say where the dossier stands.

    `asked` is how many pieces the town waits for; `department` the service that answers. Without
    `situation` the words come from storage, and `recorded` gives the time.
    """
    agrees = situation is not None and situation.state is dossier.state
    due = situation.due_at if situation is not None and agrees else dossier.due_at
    badge, words = _badge(dossier, asked)
    return Standing(
        badge=badge,
        badge_words=words,
        sentence=_sentence(dossier),
        who=_who(dossier, department),
        by_when=french.day(last_day(due)) if due and not dossier.state.is_closed else "",
        then=_then(dossier, has_date=due is not None),
        recorded=""
        if situation is not None or dossier.state.is_closed
        else f"État enregistré à {french.hour(at)}.",
    )


def _badge(dossier: Dossier, asked: int) -> tuple[str, str]:
    if dossier.state is State.AWAITING_FAMILY and asked:
        return dossier.state, f"Il manque {french.plural(asked, 'document')}"
    if dossier.state is State.AWAITING_FAMILY:
        return dossier.state, "Complément demandé"
    if dossier.state is State.UNDER_REVIEW and dossier.answered_at:
        return "completed", "Complément envoyé, en attente de la mairie"
    if is_dropped_draft(dossier):
        return dossier.state, "Brouillon abandonné"
    if dossier.state is State.APPROVED:
        return dossier.state, KIND_WORDS[dossier.kind].approved
    return dossier.state, ""


def is_dropped_draft(dossier: Dossier) -> bool:
    """Whether the family gave it up before the town had it."""
    return dossier.state is State.WITHDRAWN and dossier.submitted_at is None


def _sentence(dossier: Dossier) -> str:
    of_child, the = french.of(child_of(dossier)), KIND_WORDS[dossier.kind].the
    if is_dropped_draft(dossier):
        return f"Vous avez abandonné le brouillon {of_child}. La mairie ne l’avait pas reçu."
    return {
        State.DRAFT: f"Le dossier {of_child} n’est pas encore envoyé. Vos réponses sont gardées.",
        State.CHECKING: f"Le dossier {of_child} est envoyé. Le portail contrôle les documents.",
        State.UNDER_REVIEW: f"La mairie étudie le dossier {of_child}.",
        State.AWAITING_FAMILY: f"La mairie a besoin d’un complément pour le dossier {of_child}.",
        State.APPROVED: f"{the} {of_child} est validée." + _by_silence(dossier),
        State.REFUSED: f"{the} {of_child} est refusée." + _by_silence(dossier),
        State.WITHDRAWN: f"Vous avez retiré la demande {of_child}.",
        State.CLOSED_WITHOUT_ACTION: (
            f"Le dossier {of_child} est classé sans suite : le complément demandé n’est pas arrivé."
        ),
        State.ABANDONED: f"Le brouillon {of_child} est fermé : il n’a pas été envoyé.",
    }[dossier.state]


def _by_silence(dossier: Dossier) -> str:
    if dossier.decision_basis == "rule":
        return " Le dossier était complet : c’est une décision automatique."
    if dossier.decision_basis != "silence":
        return ""
    return f" La mairie n’a pas répondu à temps ({dossier.terms.silence_basis})."


def held_words(dossier: Dossier, events: Sequence[Event]) -> str:
    """What the decision waits for beside the town, for the family; empty when for nothing."""
    done = Counter(event.what for event in events)
    if dossier.state.is_closed:
        return ""
    if done[Action.OBJECT] > done[Action.LIFT_OBJECTION]:
        return (
            "L’autre parent n’est pas d’accord : la décision est suspendue. Le service va prendre "
            "contact avec vous deux."
        )
    until = next(
        (event.detail.get("sign_until") for event in events if event.what == Action.SUBMIT), None
    )
    if until is None or done[Action.COSIGN] or done[Action.WAIVE_COSIGNATURE]:
        return ""
    last = french.day(last_day(datetime.fromisoformat(until)))
    return (
        f"L’accord de l’autre parent est attendu avant la fin du {last}. S’il ne suit pas encore "
        "le dossier, invitez-le : « Accès de l’autre parent »."
    )


def reason_of(dossier: Dossier) -> str:
    """Why the town refused: the ground, then the agent's own words; empty when it did not."""
    if dossier.state is not State.REFUSED:
        return ""
    words = (REFUSALS.get(dossier.reason_code, ""), dossier.reason_words)
    return "\n".join(part for part in words if part)


def _who(dossier: Dossier, department: str) -> str:
    if dossier.state in _WAITS_FOR_FAMILY:
        return "Vous"
    if dossier.state is State.UNDER_REVIEW:
        return f"La mairie, {department[:1].lower()}{department[1:]}" if department else "La mairie"
    return "Le portail : quelques secondes suffisent" if dossier.state is State.CHECKING else ""


def what_then(dossier: Dossier) -> str:
    """What happens once the date is past, or by itself; empty when nothing does."""
    return _then(dossier, has_date=dossier.due_at is not None)


def _then(dossier: Dossier, *, has_date: bool) -> str:
    if dossier.state is State.UNDER_REVIEW:
        return _SILENCE.get(dossier.terms.silence_rule, "") if has_date else ""
    return _NEXT.get(dossier.state, "")


_SILENCE = {
    SilenceRule.ACCEPTANCE: "Sans réponse de la mairie à cette date, la demande est acceptée.",
    SilenceRule.REJECTION: "Sans réponse de la mairie à cette date, la demande est refusée.",
}
_NEXT = {
    State.DRAFT: (
        "Passé ce jour, le brouillon est fermé. Nous vous préviendrons deux semaines avant."
    ),
    State.AWAITING_FAMILY: (
        "Sans réponse ce jour-là, le dossier est classé sans suite. "
        "Nous vous le rappellerons avant."
    ),
    State.CHECKING: "Vous recevez un mail, avec ce qui manque ou la date de la réponse.",
}


@dataclass(frozen=True)
class Step:
    """One step of a dossier's progress, for the macro `timeline`: done, here or next."""

    label: str
    state: str
    detail: str = ""


def steps_of(dossier: Dossier) -> tuple[Step, ...]:
    """The progress of a dossier, from what its row says: commencé, envoyé, étude, réponse."""
    began = Step("Dossier commencé", "done", french.day(dossier.opened_at))
    if dossier.submitted_at is None:
        if dossier.state.is_closed:
            end = "Brouillon abandonné" if is_dropped_draft(dossier) else _end(dossier)
            return (began, Step(end, "done", french.day(dossier.state_since)))
        here = Step("Dossier à envoyer", "here", "vos réponses sont gardées")
        return (began, here, Step("Réponse de la mairie", "next"))
    sent = Step("Dossier envoyé", "done", french.moment(dossier.submitted_at))
    if dossier.state.is_closed:
        closed = Step(_end(dossier), "done", french.day(dossier.state_since))
        return (began, sent, closed)
    return (
        began,
        sent,
        *_middle(dossier),
        Step("Réponse de la mairie", "next", _answer_by(dossier)),
    )


def _end(dossier: Dossier) -> str:
    words = KIND_WORDS[dossier.kind]
    ends = {State.APPROVED: words.approved, State.REFUSED: words.refused}
    return ends.get(dossier.state) or _END[dossier.state]


_END = {
    State.WITHDRAWN: "Demande retirée",
    State.CLOSED_WITHOUT_ACTION: "Dossier classé sans suite",
    State.ABANDONED: "Brouillon fermé sans envoi",
}


def _middle(dossier: Dossier) -> tuple[Step, ...]:
    if dossier.state is State.AWAITING_FAMILY:
        limit = f"avant la fin du {french.day(last_day(dossier.due_at))}" if dossier.due_at else ""
        return (Step("Complément attendu de votre part", "here", limit),)
    if dossier.state is State.CHECKING:
        return (Step("Contrôle des documents", "here", "quelques secondes"),)
    if dossier.answered_at:
        answered = Step("Complément envoyé", "done", french.moment(dossier.answered_at))
        return (answered, Step("Étude par la mairie", "here"))
    return (Step("Étude par la mairie", "here"),)


def _answer_by(dossier: Dossier) -> str:
    if dossier.state is State.UNDER_REVIEW and dossier.due_at:
        return f"au plus tard le {french.day(last_day(dossier.due_at))}"
    return "vous recevrez un mail"


def waits_for_family(dossier: Dossier) -> bool:
    """Whether the next move is the family's."""
    return dossier.state in _WAITS_FOR_FAMILY
