"""From form to letter once more, in a town whose database is a PostgreSQL server."""

from collections.abc import Iterator

import pytest

from tests.journeys.test_registration import (
    test_a_family_answers_a_request_and_reads_the_refusal as test_the_same_on_postgresql,
)
from tests.postgres import running_postgres
from tests.town import RunningTown

__all__ = ["test_the_same_on_postgresql"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def valbourg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTown]:
    """As everywhere in the journeys, on another database."""
    home = tmp_path_factory.mktemp("valbourg") / "home"
    with running_postgres() as server:
        sql_url = server.url(server.new_database())
        with RunningTown(home, RIBAMBELLE_DATABASE_URL=sql_url) as town:
            yield town
        assert not (home / "ribambelle.db").exists()
