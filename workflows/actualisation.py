"""A family looks again at all the town knows of it, and enrols its children."""

from temporalio import workflow

from workflows.lifecycle import Lifecycle

with workflow.unsafe.imports_passed_through():
    from domain.messages import OpenDossier
    from domain.states import State


@workflow.defn
class Actualisation(Lifecycle):
    """The shared life; what an approval writes is written with its decision."""

    @workflow.run
    async def run(self, opening: OpenDossier) -> State:
        """Live until closed and give the last state. `opening` says where to begin or go on."""
        del opening  # taken by Lifecycle.__init__
        return await self.live()
