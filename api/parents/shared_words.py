"""Where a shared child's dossier stands, in words for the guardian who did not send it.

These speak of the child and of the town. They never say what the other guardian typed, gave or was
written: not even which document is missing, nor the agent's own words to them.
"""

from collections.abc import Sequence

from api.standing import Standing
from domain import french
from domain.deadlines import last_day
from domain.kinds.registration_questions import GRADES
from domain.questions import as_day
from domain.states import State
from storage.shared_dossiers import ChildFacts, SharedDossier

_SENDER = "Le parent qui a déposé le dossier"
_BADGES = {
    State.AWAITING_FAMILY: "Complément demandé",
    State.WITHDRAWN: "Demande retirée",
}
_SENTENCES = {
    State.CHECKING: "Le dossier {of_child} est envoyé. Le portail contrôle les documents.",
    State.UNDER_REVIEW: "La mairie étudie le dossier {of_child}.",
    State.AWAITING_FAMILY: "La mairie attend un complément pour le dossier {of_child}.",
    State.APPROVED: "L’inscription {of_child} est validée.",
    State.REFUSED: "L’inscription {of_child} est refusée.",
    State.WITHDRAWN: "La demande {of_child} a été retirée.",
    State.CLOSED_WITHOUT_ACTION: (
        "Le dossier {of_child} est classé sans suite : le complément demandé n’est pas arrivé."
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
    sentence = _SENTENCES.get(dossier.state, "Le dossier {of_child} est fermé.")
    sentence = sentence.format(of_child=french.of(dossier.child_first_name or "cet enfant"))
    if dossier.decision_basis == "silence":
        sentence += " La mairie n’a pas répondu à temps."
    due = dossier.due_at if not dossier.state.is_closed else None
    return Standing(
        badge="completed" if is_answered else dossier.state,
        badge_words="Complément envoyé" if is_answered else _BADGES.get(dossier.state, ""),
        sentence=sentence,
        who=_WHO.get(dossier.state, ""),
        by_when=french.day(last_day(due)) if due else "",
    )


def child_rows(dossier: SharedDossier, child: ChildFacts) -> Sequence[tuple[str, str]]:
    """What is known of the child, for a list of pairs; what is not known is left out."""
    born = as_day(child.birth_date)
    grade = next((one.label for one in GRADES if one.value == child.grade), "")
    is_in = dossier.state is State.APPROVED
    rows = (
        ("Prénom et nom", f"{child.first_name} {child.last_name}".strip()),
        ("Date de naissance", f"{born:%d/%m/%Y}" if born else ""),
        ("Lieu de naissance", child.birth_place),
        ("Classe" if is_in else "Classe demandée", grade),
        ("École" if is_in else "École demandée", child.school),
        ("Dossier", f"n°\u00a0{dossier.number}"),
        ("Envoyé le", french.day(dossier.submitted_at)),
        ("Décision le", french.day(dossier.decided_at) if dossier.decided_at else ""),
    )
    return [row for row in rows if row[1]]
