"""The three ways the town tries again, and nothing else.

Durations are those of one try (`start_to_close_timeout`) and of the whole (`schedule_to_close`).
A dossier never gives up on its own records; a letter gives up after a day and says so.
"""

from datetime import timedelta
from typing import Any

from temporalio.common import RetryPolicy

_SIGN_OF_LIFE = timedelta(seconds=6)  # a killed worker is noticed then, not at the end of the try

RECORDS: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=10),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30)
    ),
}
"""For storage: quick, and tried until it works."""

BATCHES: dict[str, Any] = RECORDS | {
    "start_to_close_timeout": timedelta(seconds=60),
    "heartbeat_timeout": _SIGN_OF_LIFE,
}
"""For storage too, many rows at a time: whoever dies half-way is followed after seconds."""

INSPECTION: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=60),  # a bucket and an antivirus have their own
    "heartbeat_timeout": _SIGN_OF_LIFE,
    "task_queue": "inspection",
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=60)
    ),
}
"""For documents: a short try. The limited process ends within 1 s for each of its two looks."""

LONG_INSPECTION: dict[str, Any] = INSPECTION | {"task_queue": "inspection-long"}
"""For the documents which that did not end: 5 s, one after the other, and nobody waits behind."""

LETTERS: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=30),
    "heartbeat_timeout": _SIGN_OF_LIFE,
    "schedule_to_close_timeout": timedelta(hours=24),
    "task_queue": "letters",
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=5), maximum_interval=timedelta(hours=1)
    ),
}
"""For mail: refused for now, the activity itself asks for 1, 5, 15 minutes, then every hour.

A worker that dies in the middle is noticed by its silence and followed after seconds.
"""
