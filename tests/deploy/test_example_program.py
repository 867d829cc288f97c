"""The example of docs/examples, run as a person would run it, against a whole town."""

import os
import subprocess
import sys
from pathlib import Path

from settings import Settings
from storage.clock import now
from storage.store import connect, store_opener
from tests.builders import KEYS
from tests.samples import pdf
from tests.town import ROOT, RunningTown

PROGRAM = ROOT / "docs" / "examples" / "deposer_un_dossier.py"
SCOPES = ("dossiers:read", "dossiers:write", "letters:read")


def ribambelle(town: RunningTown, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=ROOT,
        env=town.variables,
        capture_output=True,
        text=True,
        check=False,
    )


def deposits(town: RunningTown, token: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), town.base_url, "domicile.pdf", "--seconds", "60"],
        cwd=folder,
        env={**os.environ, "RIBAMBELLE_TOKEN": token},  # noqa: TID251  (handed on)
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def _a_parent(home: Path) -> None:
    engine = connect(Settings(home=home).sql_url)
    async with store_opener(engine, KEYS)() as store:
        await store.accounts.add("camille@exemple.fr", "parent", now(), name="Camille Exemple")
    await engine.dispose()


async def test_a_stranger_sends_a_dossier_by_the_example_and_reads_the_towns_letter(
    tmp_path: Path,
) -> None:
    (tmp_path / "domicile.pdf").write_bytes(pdf())
    with RunningTown(tmp_path / "town") as town:
        await _a_parent(town.home)
        options = [word for scope in SCOPES for word in ("--scope", scope)]
        nobody = ribambelle(town, "token", "create", "--email", "x@exemple.fr", *options)
        assert nobody.returncode == 1
        made = ribambelle(town, "token", "create", "--email", "camille@exemple.fr", *options)
        token = made.stdout.strip()
        assert token.startswith("rib_"), made.stderr
        first = deposits(town, token, tmp_path)
        assert "Envoyé." in first
        assert "accusé de réception" in first.lower()
        # Started again, it finds its dossier and its letter: nothing is doubled.
        second = deposits(town, token, tmp_path)
        assert first.splitlines()[0] == second.splitlines()[0]
        assert "Envoyé." not in second
