"""From a fresh clone to the first page."""

import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.table import Row, at_most
from tests.town import ROOT

_MOST_SET_UP_SECONDS: Final = 60
_MOST_START_SECONDS: Final = 10


def set_up(folder: Path, surroundings: Mapping[str, str]) -> Sequence[Row]:
    """`make setup` in a fresh clone. The caches of pip and uv are those of this machine."""
    clone = folder / "clone"
    git = shutil.which("git") or "git"
    subprocess.run([git, "clone", "--quiet", str(ROOT), str(clone)], check=True)
    began = time.monotonic()
    command = ["make", "--no-print-directory", "setup", f"PYTHON={sys.base_prefix}/bin/python3"]
    subprocess.run(
        command, check=True, cwd=clone, env=dict(surroundings), stdout=subprocess.DEVNULL
    )
    seconds = time.monotonic() - began
    what = "Set-up of a fresh clone, packages in the caches of this machine"
    return (at_most(what, seconds, _MOST_SET_UP_SECONDS, " s"),)


def started(seconds: float) -> Row:
    """The start of an empty town: migrations, its first rows, every part ready."""
    what = "Start of an empty town until the first page"
    return at_most(what, seconds, _MOST_START_SECONDS, " s")
