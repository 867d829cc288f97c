"""How a letter leaves, inside a dossier or by itself."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.letters import LetterActivities
    from domain.messages import SendLetter
    from workflows.retries import LETTERS, RECORDS


async def post(letter_id: str) -> None:
    """Hand a letter to the mail server; after a day of tries, say that it could not be sent."""
    message = SendLetter(letter_id)
    try:
        await workflow.execute_activity_method(LetterActivities.send, message, **LETTERS)
    except ActivityError:
        await workflow.execute_activity_method(LetterActivities.give_up, message, **RECORDS)
