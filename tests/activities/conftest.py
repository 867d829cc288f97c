from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.mail_server import MailServer, running_mail_server
from tests.office import Office, an_office


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
async def office(sql_url: str, tmp_path: Path, mail: MailServer) -> AsyncIterator[Office]:
    async with an_office(sql_url, tmp_path, mail) as office:
        yield office
