import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.folder_files import FolderFiles
from storage.store import connect, store_opener
from tests.builders import Someone, a_town, an_account
from tests.living_town import an_empty_database
from tests.mail_server import MailServer, running_mail_server
from tests.office import NOW, Office


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return an_empty_database(tmp_path_factory.mktemp("migrated"))


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
async def office(migrated: Path, tmp_path: Path, mail: MailServer) -> AsyncIterator[Office]:
    engine = connect(f"sqlite+aiosqlite:///{shutil.copy(migrated, tmp_path / 'ribambelle.db')}")
    open_store = store_opener(engine)
    async with open_store() as store:
        await a_town(store)
        claire = await an_account(store, Someone("claire@exemple.fr", "parent", "Claire"), NOW)
        sophie = await an_account(
            store, Someone("sophie@v.example", "agent", "Sophie Garnier", "Gestionnaire"), NOW
        )
    yield Office(open_store, mail, FolderFiles(tmp_path / "files"), claire, sophie)
    await engine.dispose()
