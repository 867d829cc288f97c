"""Around every activity: failures become codes, and those that repeat become visible.

An exception may carry an address (SMTP), a name (SQL) or a path. None reaches the engine: it is
turned into a code without cause. What failed, or was cut again and again, is written for the
supervision page, and cleared when it goes through.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError, CancelledError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from domain.errors import DomainError
from storage.clock import now
from storage.sealed import CannotUnsealError
from storage.store import OpenStore

_log = logging.getLogger("ribambelle.activities")
_CUT = "timeout"
_CUT_ONCE = 2  # a try that was cut once is what every restart of a worker does


class Attempts(Interceptor):
    """Installs the watch on a worker's activities."""

    def __init__(self, open_store: OpenStore) -> None:
        self._open_store = open_store

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """Put the watch before the activity."""
        return _Watch(next, self._open_store)


class _Watch(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, open_store: OpenStore) -> None:
        super().__init__(inner)
        self._open_store = open_store

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        info = activity.info()
        if info.attempt > _CUT_ONCE:
            await self._note(info, input, info.attempt - 1)
        try:
            async with _signs_of_life(info.heartbeat_timeout):
                result = await super().execute_activity(input)
        except (CancelledError, SystemExit):
            raise
        except Exception as error:  # noqa: BLE001  every failure becomes a code
            code, pause = code_of(error), _pause(error, info)
            _log.warning(
                "step failed",
                extra={
                    "facts": {
                        "workflow": info.workflow_id,
                        "step": info.activity_type,
                        "attempt": info.attempt,
                        "code": code,
                    }
                },
            )
            await self._note(info, input, info.attempt, code, pause)
            raise ApplicationError(
                code,
                type=code,
                non_retryable=isinstance(error, ApplicationError) and error.non_retryable,
                next_retry_delay=pause if isinstance(error, ApplicationError) else None,
            ) from None
        if info.attempt > 1:
            await self._clear(info)
        return result

    async def _note(
        self,
        info: activity.Info,
        given: ExecuteActivityInput,
        attempt: int,
        code: str = "",
        pause: timedelta = timedelta(),
    ) -> None:
        """Note a try that failed; without a code, one that nobody heard of again.

        A step whose worker dies each time, or whose time runs out, never comes to say why it
        failed: who tries it next says so, unless the try before had its own word.
        """
        message = given.args[0] if given.args else None
        # The database may be what failed: then the engine still tries again, unseen here.
        with suppress(Exception):
            async with self._open_store() as store:
                known = await store.supervision.tries_of(info.workflow_id or "", info.activity_id)
                if not code and known >= attempt:
                    return
                await store.supervision.note_failure(
                    workflow_id=info.workflow_id or "",
                    activity_id=info.activity_id,
                    step=info.activity_type,
                    dossier_id=_dossier_of(info),
                    subject=getattr(message, "letter_id", getattr(message, "document_id", "")),
                    code=code or _CUT,
                    attempt=attempt,
                    at=now(),
                    next_try_at=now() + pause,
                )

    async def _clear(self, info: activity.Info) -> None:
        with suppress(Exception):
            async with self._open_store() as store:
                await store.supervision.clear(info.workflow_id or "", info.activity_id, now())


@asynccontextmanager
async def _signs_of_life(patience: timedelta | None) -> AsyncIterator[None]:
    """Tell the engine that this worker lives, so that it notices at once when it does not."""
    if not patience:
        yield
        return

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(patience.total_seconds() / 3)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()


def code_of(error: Exception) -> str:
    """A stable code for an exception: never its words, which may name somebody."""
    if isinstance(error, DomainError | CannotUnsealError):
        return error.code
    if isinstance(error, ApplicationError) and error.type:
        return error.type
    return re.sub(
        r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", type(error).__name__
    ).lower()


def _pause(error: Exception, info: activity.Info) -> timedelta:
    if isinstance(error, ApplicationError) and error.next_retry_delay:
        return error.next_retry_delay
    policy = info.retry_policy
    if policy is None:
        return timedelta(seconds=30)
    grown = policy.initial_interval * policy.backoff_coefficient ** min(info.attempt - 1, 20)
    return min(grown, policy.maximum_interval or grown)


def _dossier_of(info: activity.Info) -> str:
    prefix, _, dossier_id = (info.workflow_id or "").partition("-")
    return dossier_id if prefix == "dossier" else ""
