"""A disk that is full: said at once, nothing half kept, and forgotten as soon as there is room."""

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from domain.messages import Outcome
from domain.states import Action, State
from settings import Settings
from tests.families import a_filled_draft
from tests.faults.ledger import Ledger
from tests.papers import PDF, documents_of, send
from tests.site import CLAIRE, Site, running_site

DISK_BYTES = 2 * 1024 * 1024
BIG = 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB of its own, where the documents are kept."""
    if os.geteuid() != 0:
        pytest.skip("un petit disque (tmpfs) ne se monte qu’en tant que root")
    folder = tmp_path / "home" / "files"
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    done = subprocess.run(mount, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"un petit disque (tmpfs) ne se monte pas ici : {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
async def site(small_disk: Path, sql_url: str) -> AsyncIterator[Site]:
    settings = Settings(home=small_disk.parent)
    async with running_site(settings, sql_url) as site:
        site.gateway.outcomes[Action.ADD_DOCUMENT] = Outcome(applied=True, state=State.DRAFT)
        yield site


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_full_disk_is_said_and_leaves_nothing_half_done(
    site: Site, small_disk: Path, ledger: Ledger
) -> None:
    claire = await site.signed_in(CLAIRE)
    dossier = await a_filled_draft(site)
    assert (await send(claire, dossier, ("un.pdf", PDF))).status_code == 303
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * (DISK_BYTES - BIG // 2))
    before = files_in(small_disk)
    for number in range(5):
        refused = await send(claire, dossier, (f"{number}.pdf", PDF + b"%" * (BIG + number)))
        assert refused.status_code in {503, 507}
        assert "Ce fichier n’a pas pu être gardé" in refused.text
        assert files_in(small_disk) == before
    assert len(await documents_of(site, dossier)) == 1
    ballast.unlink()
    assert (await send(claire, dossier, ("deux.pdf", PDF + b"%" * BIG))).status_code == 303
    kept = await documents_of(site, dossier)
    assert len(kept) == 2
    ledger.note(
        fault="F9",
        what="the disk of the documents is full",
        rounds=5,
        acknowledged=2,
        lost=2 - len(kept),
        doubled=0,
    )
