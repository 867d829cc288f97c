"""What a dossier shows of itself: to the operators' tools, and to whoever asks where it stands."""

from temporalio import workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from domain import life as lives
    from domain.deadlines import Terms
    from domain.life import Life
    from domain.messages import Situation
    from domain.states import State

STATE = SearchAttributeKey.for_keyword("DossierState")
WAITING_ON = SearchAttributeKey.for_keyword("WaitingOn")
DUE_AT = SearchAttributeKey.for_datetime("DueAt")

_DETAILS = {
    State.DRAFT: "Brouillon : la famille n’a pas encore envoyé son dossier.",
    State.CHECKING: "Envoyé : le portail vérifie les documents.",
    State.UNDER_REVIEW: "À vérifier : la réponse de la mairie est attendue.",
    State.AWAITING_FAMILY: "Complément demandé : la réponse de la famille est attendue.",
    State.APPROVED: "Validé.",
    State.REFUSED: "Refusé.",
    State.WITHDRAWN: "Retiré par la famille.",
    State.CLOSED_WITHOUT_ACTION: "Classé sans suite.",
    State.ABANDONED: "Brouillon abandonné.",
}


def show(life: Life, terms: Terms) -> None:
    """Tell the operators' tools where the dossier stands."""
    waits_for = lives.waits_for(life.state)
    due = lives.due_at(life, terms)
    workflow.set_current_details(_DETAILS[life.state])
    workflow.upsert_search_attributes(
        [
            STATE.value_set(life.state.value),
            WAITING_ON.value_set(waits_for.value) if waits_for else WAITING_ON.value_unset(),
            DUE_AT.value_set(due) if due else DUE_AT.value_unset(),
        ]
    )


def situation_of(life: Life, terms: Terms, missing: tuple[str, ...], inspecting: int) -> Situation:
    """Where a dossier stands, who must act and by when, and what the portal does next."""
    appointment = lives.next_appointment(life, terms)
    return Situation(
        state=life.state,
        since=life.since,
        waits_for=lives.waits_for(life.state),
        due_at=lives.due_at(life, terms),
        next_alarm=appointment.alarm.value if appointment else "",
        next_alarm_at=appointment.at if appointment else None,
        missing=missing,
        inspecting=inspecting,
    )
