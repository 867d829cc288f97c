"""The engine's part in the nights: the schedule that starts them, and forgetting histories.

Only the gateway comes in here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError, RPCStatusCode

from api.engine_room import AWAY
from api.engine_starts import QUEUE, REPLY_WITHIN
from domain.errors import Unavailable
from domain.nights import HOUR, MINUTE, NIGHTS, Stage
from workflows.retention import NightlyRetention

_CATCH_UP = timedelta(days=2)
_AT_ONCE = 50


@dataclass(frozen=True)
class NightReading:
    """What the engine says of the nights: when the next one begins; None when none is planned."""

    next_at: datetime | None
    is_paused: bool


class EngineNights:
    """The schedule of the nights, in the engine."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def keep(self) -> None:
        """See that the nights are planned as they are today. Twice, or by two at once: the same.

        An admin who paused them in the engine is not overruled. A night that was missed while
        everything stood still is caught up within two days; two never run at once.

        Raises:
            Unavailable: the engine does not answer.
        """
        if not await self.plan_if_lost():
            await self._replan()

    async def plan_if_lost(self) -> bool:
        """Plan the nights in an engine that knows of none; False when they stand, left as they are.

        Raises:
            Unavailable: the engine does not answer.
        """
        try:
            await self._client.create_schedule(NIGHTS, _SCHEDULE, rpc_timeout=REPLY_WITHIN)
        except ScheduleAlreadyRunningError:
            return False
        except AWAY as error:
            raise Unavailable("engine_away") from error
        return True

    async def _replan(self) -> None:
        def today(found: ScheduleUpdateInput) -> ScheduleUpdate:
            found.description.schedule.action = _SCHEDULE.action
            found.description.schedule.spec = _SCHEDULE.spec
            found.description.schedule.policy = _SCHEDULE.policy
            return ScheduleUpdate(found.description.schedule)

        try:
            await self._client.get_schedule_handle(NIGHTS).update(today, rpc_timeout=REPLY_WITHIN)
        except AWAY as error:
            raise Unavailable("engine_away") from error

    async def read(self) -> NightReading | None:
        """What is planned; None when the engine does not answer within a second."""
        handle = self._client.get_schedule_handle(NIGHTS)
        try:
            described = await handle.describe(rpc_timeout=timedelta(seconds=1))
        except RPCError as error:
            gone = error.status is RPCStatusCode.NOT_FOUND
            return NightReading(None, is_paused=False) if gone else None
        except AWAY:
            return None
        planned = described.info.next_action_times
        return NightReading(
            planned[0] if planned else None, is_paused=described.schedule.state.paused
        )

    async def forget(self, workflow_ids: Sequence[str]) -> None:
        """Erase every history of these workflows, those that run as well. Twice: the same.

        Raises:
            Unavailable: the engine does not answer; some may be gone.
        """
        try:
            for workflow_id in workflow_ids:  # the lists lag: the latest run is asked for by name
                await self._delete(workflow_id, "")
            for first in range(0, len(workflow_ids), _AT_ONCE):
                some = workflow_ids[first : first + _AT_ONCE]
                names = ",".join(f"'{one}'" for one in some)
                async for run in self._client.list_workflows(f"WorkflowId IN ({names})"):
                    await self._delete(run.id, run.run_id)
        except AWAY as error:
            raise Unavailable("engine_away") from error

    async def _delete(self, workflow_id: str, run_id: str) -> None:
        try:
            await self._client.workflow_service.delete_workflow_execution(
                DeleteWorkflowExecutionRequest(
                    namespace=self._client.namespace,
                    workflow_execution=WorkflowExecution(workflow_id=workflow_id, run_id=run_id),
                ),
                timeout=REPLY_WITHIN,
            )
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise


_SCHEDULE = Schedule(
    action=ScheduleActionStartWorkflow(NightlyRetention.run, Stage(), id=NIGHTS, task_queue=QUEUE),
    spec=ScheduleSpec(
        calendars=[
            ScheduleCalendarSpec(hour=[ScheduleRange(HOUR)], minute=[ScheduleRange(MINUTE)])
        ],
        time_zone_name="Europe/Paris",
    ),
    policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=_CATCH_UP),
)
