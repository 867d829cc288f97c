"""How a document is looked at: shortly, and once more at length if that was not enough."""

from temporalio import workflow
from temporalio.common import Priority

with workflow.unsafe.imports_passed_through():
    from activities.documents import DocumentActivities
    from domain.messages import InspectDocument
    from workflows.retries import INSPECTION, LONG_INSPECTION


_A_USUAL_SENDING = 3
_LAST = 5


async def inspect(dossier_id: str, document_id: str, *, waiting: int) -> None:
    """Have a document looked at, until something is written of it.

    `waiting` documents of this dossier, this one included, are not looked at yet: the more there
    are, the later its turn, so that thirty of one dossier never stand before the first of another.
    """
    turn = Priority(priority_key=min(_LAST, 1 + (waiting - 1) // _A_USUAL_SENDING))
    needs_longer = await workflow.execute_activity_method(
        DocumentActivities.inspect,
        InspectDocument(dossier_id, document_id),
        priority=turn,
        **INSPECTION,
    )
    if needs_longer:
        await workflow.execute_activity_method(
            DocumentActivities.inspect,
            InspectDocument(dossier_id, document_id, is_long=True),
            priority=turn,
            **LONG_INSPECTION,
        )
