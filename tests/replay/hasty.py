"""A change made without care, to prove that the replay notices one."""

from temporalio import workflow

from workflows.lifecycle import Lifecycle

with workflow.unsafe.imports_passed_through():
    from domain.messages import OpenDossier
    from domain.states import State


@workflow.defn(name="Registration")
class Hasty(Lifecycle):
    """It sleeps before it lives."""

    @workflow.run
    async def run(self, opening: OpenDossier) -> State:
        """Sleep, then live."""
        del opening
        await workflow.sleep(1)
        return await self.live()
