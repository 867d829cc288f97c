"""Where a shared child's dossier stands, in words for the guardian who did not send it.

These speak of the child and of the town. They never say what the other guardian typed, gave or was
written: not even which document is missing, nor the agent's own words to them.
"""

from collections.abc import Mapping, Sequence

from api.standing import Standing
from domain import french
from domain.deadlines import last_day
from domain.kinds.registration_questions import GRADES
from domain.kinds.words import KIND_WORDS
from domain.questions import as_day
from domain.states import State
from storage.shared_dossiers import ChildFacts, SharedDossier

REGISTRATION = "registration"
_SENDER = "Le parent qui a déposé le dossier"
_BADGES = {
    State.AWAITING_FAMILY: "Complément demandé",
    State.WITHDRAWN: "Demande retirée",
}
_SENTENCES = {
    State.CHECKING: "{It} est envoyé{e}. Le portail contrôle les documents.",
    State.UNDER_REVIEW: "La mairie étudie {it}.",
    State.AWAITING_FAMILY: "La mairie attend un complément pour {it}.",
    State.APPROVED: "{Asked} est validée.",
    State.REFUSED: "{Asked} est refusée.",
    State.WITHDRAWN: "La demande {of_child} a été retirée.",
    State.CLOSED_WITHOUT_ACTION: (
        "{It} est classé{e} sans suite : le complément demandé n’est pas arrivé."
    ),
}
_WHO = {
    State.CHECKING: "Le portail : quelques secondes suffisent",
    State.UNDER_REVIEW: "La mairie",
    State.AWAITING_FAMILY: _SENDER,
}


def standing_for_the_other(dossier: SharedDossier) -> Standing:
    """Who must act and by when, for the guardian who reads along."""
    is_answered = dossier.state is State.UNDER_REVIEW and dossier.answered_at is not None
    sentence = _SENTENCES.get(dossier.state, "{It} est fermé{e}.").format(**called(dossier))
    if dossier.decision_basis == "silence":
        sentence += " La mairie n’a pas répondu à temps."
    due = dossier.due_at if not dossier.state.is_closed else None
    return Standing(
        badge="completed" if is_answered else dossier.state,
        badge_words="Complément envoyé" if is_answered else _badge_of(dossier),
        sentence=sentence,
        who=_WHO.get(dossier.state, ""),
        by_when=french.day(last_day(due)) if due else "",
    )


def _badge_of(dossier: SharedDossier) -> str:
    words = KIND_WORDS[dossier.kind]
    decided = {State.APPROVED: words.approved, State.REFUSED: words.refused}
    return {**_BADGES, **decided}.get(dossier.state, "")


def called(dossier: SharedDossier) -> Mapping[str, str]:
    """How sentences call the dossier, and what it asks for: `It` begins one, `it` does not."""
    child = dossier.child_first_name or "cet enfant"
    if dossier.kind == REGISTRATION:
        of_child = french.of(child)
        the, asked, e = f"e dossier {of_child}", f"L’inscription {of_child}", ""
    else:
        of_child = f"pour {child}"
        the, asked, e = f"a démarche {of_child}", f"La démarche {of_child}", "e"
    return {"It": f"L{the}", "it": f"l{the}", "Asked": asked, "of_child": of_child, "e": e}


def child_rows(dossier: SharedDossier, child: ChildFacts) -> Sequence[tuple[str, str]]:
    """What is known of a child, for a list of pairs; what is not known is left out."""
    born = as_day(child.birth_date)
    grade = next((one.label for one in GRADES if one.value == child.grade), "")
    is_in = dossier.state is State.APPROVED
    rows = (
        ("Prénom et nom", f"{child.first_name} {child.last_name}".strip()),
        ("Date de naissance", f"{born:%d/%m/%Y}" if born else ""),
        ("Lieu de naissance", child.birth_place),
        ("Classe" if is_in else "Classe demandée", grade),
        ("École" if is_in else "École demandée", child.school),
    )
    return [row for row in rows if row[1]]


def dossier_rows(dossier: SharedDossier) -> Sequence[tuple[str, str]]:
    """Its number and its dates, for a list of pairs."""
    rows = (
        ("Dossier", f"n°\u00a0{dossier.number}"),
        ("Envoyé le", french.day(dossier.submitted_at)),
        ("Décision le", french.day(dossier.decided_at) if dossier.decided_at else ""),
    )
    return [row for row in rows if row[1]]
