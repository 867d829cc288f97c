from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.folder_files import FolderFiles
from storage.store import connect, store_opener
from tests.builders import Someone, a_town, an_account
from tests.mail_server import MailServer, running_mail_server
from tests.office import NOW, Office


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
async def office(sql_url: str, tmp_path: Path, mail: MailServer) -> AsyncIterator[Office]:
    engine = connect(sql_url)
    open_store = store_opener(engine)
    async with open_store() as store:
        await a_town(store)
        claire = await an_account(store, Someone("claire@exemple.fr", "parent", "Claire"), NOW)
        sophie = await an_account(
            store, Someone("sophie@v.example", "agent", "Sophie Garnier", "Gestionnaire"), NOW
        )
    yield Office(open_store, mail, FolderFiles(tmp_path / "files"), claire, sophie)
    await engine.dispose()
