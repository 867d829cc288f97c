"""Writes a new migration: `make migration NAME=what_it_does`. Read it before you commit it."""

import asyncio
import sys
import tempfile
from pathlib import Path

from storage.migrate import migrate, write_migration


def main() -> None:
    """Compare today's tables with a database of yesterday's migrations, made for the purpose."""
    [name] = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        sql_url = f"sqlite+aiosqlite:///{Path(folder) / 'yesterday.db'}"
        asyncio.run(_write(sql_url, name))


async def _write(sql_url: str, name: str) -> None:
    await migrate(sql_url)
    await write_migration(sql_url, name)


if __name__ == "__main__":
    main()
