"""The server that the other tests stand on: killed, it comes back with what was committed."""

from psycopg import sql

from tests.postgres import own_postgres, running_postgres


def test_a_killed_server_keeps_what_was_committed() -> None:
    with own_postgres(durable=True, tcp=True) as server:
        database = server.new_database()
        server.execute(sql.SQL("CREATE TABLE kept (n integer)"), database=database)
        for round_ in range(3):
            server.execute(
                sql.SQL("INSERT INTO kept VALUES ({})").format(round_), database=database
            )
            server.kill()
            assert server.pid == 0
            server.start()
        rows = server.execute(sql.SQL("SELECT n FROM kept ORDER BY n"), database=database)
        assert [n for (n,) in rows] == [0, 1, 2]


def test_a_database_made_like_another_has_its_tables() -> None:
    with running_postgres() as server:
        first = server.new_database()
        server.execute(sql.SQL("CREATE TABLE kept (n integer)"), database=first)
        second = server.new_database(like=first)
        assert server.execute(sql.SQL("SELECT n FROM kept"), database=second) == []
        server.drop(second)
        server.drop(second)
