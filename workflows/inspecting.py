"""How a document is looked at: shortly, and once more at length if that was not enough."""

from temporalio import workflow
from temporalio.common import Priority

with workflow.unsafe.imports_passed_through():
    from activities.documents import DocumentActivities
    from domain.messages import InspectDocument
    from workflows.retries import INSPECTION, LONG_INSPECTION


async def inspect(dossier_id: str, document_id: str) -> None:
    """Have a document looked at, until something is written of it.

    Each dossier in its turn: thirty files of one never stand before the only file of another.
    """
    turn = Priority(fairness_key=dossier_id)
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
