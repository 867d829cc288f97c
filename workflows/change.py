"""A family changes one thing of its file."""

from temporalio import workflow

from workflows.lifecycle import Lifecycle

with workflow.unsafe.imports_passed_through():
    from domain.messages import OpenDossier
    from domain.states import State


@workflow.defn
class Change(Lifecycle):
    """The shared life; what an approved change writes is written with its decision."""

    @workflow.run
    async def run(self, opening: OpenDossier) -> State:
        """Live until closed and give the last state. `opening` says where to begin or go on."""
        del opening  # taken by Lifecycle.__init__
        return await self.live()
