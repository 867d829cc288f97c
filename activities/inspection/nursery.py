"""A small process that has every parser loaded and forks one limited child per job.

Started by the inspector as `python -I -m activities.inspection.nursery`, inside `unshare -rn` where
the system allows it. Jobs come on standard input and replies leave on standard output, one JSON
line each; the first line out says that it is ready and in which network it lives. It ends, with
its children, when its input ends. It never parses a file itself.
"""

import gc
import json
import os
import selectors
import signal
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from activities.inspection.child import live
from activities.inspection.jobs import Job, network

_LONGEST_ANSWER: Final = 64 * 1024
_STDIN: Final = 0
_OUT_OF_TIME: Final = (-signal.SIGPROF, -signal.SIGXCPU)


@dataclass
class _Child:
    number: int
    pid: int
    pipe: int
    deadline: float
    answer: bytearray = field(default_factory=bytearray)


class Nursery:
    """Waits for jobs and children at the same time, in one thread, so that forking is safe."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._selector.register(_STDIN, selectors.EVENT_READ)
        self._children: dict[int, _Child] = {}
        self._unread = b""

    def serve(self) -> None:
        """Serve until standard input ends."""
        _say({"ready": True, "network": network()})
        while True:
            for key, _ in self._selector.select(self._patience()):
                if key.fd != _STDIN:
                    self._hear(self._children[key.fd])
                elif not self._read_jobs():
                    self._end_all()
                    return
            for child in [c for c in self._children.values() if c.deadline <= time.monotonic()]:
                self._part_with(child, late=True)

    def _patience(self) -> float | None:
        if not self._children:
            return None
        return max(0.0, min(c.deadline for c in self._children.values()) - time.monotonic())

    def _read_jobs(self) -> bool:
        received = os.read(_STDIN, 65536)
        *lines, self._unread = (self._unread + received).split(b"\n")
        for line in lines:
            request = json.loads(line)
            self._raise_child(request["number"], Job(**request["job"]))
        return bool(received)

    def _raise_child(self, number: int, job: Job) -> None:
        ours, theirs = os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            live(job, theirs, parent)
        os.close(theirs)
        child = _Child(number, pid, ours, time.monotonic() + job.wall_seconds)
        self._children[ours] = child
        self._selector.register(ours, selectors.EVENT_READ)

    def _hear(self, child: _Child) -> None:
        piece = os.read(child.pipe, 65536)
        child.answer += piece
        if not piece or len(child.answer) > _LONGEST_ANSWER:
            self._part_with(child, late=False)

    def _part_with(self, child: _Child, *, late: bool) -> None:
        """End the child and whatever it started, then say what it answered, or why it did not."""
        self._selector.unregister(child.pipe)
        os.close(child.pipe)
        del self._children[child.pipe]
        status = _end(child.pid)
        outcome = {"failure": "timeout"} if late else _outcome(bytes(child.answer), status)
        _say({"number": child.number, "outcome": outcome})

    def _end_all(self) -> None:
        for child in self._children.values():
            _end(child.pid)


def _end(pid: int) -> int:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:  # it was ended before it could lead a group of its own
        os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _outcome(answer: bytes, status: int) -> dict[str, Any]:
    try:
        outcome = json.loads(answer)
    except ValueError:
        outcome = None
    if isinstance(outcome, dict) and len(answer) <= _LONGEST_ANSWER:
        return outcome
    return {"failure": "timeout" if status in _OUT_OF_TIME else "crash"}


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main() -> NoReturn:
    """Run the nursery of this process until its input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, which closes our input
    gc.freeze()  # children share what is loaded instead of copying it at their first collection
    Nursery().serve()
    sys.exit(0)


if __name__ == "__main__":
    main()
