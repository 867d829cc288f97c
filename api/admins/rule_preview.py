"""What a parent would read under a rule: the acknowledgement of an invented dossier sent today."""

from datetime import datetime
from typing import Any

from api.house import House
from domain import french
from domain.deadlines import Pause, SilenceRule, Terms, ends, silence_ends
from domain.states import State
from storage.dossiers import Dossier
from storage.store import Store
from storage.town import Procedure

_NUMBER = "2026-0000"


async def preview(
    store: Store, house: House, procedure: Procedure, terms: Terms, at: datetime, delay: str
) -> tuple[str, str]:
    """Subject and text of that letter, with the very words that would leave."""
    sample = Dossier(
        id="",
        number=_NUMBER.replace("2026", str(at.year)),
        kind=procedure.kind,
        procedure_id=procedure.id,
        department=procedure.department,
        account_id="",
        terms=terms,
        state=State.UNDER_REVIEW,
        state_since=at,
        version=1,
        opened_at=at,
        last_saved_at=at,
        submitted_at=at,
        due_at=None,
        decided_at=None,
        decided_by=None,
        decision_basis="",
        reason_code="",
        reason_words="",
        draft_notices=0,
        child_name="",
        child_first_name="",
        followed_by=None,
        answered_at=None,
    )
    until = ends(at, terms.cosign_within) if terms.cosign_within else None
    context: dict[str, Any] = {
        "town": await store.town.card(),
        "department": await store.town.department(procedure.department),
        "procedure": procedure,
        "dossier": sample,
        "of_child": french.of("votre enfant"),
        "missing": (),
        "until": None,
        "titles": {},
        "on_paper": False,
        "link": "",
        "silence": silence_ends(terms, at, (Pause(at, until),) if until else ()),
        "silence_means_yes": terms.silence_rule is SilenceRule.ACCEPTANCE,
        "silence_counts": terms.silence_rule is not SilenceRule.NONE,
        "silence_delay": delay,
        "unsigned_until": until,
    }
    return house.writer.foresee("acknowledgement", context)
