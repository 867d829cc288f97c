"""Sets `.venv` up from the locked, hashed requirements: `python3 deploy/install.py local|dev`.

Runs before anything is installed, so it knows the standard library only. Done once, a second call
costs the time of reading two small files. The set `dev` holds the set `local`: what is there is
never taken away by asking for less, so `make run` and `make test` do not undo each other.
"""

# ruff: noqa: S603  (starting programs with fixed arguments is the purpose of this file)

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
UV_LOCK = ROOT / "requirements-uv.lock"
LOCKS = {
    "local": ROOT / "requirements-local.lock",
    "dev": ROOT / "requirements-dev.lock",
}


class CannotInstallError(Exception):
    """Something is missing on this machine; the message says what, in French."""


def say(line: str) -> None:
    """Print one line at once, for the person who waits."""
    print(line, flush=True)


def main() -> int:
    """Bring `.venv` to the set asked for. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wanted", choices=sorted(LOCKS))
    asked: str = parser.parse_args().wanted
    installed = _stamp()
    wanted = "dev" if "dev" in (asked, installed.get("set")) else "local"
    goal = {"set": wanted, "print": _fingerprint(wanted)}
    if installed == goal and PYTHON.exists():
        return 0
    began = time.monotonic()
    try:
        _make_venv()
        _install(LOCKS[wanted])
    except CannotInstallError as cannot:
        say(str(cannot))
        return 1
    STAMP.write_text(json.dumps(goal), encoding="utf-8")
    say(f"Installation terminée en {time.monotonic() - began:.0f} s.")
    return 0


def _stamp() -> "dict[str, str]":
    try:
        found: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _fingerprint(wanted: str) -> str:
    """Change when another installation is needed: locks, entry points, version of Python."""
    print_of = hashlib.sha256(sys.version.encode())
    for path in (UV_LOCK, LOCKS[wanted], ROOT / "pyproject.toml"):
        print_of.update(path.read_bytes())
    return print_of.hexdigest()


def _make_venv() -> None:
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-c", "import pip"], check=False).returncode == 0
    ):
        return
    say("Création de l’environnement Python (.venv)…")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], check=False, capture_output=True, text=True
    )
    if done.returncode:
        minor = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotInstallError(
            f"Impossible de créer l’environnement Python : il manque « venv » ou « ensurepip ».\n"
            f"Sous Debian ou Ubuntu : apt-get install python{minor}-venv\n"
            f"{(done.stdout + done.stderr).strip()}"
        )


def _install(lock: Path) -> None:
    say("Installation des bibliothèques (une minute environ la première fois)…")
    if not _install_fast(lock):
        say("L’installation rapide (uv) n’a pas abouti : pip prend le relais, c’est plus long.")
        _pip("install", "--require-hashes", "--requirement", str(lock))
    # The project itself, editable: the command `ribambelle` and `python -I -m activities…` exist.
    _pip("install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))


def _install_fast(lock: Path) -> bool:
    if _run_pip("install", "--require-hashes", "--requirement", str(UV_LOCK)).returncode:
        return False
    command = [str(VENV / "bin" / "uv"), "pip", "sync", "--quiet", "--require-hashes", str(lock)]
    # Not settings of the town: uv has to meet the same package index as pip on this machine.
    surroundings = {**os.environ, **index_settings(_pip_config())}  # noqa: TID251
    surroundings["VIRTUAL_ENV"] = str(VENV)
    return subprocess.run(command, env=surroundings, check=False, cwd=ROOT).returncode == 0


def _pip_config() -> str:
    done = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], check=False, capture_output=True, text=True
    )
    return done.stdout


def index_settings(pip_config: str) -> "dict[str, str]":
    """Translate the output of `pip config list` into the variables uv reads.

    uv does not read pip's configuration. The values are handed to one process and written nowhere.
    Later lines win, as the environment comes after the files in pip's own order.
    """
    found: dict[str, list[str]] = {}
    lines = [line.partition("=") for line in pip_config.splitlines() if "=" in line]
    # pip lists by name; what stands in the environment (":env:") wins over every file.
    for name, _, value in sorted(lines, key=lambda line: line[0].startswith(":env:")):
        section, _, option = name.rpartition(".")
        if section in ("global", "install", ":env:"):
            # A value with several lines is printed with "\n" inside; a blank separates as well.
            found[option] = value.strip().strip("'\"").replace("\\n", " ").split()
    if not found:
        return {}
    # Two indexes may hold the same name: pip looks at both, and the hashes decide what is right.
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    names = {
        "index-url": ("UV_DEFAULT_INDEX", " "),
        "extra-index-url": ("UV_INDEX", " "),
        "find-links": ("UV_FIND_LINKS", ","),
        "cert": ("SSL_CERT_FILE", " "),
        "trusted-host": ("UV_INSECURE_HOST", " "),
        "no-index": ("UV_NO_INDEX", " "),
    }
    for option, (variable, separator) in names.items():
        if found.get(option):
            settings[variable] = separator.join(found[option])
    return settings


def _run_pip(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


def _pip(*arguments: str) -> None:
    done = _run_pip(*arguments)
    if done.returncode:
        raise CannotInstallError(
            "L’installation a échoué. Vérifiez l’accès au dépôt de paquets Python, puis relancez.\n"
            f"{done.stderr.strip()}"
        )


if __name__ == "__main__":
    sys.exit(main())
