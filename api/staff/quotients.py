"""The quotient of a family, for the town: which one counts, and what an agent says of it.

An income is no secret of health: any agent who has a dossier of the family's has a need of it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.rules import Agent
from api.audit import line_of
from api.dependencies import CheckedForm, Now, Reading, Tell, Writing
from api.known_family import may_know
from api.quotient_words import rows_of
from api.staff.family_view import Family, load_family
from api.staff.room import see
from domain.audit import What
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.quotient import Verdict
from storage.store import Store

router = APIRouter()

_NONE_COUNTS = (
    "Aucun quotient ne compte aujourd’hui : le tarif le plus haut s’applique. Il est régularisé "
    "quand la famille en donne un."
)
_SAID = {
    Verdict.VERIFIED: "Le quotient est vérifié.",
    Verdict.REFUSED: "Le quotient est refusé : le tarif le plus haut s’applique, "
    "sauf si un autre compte.",
}


async def quotients_of(store: Store, family: Family, at: datetime) -> Mapping[str, Any] | None:
    """What the page of a family shows of it; None for an agent without a dossier of theirs."""
    if not _may_read(family):
        return None
    given = await store.quotients.of_account(family.account.id)
    rows = rows_of(given, paris_day(at))
    known = {one.id for one in family.known if one.submitted_at is not None}
    waiting = next((one for one in rows if one["waits"]), None)
    paper = ""
    if waiting is not None and waiting["document_id"]:
        document = await store.documents.find(waiting["document_id"])
        if document is not None and document.counts and document.dossier_id in known:
            paper = f"/agent/dossiers/{document.dossier_id}/fichiers/{document.id}/seul"
    return {
        "current": next((one for one in rows if one["counts"]), None),
        "last": rows[0] if rows else None,
        "none_counts": _NONE_COUNTS,
        "waiting": {**waiting, "paper": paper} if waiting else None,
    }


def _may_read(family: Family) -> bool:
    return bool(family.known) and may_know(family.agent, family.every)


@router.post("/agent/familles/{family_id}/quotients/{quotient_id}")
async def judge(
    request: Request,
    family_id: str,
    quotient_id: str,
    visitor: Agent,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    tell: Tell,
    at: Now,
) -> Response:
    """Say that a quotient was seen on its paper, or that it is not right. Twice: once.

    Raises:
        NotFound: it is not of this family, or no dossier of theirs is within the agent's duties.
    """
    family = await load_family(store, family_id, visitor.account)
    given = {one.id for one in await store.quotients.of_account(family.account.id)}
    if not _may_read(family) or quotient_id not in given:
        raise NotFound
    verdict = Verdict.VERIFIED if form.get("verdict") == Verdict.VERIFIED else Verdict.REFUSED
    by = visitor.account.id
    await store.release()
    async with writing() as books:
        if await books.quotients.judge(family_id, quotient_id, verdict, by=by, at=at):
            line = line_of(request, What.QUOTIENT_JUDGED, subject=family_id, verdict=verdict.value)
            await books.audit.add(line)
    await tell("success", _SAID[verdict])
    return see(f"/agent/familles/{family_id}")
