"""`ribambelle migrate` and `ribambelle create-admin`, as a person types them."""

import os
import re
import subprocess
import sys
from pathlib import Path

from settings import Settings
from tests.site import running_site

ROOT = Path(__file__).resolve().parents[2]


def ribambelle(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=ROOT,
        env={**os.environ, "RIBAMBELLE_HOME": str(home)},  # noqa: TID251  (handed on)
        capture_output=True,
        text=True,
        check=False,
    )


async def test_the_first_admin_is_made_by_hand_and_comes_in_by_a_link(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert ribambelle(home, "migrate").returncode == 0
    assert ribambelle(home, "migrate").returncode == 0
    made = ribambelle(home, "create-admin", "--email", "Ana@V.example", "--name", "Ana Lopes")
    found = re.search(r"/activation/([0-9a-f]{64})", made.stdout)
    assert found, made.stdout + made.stderr
    settings = Settings(home=home)
    async with running_site(settings, settings.sql_url) as site:
        account = None
        async with site.writing() as store:
            account = await store.accounts.by_email("ana@v.example")
        assert account is not None
        assert (account.role, account.name) == ("admin", "Ana Lopes")


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    ribambelle(tmp_path, "migrate")
    made = ribambelle(tmp_path, "create-admin", "--email", "ana", "--name", "Ana")
    assert made.returncode == 2
    assert "adresse mail" in made.stderr
