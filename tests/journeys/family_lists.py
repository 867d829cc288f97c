"""Lists of families that an admin of the example town gave, at each stage."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from activities.family_import import FamilyImport
from deploy.example.valbourg import ADMIN
from domain.family_report import ReportRow, count, report_row
from domain.family_sheet import read_sheet
from storage.clock import now
from storage.family_files import APPLIED, CHECKING
from storage.records import new_id
from storage.store import connect, store_opener
from tests.builders import KEYS

_LIST = """\
Nom du responsable 1;Prénom du responsable 1;Mail du responsable 1;Nom de l’enfant;Prénom de l’enfant;Date de naissance;École
Bakayoko;Awa;awa.bakayoko@exemple.fr;Bakayoko;Ismaël;03/02/2021;
Bakayoko;Awa;awa.bakayoko@;Bakayoko;Nour;03/13/2019;Jean-Mouline
"""  # noqa: E501


def given(home: Path, stage: str) -> str:
    """The id of a list that has come to this stage. An applied one makes its families."""
    # The browser's own loop is running here: the work has one of its own.
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, _given(home, stage)).result()


async def _given(home: Path, stage: str) -> str:
    engine, file_id, at = connect(f"sqlite+aiosqlite:///{home / 'ribambelle.db'}"), new_id(), now()
    writing, sheet = store_opener(engine, KEYS), read_sheet(_LIST.encode())
    rows, counts, is_done = list[ReportRow](), dict[str, int](), stage == APPLIED
    async for outcomes in FamilyImport(writing, apply=is_done, at=at).run(sheet):
        counts = count(outcomes, counts)
        rows += [report_row(one, is_done=is_done) for one in outcomes]
    async with writing() as store:
        admin = await store.accounts.by_email(ADMIN.email)
        assert admin is not None
        files = store.family_files
        await files.add(file_id, _LIST.encode(), "familles.csv", 2, by=admin.id, at=at)
        if stage != CHECKING:
            await files.note(file_id, len(rows), counts, at)
            await files.settle(file_id, stage, rows, at)
    await engine.dispose()
    return file_id
