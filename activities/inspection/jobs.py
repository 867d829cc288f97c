"""What the inspector asks of the nursery: one JSON line per job, one JSON line back."""

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

MEBIBYTE: Final = 1024 * 1024
PAGES_DRAWN: Final = 10
THUMBNAIL: Final = "thumbnail.jpg"
MACHINE: Final = "machine"
"""The outcome when the disk or a folder failed: nothing is known of the document."""
_SHORTEST_TRY: Final = 0.25
_MACHINE_ERRORS: Final = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOENT, errno.EACCES, errno.EIO)
)


@dataclass(frozen=True)
class Patience:
    """How long a child may work, in seconds.

    `cpu_seconds` is what it may compute, `wall_seconds` what it may last whatever it does.
    """

    cpu_seconds: float
    wall_seconds: float

    def after(self, seconds: float) -> "Patience":
        """What is left once a part of it has passed; never less than the shortest useful try."""
        return Patience(self.cpu_seconds, max(_SHORTEST_TRY, self.wall_seconds - seconds))


SHORT: Final = Patience(0.5, 1.0)
"""Ten times what an ordinary document needs, so that those who wait behind never wait for long."""
LONG: Final = Patience(4.0, 5.0)
"""For what a short try could not end: an answer in any case. Both together last at most 6 s."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One file for one child. Sizes are bytes, times are seconds as in `Patience`."""

    task: Literal["look", "draw"]
    path: str
    into: str
    memory_bytes: int
    cpu_seconds: float = LONG.cpu_seconds
    wall_seconds: float = LONG.wall_seconds
    file_bytes: int = 16 * MEBIBYTE


def page_name(number: int) -> str:
    """The file name of a page image; the first page is number 1."""
    return f"page-{number:02}.jpg"


def network() -> str:
    """The name of the network this process lives in; two processes with the same name share it."""
    try:
        return str(Path("/proc/self/ns/net").readlink())
    except OSError:
        return ""


def is_machine_error(error: BaseException) -> bool:
    """Whether this is the machine's fault; parsers raise `OSError` too, for broken files."""
    return isinstance(error, OSError) and error.errno in _MACHINE_ERRORS
