"""What the page of one letter needs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from api.admins.rows import interventions
from api.causes import answer_of, cause_of, letter_words
from api.reserved import LETTER, is_letter_closed
from domain import french
from domain.errors import NotFound
from domain.paper import shown_address
from storage.letters import (
    ACCEPTED,
    ON_PAPER,
    PRINTED,
    REFUSED,
    RETRYING,
    TO_PRINT,
    TO_SEND,
    Letter,
)
from storage.store import Store

_BADGES: Final[Mapping[str, str]] = {
    TO_SEND: "queued",
    RETRYING: "retrying",
    REFUSED: "refused",
    ACCEPTED: "handed_over",
    TO_PRINT: "to_print",
    PRINTED: "printed",
}


def badge_state(status: str) -> str:
    """The state of a letter as `letter_badge` names it."""
    return _BADGES[status]


async def letter_page(store: Store, letter_id: str, now: datetime) -> Mapping[str, Any]:
    """One letter with everything known of its way; NotFound when there is none."""
    letter = await store.letters.find(letter_id)
    if letter is None:
        raise NotFound
    dossier = await store.dossiers.find(letter.dossier_id) if letter.dossier_id else None
    owner = await store.accounts.by_id(letter.account_id) if letter.account_id else None
    incident = await store.supervision.open_incident_of(letter.id)
    return {
        "letter": {
            "id": letter.id,
            "subject": letter.subject,
            "to": letter.to_address,
            "sent": french.moment(letter.created_at),
            "text": LETTER
            if dossier and await is_letter_closed(store, dossier, letter, frozenset())
            else letter.text,
        },
        "state": badge_state(letter.status),
        "kind": letter_words(letter.kind),
        "number": dossier.number if dossier else "",
        "attempts": letter.attempts,
        "answer": answer_of(letter.code) if letter.code else "",
        "advice": cause_of(letter.code).what_to_do if letter.code else "",
        "printed": french.moment(letter.printed_at) if letter.printed_at else "",
        "accepted": french.moment(letter.accepted_at) if letter.accepted_at else "",
        "message_id": letter.message_id,
        "incident_id": incident.id if incident else "",
        "may_resend": may_resend(letter),
        "account_address": shown_address(owner.email) if owner else "",
        "interventions": interventions(
            await store.supervision.interventions(subject=letter.id), now
        ),
    }


def may_resend(letter: Letter) -> bool:
    """Whether it makes sense to send it again.

    Not a link to come in: it is old by then, and must reach nobody but the address it was asked
    from. Nor a letter that is about to leave, nor one on paper.
    """
    is_settled = letter.status not in {TO_SEND, *ON_PAPER}
    return letter.link_id is None and letter.account_id is not None and is_settled
