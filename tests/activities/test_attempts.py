"""The watch around every activity: a failure becomes a code, is noted, and is cleared."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, CancelledError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.attempts import Attempts, code_of
from domain.errors import NotFound
from domain.messages import SendLetter
from storage.store import OpenStore, connect, store_opener
from tests.office import NOW, Office

CANARY = "claire.canari@exemple.fr"


class Step(ActivityInboundInterceptor):
    """What the activity does: nothing, or fail like this."""

    def __init__(self, failure: BaseException | None) -> None:
        self._failure = failure

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        del input
        if self._failure:
            raise self._failure
        return "done"


async def watched(
    open_store: OpenStore,
    failure: BaseException | None = None,
    *,
    attempt: int = 1,
    retry: RetryPolicy | None = None,
) -> Any:
    """Run a step under the watch, as the worker would."""
    watch = Attempts(open_store).intercept_activity(Step(failure))
    given = ExecuteActivityInput(
        fn=lambda: None, args=[SendLetter("a-letter")], executor=None, headers={}
    )
    environment = ActivityEnvironment()
    environment.info = replace(
        environment.info,
        attempt=attempt,
        workflow_id="dossier-abc",
        activity_id="7",
        activity_type="send",
        retry_policy=retry,
    )

    async def step() -> Any:
        return await watch.execute_activity(given)

    return await environment.run(step)


async def a_database_error(office: Office) -> Exception:
    """A real one: the address is taken."""
    async with office.open_store() as store:
        await store.accounts.add(CANARY, "parent", NOW)
    with pytest.raises(IntegrityError) as failed:
        await twice_the_same_address(office)
    return failed.value


async def twice_the_same_address(office: Office) -> None:
    async with office.open_store() as store:
        await store.accounts.add(CANARY, "parent", NOW)


async def failed_with(office: Office, failure: BaseException, **more: Any) -> ApplicationError:
    with pytest.raises(ApplicationError) as failed:
        await watched(office.open_store, failure, **more)
    return failed.value


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (ConnectionRefusedError(f"no route to {CANARY}"), "connection_refused_error"),
        (ValueError(CANARY), "value_error"),
        (NotFound(), "not_found"),
        (ApplicationError(CANARY, type="smtp_451"), "smtp_451"),
        (ApplicationError(CANARY), "application_error"),
    ],
)
async def test_a_failure_becomes_a_code_without_words_or_cause(
    office: Office, failure: Exception, code: str
) -> None:
    error = await failed_with(office, failure)
    assert (error.message, error.type) == (code, code)
    assert error.__cause__ is None
    assert error.__suppress_context__
    assert error.details == ()
    assert code_of(failure) == code
    async with office.open_store() as store:
        (incident,) = await store.supervision.open_incidents()
        assert (incident.code, incident.step, incident.dossier_id) == (code, "send", "abc")
        assert incident.subject == "a-letter"
    assert CANARY not in repr(await office.everything())


async def test_an_error_of_the_database_names_nobody(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    error = await failed_with(office, await a_database_error(office))
    assert error.type == "integrity_error"
    said = f"{error!r} {caplog.text} {[vars(record) for record in caplog.records]}"
    assert CANARY not in said


async def test_what_fails_again_is_one_incident_and_what_goes_through_clears_it(
    office: Office,
) -> None:
    for attempt in (1, 2):
        await failed_with(office, OSError(), attempt=attempt)
    async with office.open_store() as store:
        (incident,) = await store.supervision.open_incidents()
        assert incident.attempt == 2
        assert incident.next_try_at is not None
    assert await watched(office.open_store, attempt=3) == "done"
    async with office.open_store() as store:
        assert await store.supervision.open_incidents() == []
    rows = await office.everything()
    assert await watched(office.open_store, attempt=3) == "done"
    assert await office.everything() == rows


async def test_what_goes_through_at_once_writes_nothing(office: Office) -> None:
    before = await office.everything()
    assert await watched(office.open_store) == "done"
    assert await office.everything() == before


async def killed(office: Office, attempt: int) -> None:
    """A try that is cut: it begins, and nobody hears of it again."""
    with pytest.raises(CancelledError):
        await watched(office.open_store, CancelledError("cut"), attempt=attempt)


async def test_a_step_that_is_cut_again_and_again_is_seen_though_it_never_says_why(
    office: Office,
) -> None:
    for attempt in (1, 2):
        await killed(office, attempt)
    async with office.open_store() as store:
        assert await store.supervision.open_incidents() == []  # as any restart of a worker does
    for attempt in (3, 4, 5, 6):
        await killed(office, attempt)
    async with office.open_store() as store:
        (incident,) = await store.supervision.open_incidents()
    assert (incident.code, incident.attempt, incident.subject) == ("timeout", 5, "a-letter")
    assert await watched(office.open_store, attempt=7) == "done"
    async with office.open_store() as store:
        assert await store.supervision.open_incidents() == []


async def test_a_step_that_says_why_it_fails_is_not_taken_for_one_that_was_cut(
    office: Office,
) -> None:
    for attempt in (1, 2, 3, 4):
        await failed_with(office, OSError(), attempt=attempt)
    async with office.open_store() as store:
        (incident,) = await store.supervision.open_incidents()
    assert (incident.code, incident.attempt) == ("os_error", 4)


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 2), (2, 4), (3, 8), (9, 60)])
async def test_the_next_try_is_told_as_the_engine_will_make_it(
    office: Office, attempt: int, seconds: int
) -> None:
    policy = RetryPolicy(
        initial_interval=timedelta(seconds=2),
        backoff_coefficient=2,
        maximum_interval=timedelta(seconds=60),
    )
    await failed_with(office, OSError(), attempt=attempt, retry=policy)
    async with office.open_store() as store:
        (incident,) = await store.supervision.open_incidents()
    assert incident.next_try_at is not None
    assert incident.next_try_at - incident.last_at == pytest.approx(
        timedelta(seconds=seconds), abs=timedelta(seconds=0.5)
    )


async def test_the_pause_an_activity_asks_for_is_kept(office: Office) -> None:
    asked = ApplicationError("x", type="smtp_451", next_retry_delay=timedelta(minutes=5))
    assert (await failed_with(office, asked)).next_retry_delay == timedelta(minutes=5)


@pytest.mark.parametrize("non_retryable", [True, False])
async def test_what_cannot_be_helped_by_trying_again_is_not_tried_again(
    office: Office, non_retryable: bool
) -> None:
    failure = ApplicationError("x", type="gone", non_retryable=non_retryable)
    assert (await failed_with(office, failure)).non_retryable is non_retryable


async def test_a_cancelled_step_is_no_incident(office: Office) -> None:
    with pytest.raises(CancelledError):
        await watched(office.open_store, CancelledError("stop"))
    async with office.open_store() as store:
        assert await store.supervision.open_incidents() == []


async def test_a_failure_is_still_a_code_when_the_database_is_what_failed() -> None:
    nowhere = store_opener(connect("sqlite+aiosqlite:////nowhere/at/all.db"))
    with pytest.raises(ApplicationError) as failed:
        await watched(nowhere, OSError(CANARY))
    assert failed.value.type == "os_error"
