"""Locks the dependencies again: `make lock`.

The files hold versions and hashes, and no address: whoever installs them uses the package index of
their own machine. `uv.lock` does hold addresses, which is why it is not committed.
"""

# ruff: noqa: S603  (starting programs with fixed arguments is the purpose of this file)

import os
import subprocess
import sys
from pathlib import Path

from deploy.install import index_settings

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
MAIN_INDEX = ("UV_DEFAULT_INDEX", "SSL_CERT_FILE", "UV_INSECURE_HOST")
EXPORTS = {
    "requirements.lock": ("--no-dev",),
    "requirements-local.lock": ("--no-dev", "--group", "local"),
    "requirements-dev.lock": ("--group", "dev"),
}


def main() -> None:
    """Write the lock files. Raises CalledProcessError when no set of versions fits."""
    pip = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    )
    settings = index_settings(pip.stdout)
    # The main index alone: a nearer place may hold one machine's files of a version, and the lock
    # must know the hashes of all of them.
    index = {name: settings[name] for name in MAIN_INDEX if name in settings}
    surroundings = {**os.environ, **index}  # noqa: TID251  (not settings of the town)

    def uv(*arguments: str, **options: object) -> None:
        command = [BIN / "uv", *arguments, "--quiet"]
        subprocess.run(command, check=True, cwd=ROOT, env=surroundings, **options)  # type: ignore[call-overload]

    uv("lock")
    form = ("--no-header", "--no-emit-project", "--format", "requirements-txt")
    for name, groups in EXPORTS.items():
        uv("export", *form, *groups, "--output-file", name, stdout=subprocess.DEVNULL)
        print(name)
    newest = ROOT / ".venv" / "uv.in"
    newest.write_text("uv\n", encoding="utf-8")
    locked = ("--no-header", "--no-annotate", "--output-file", "requirements-uv.lock")
    uv("pip", "compile", "--generate-hashes", *locked, str(newest), stdout=subprocess.DEVNULL)
    print("requirements-uv.lock")


if __name__ == "__main__":
    main()
