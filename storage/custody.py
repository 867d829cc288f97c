"""With whom a child lives and since when, as its family said it: for few to read, and so sealed."""

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.questions import Values
from storage.sealed import Keys, Place
from storage.tables import children


class Custody:
    """What families said of the custody of their children."""

    def __init__(self, connection: AsyncConnection, keys: Keys) -> None:
        self._db = connection
        self._keys = keys

    async def of(self, child_ids: Iterable[str]) -> Mapping[str, Values]:
        """The answers of the page `garde` by child, for those of whom something was said."""
        query = select(children.c.id, children.c.custody).where(
            children.c.id.in_(list(child_ids)), children.c.custody != ""
        )
        rows = (await self._db.execute(query)).mappings()
        return {
            row["id"]: json.loads(self._keys.unseal(row["custody"], place_of(row["id"])))
            for row in rows
        }

    async def say(self, child_id: str, values: Values) -> None:
        """Write what is said of a child now. Twice: the last word stands."""
        sealed = self._keys.seal(json.dumps(dict(values)), place_of(child_id))
        await self._db.execute(
            update(children).where(children.c.id == child_id).values(custody=sealed)
        )


def place_of(child_id: str) -> Place:
    """Where the custody of a child is sealed."""
    return ("children", child_id, "custody")
