"""A letter that belongs to no running dossier: a link to sign in, a deliberate resend."""

from temporalio import workflow

from workflows.posting import post

with workflow.unsafe.imports_passed_through():
    from domain.messages import SendLetter


@workflow.defn
class LetterDelivery:
    """One letter, from its row to the mail server. Its id is `letter-<id>`: it runs once."""

    @workflow.run
    async def run(self, letter: SendLetter) -> None:
        """Send it, trying again for a day."""
        await post(letter.letter_id)
