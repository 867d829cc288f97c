"""The life of one child of the nursery: give up what it does not need, do one job, end.

A child has no way to its siblings' answers, to the network (when the nursery has none), nor to more
memory, time, files or processes than its job needs. Whatever happens, it ends here.
"""

import ctypes
import json
import logging
import math
import os
import resource
import signal
from pathlib import Path
from typing import Final, NoReturn

from activities.inspection.jobs import MACHINE, Job, is_machine_error
from activities.inspection.look import look
from activities.inspection.pages import draw

_TASKS: Final = {"look": look, "draw": draw}
_LIBC: Final = ctypes.CDLL(None)
_PR_SET_PDEATHSIG: Final = 1
_OPEN_FILES: Final = 64
_HIGHEST_FILE: Final = 4096


def live(job: Job, reply: int, parent: int) -> NoReturn:
    """Do the job, write its outcome to the file descriptor as JSON, and leave the process.

    Without an outcome it writes a failure: `memory`, `unreadable`, or `MACHINE`.
    """
    try:
        _leave_home(reply, parent)
        _accept_limits(job)
        outcome = _TASKS[job.task](Path(job.path), Path(job.into))
        answer = json.dumps(outcome).encode()
    except MemoryError:
        answer = b'{"failure": "memory"}'
    except BaseException as error:  # noqa: BLE001  # nothing may fall back into the nursery's code
        failure = MACHINE if is_machine_error(error) else "unreadable"
        answer = json.dumps({"failure": failure}).encode()
    try:
        os.write(reply, answer)
    finally:
        os._exit(0)


def _leave_home(reply: int, parent: int) -> None:
    """Keep one way out, silence the rest: parsers quote what they read, and that is private."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the nursery died before it could be followed
        os._exit(1)
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.closerange(3, reply)
    os.closerange(reply + 1, _HIGHEST_FILE)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    logging.disable()


def _accept_limits(job: Job) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (job.memory_bytes, job.memory_bytes))
    seconds = math.ceil(job.cpu_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    signal.setitimer(signal.ITIMER_PROF, job.cpu_seconds)  # the same limit to the millisecond
    resource.setrlimit(resource.RLIMIT_FSIZE, (job.file_bytes, job.file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
