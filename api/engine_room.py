"""What the engine itself says: who is at work, what fails, what waits for its next try.

Only the gateway comes in here. Everything is bounded: a page of supervision must answer even when
thousands of dossiers are stuck.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import PendingActivityState, TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, ResetActivityRequest
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

MOST = 50
"""How many workflows one look names or describes at most."""

ISOLATED, NOT_ISOLATED = "isolated", "not-isolated"
"""How a worker's identity in the engine ends: whether it opens documents without network."""

AWAY = (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError, RuntimeError)
"""The engine does not answer. A client that was never connected says so by a bare RuntimeError."""

DOSSIER_STATE = SearchAttributeKey.for_keyword("DossierState")
_LOOK_WITHIN = timedelta(seconds=1)
_FAILING = "TemporalReportedProblems IS NOT NULL AND ExecutionStatus='Running'"
_QUEUES = (
    ("dossiers", TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
    ("dossiers", TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
    ("inspection", TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
    ("inspection-long", TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
    ("letters", TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
)


@dataclass(frozen=True)
class PendingStep:
    """A step the engine has not finished. `code` is its last failure, empty when it has none.

    `next_try_at` is None while it runs, or waits for a worker.
    """

    workflow_id: str
    activity_id: str
    step: str
    attempt: int
    code: str
    next_try_at: datetime | None
    is_running: bool


@dataclass(frozen=True)
class EngineReading:
    """The engine at one moment.

    `called_at`: when a worker last asked each queue for work, None when nobody has for minutes.
    `waiting` counts tasks nobody has taken. `failing` are the workflows whose own code fails, at
    most `MOST`. `is_isolated`: whether every worker looks at documents without network, None when
    none says so.
    """

    read_at: datetime
    called_at: Mapping[str, datetime | None]
    waiting: int
    failing: tuple[str, ...]
    is_isolated: bool | None = None

    @property
    def last_call(self) -> datetime | None:
        """When the least recent of the queues was last asked; None when one has nobody."""
        calls = [at for at in self.called_at.values() if at is not None]
        return min(calls) if len(calls) == len(self.called_at) else None


def worker_identity(*, is_isolated: bool) -> str:
    """How a worker presents itself to the engine: its process, and how it opens documents."""
    return f"{os.getpid()}@{socket.gethostname()}/{ISOLATED if is_isolated else NOT_ISOLATED}"


async def read_engine(client: Client, at: datetime) -> EngineReading | None:
    """Look at the engine; None when it does not answer within a second."""
    try:
        async with asyncio.timeout(_LOOK_WITHIN.total_seconds()):
            queues, failing = await asyncio.gather(
                asyncio.gather(*(_queue(client, name, kind) for name, kind in _QUEUES)),
                _failing(client),
            )
    except AWAY:
        return None
    called: dict[str, datetime | None] = {}
    for (name, _), queue in zip(_QUEUES, queues, strict=True):
        known = called.get(name, queue.called_at)
        called[name] = min(known, queue.called_at) if known and queue.called_at else None
    marks = [mark for queue in queues for mark in queue.isolation]
    return EngineReading(
        at, called, sum(one.waiting for one in queues), failing, all(marks) if marks else None
    )


@dataclass(frozen=True)
class _Queue:
    """When somebody last asked a queue for work, what those said of themselves, what waits."""

    called_at: datetime | None
    isolation: tuple[bool, ...]
    waiting: int


async def _queue(client: Client, name: str, kind: "TaskQueueType.ValueType") -> _Queue:
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=name),
            task_queue_type=kind,
            report_stats=True,
        ),
        timeout=_LOOK_WITHIN,
    )
    calls = [_moment(poller.last_access_time) for poller in answer.pollers]
    marks = [poller.identity.rpartition("/")[2] for poller in answer.pollers]
    return _Queue(
        called_at=max(calls, default=None),
        isolation=tuple(mark == ISOLATED for mark in marks if mark in {ISOLATED, NOT_ISOLATED}),
        waiting=int(answer.stats.approximate_backlog_count),
    )


async def _failing(client: Client) -> tuple[str, ...]:
    found = client.list_workflows(_FAILING, page_size=MOST, limit=MOST, rpc_timeout=_LOOK_WITHIN)
    return tuple([execution.id async for execution in found])


async def pending_steps(
    client: Client, workflow_ids: Iterable[str]
) -> Mapping[str, tuple[PendingStep, ...]]:
    """The unfinished steps of these workflows, by workflow; at most `MOST` are looked at.

    A workflow that has ended has none. One that could not be asked in time is left out.
    """
    wanted = tuple(dict.fromkeys(workflow_ids))[:MOST]
    answers = await asyncio.gather(*(_pending(client, one) for one in wanted))
    return {one: steps for one, steps in zip(wanted, answers, strict=True) if steps is not None}


async def _pending(client: Client, workflow_id: str) -> tuple[PendingStep, ...] | None:
    try:
        async with asyncio.timeout(_LOOK_WITHIN.total_seconds()):
            described = await client.get_workflow_handle(workflow_id).describe(
                rpc_timeout=_LOOK_WITHIN
            )
    except AWAY as error:
        is_gone = isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND
        return () if is_gone else None
    steps = described.raw_description.pending_activities
    return tuple(_step(workflow_id, one) for one in steps)


def _step(workflow_id: str, info: PendingActivityInfo) -> PendingStep:
    waits = info.state == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
    has_next = waits and info.HasField("next_attempt_schedule_time")
    failure = info.last_failure
    return PendingStep(
        workflow_id=workflow_id,
        activity_id=info.activity_id,
        step=info.activity_type.name,
        attempt=info.attempt,
        # Whatever else the failure says stays in the engine: codes only are shown.
        code=failure.application_failure_info.type
        or ("timeout" if failure.HasField("timeout_failure_info") else ""),
        next_try_at=_moment(info.next_attempt_schedule_time) if has_next else None,
        is_running=not waits,
    )


async def retry_now(client: Client, workflow_id: str, activity_id: str, identity: str) -> bool:
    """Have a waiting step tried at once; False when it waits no more.

    Twice: it is tried once more. `identity` is written in the engine beside the request: an id,
    never a name.

    Raises:
        RPCError: the engine does not answer.
    """
    try:
        await client.workflow_service.reset_activity(
            ResetActivityRequest(
                namespace=client.namespace,
                execution=WorkflowExecution(workflow_id=workflow_id),
                identity=identity,
                id=activity_id,
            ),
            timeout=_LOOK_WITHIN,
        )
    except RPCError as error:
        if error.status in {RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT}:
            return False
        raise
    return True


async def missing_dossiers(client: Client, dossier_ids: frozenset[str]) -> frozenset[str]:
    """Which of these have no running workflow, as far as the engine's lists say, which lag.

    Raises:
        RPCError: the engine does not answer.
    """
    if not dossier_ids:
        return frozenset()
    running = "ExecutionStatus='Running' AND DossierKind IS NOT NULL"
    if (await client.count_workflows(running)).count >= len(dossier_ids):
        return frozenset()
    seen = {
        execution.id.removeprefix("dossier-")
        async for execution in client.list_workflows(running, page_size=1000)
    }
    return dossier_ids - seen


async def shown_states(client: Client, dossier_ids: Sequence[str]) -> Mapping[str, str]:
    """The state each of these dossiers shows in the engine's lists, without those not running.

    The lists lag a little behind the dossiers. Ask for some hundreds at most.

    Raises:
        RPCError: the engine does not answer.
    """
    names = ",".join(f"'dossier-{one}'" for one in dossier_ids)
    running = client.list_workflows(
        f"ExecutionStatus='Running' AND WorkflowId IN ({names})", page_size=1000
    )
    return {
        one.id.removeprefix("dossier-"): one.typed_search_attributes.get(DOSSIER_STATE, "")
        async for one in running
    }


async def running_dossiers(client: Client, states: Iterable[str]) -> AsyncIterator[str]:
    """The ids of the dossiers that run and show one of these states, as the engine's lists say.

    Raises:
        RPCError: the engine does not answer.
    """
    shown = ",".join(f"'{state}'" for state in states)
    query = f"ExecutionStatus='Running' AND DossierState IN ({shown})"
    async for one in client.list_workflows(query, page_size=500):
        yield one.id.removeprefix("dossier-")


async def is_running(client: Client, workflow_id: str) -> bool | None:
    """Whether a workflow runs now; None when its last run failed.

    Raises:
        RPCError: the engine does not answer.
    """
    try:
        described = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    if described.status in {WorkflowExecutionStatus.FAILED, WorkflowExecutionStatus.TIMED_OUT}:
        return None
    return described.status is WorkflowExecutionStatus.RUNNING


def _moment(stamp: Timestamp) -> datetime:
    return stamp.ToDatetime(tzinfo=UTC)
