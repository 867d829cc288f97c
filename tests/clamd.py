"""A clamd of the tests' own, which knows the one harmless file that antivirus makers agreed on.

The text of that file is put together when a test runs, so that no antivirus finds it in the
repository.
"""

import hashlib
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.town import free_port, wait_until

_PARTS = "X5O!P%@AP[4", chr(92), "PZX54(P^)7CC)7}$", "EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"
EICAR = "".join(_PARTS).encode()
_CLAMD = "/usr/sbin/clamd"


@dataclass
class RunningClamd:
    """One clamd. `address` and `unix` are two ways to the same."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def unix(self) -> str:
        return f"unix:{self.folder / 'clamd.sock'}"

    def starts(self) -> None:
        """Begin to answer, again if need be."""
        with (self.folder / "clamd.log").open("ab") as log:
            self.process = subprocess.Popen(
                [_CLAMD, "--config-file", str(self.folder / "clamd.conf")], stdout=log, stderr=log
            )
        wait_until(self._answers, seconds=30, what="clamd answers")

    def dies(self) -> None:
        """Be killed at once. Twice: once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stalls(self) -> None:
        """Accept, and say nothing any more."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def goes_on(self) -> None:
        """Answer again."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
            line.sendall(b"zPING\0")
            return line.recv(16) == b"PONG\0"
        return False


@contextmanager
def running_clamd(folder: Path) -> Iterator[RunningClamd]:
    """A clamd on a free port, in this folder, until the end of the block."""
    if shutil.which(_CLAMD) is None:
        pytest.skip("clamd est introuvable (apt-get install clamav-daemon)")
    base = folder / "base"
    base.mkdir(parents=True)
    (base / "local.hdb").write_text(f"{hashlib.md5(EICAR).hexdigest()}:68:Eicar-Test\n")
    (base / "local.ndb").write_text(f"Eicar-Test-Inside:0:*:{EICAR.hex()}\n")
    clamd = RunningClamd(folder, free_port())
    settings = {
        "Foreground": "yes",
        "DatabaseDirectory": base,
        "TemporaryDirectory": folder,
        "TCPAddr": "127.0.0.1",
        "TCPSocket": clamd.port,
        "LocalSocket": folder / "clamd.sock",
        "StreamMaxLength": "20M",
        "MaxThreads": 2,
    }
    lines = (f"{name} {value}\n" for name, value in settings.items())
    (folder / "clamd.conf").write_text("".join(lines))
    clamd.starts()
    try:
        yield clamd
    finally:
        clamd.dies()
