"""Letters about a dossier to others than its family: another guardian, the town's department.

They belong to no dossier's own letters, so that no page of the family shows them. Nothing of the
first guardian's (address, phone, documents, answers) is in them.
"""

from datetime import datetime
from typing import Any

from activities.letter_writer import LetterWriter
from domain import french
from storage.dossiers import Dossier
from storage.store import Store

_A_CHILD = "votre enfant"


class Beside:
    """Writes such letters about one dossier, inside the transaction of what they tell."""

    def __init__(self, store: Store, writer: LetterWriter, dossier: Dossier, at: datetime) -> None:
        self._store = store
        self._writer = writer
        self._dossier = dossier
        self._at = at

    async def to_guardian(self, account_id: str, kind: str, **facts: object) -> tuple[str, ...]:
        """Write to another guardian, about the child; nothing for an account that is gone."""
        account = await self._store.accounts.by_id(account_id)
        if account is None:
            return ()
        path = f"/enfants/{self._dossier.id}"
        about = {**await self._about(), **facts}
        letter = await self._writer.to_person(
            self._store, account, kind, path=path, at=self._at, **about
        )
        return (letter,)

    async def to_department(self, kind: str, **facts: object) -> tuple[str, ...]:
        """Call the department's agents; nobody of the family is named."""
        department = await self._store.town.department(self._dossier.department)
        if not department.email:
            return ()
        path = f"/agent/dossiers/{self._dossier.id}"
        about = {**await self._about(), **facts}
        letter = await self._writer.to_address(
            self._store, department.email, kind, path=path, at=self._at, **about
        )
        return (letter,)

    async def _about(self) -> dict[str, Any]:
        dossier, town = self._dossier, self._store.town
        department = await town.department(dossier.department)
        return {
            "of_child": french.of(dossier.child_first_name or _A_CHILD),
            "number": dossier.number,
            "procedure": (await town.procedure(id=dossier.procedure_id)).title,
            "department": f"{department.name}, {department.phone}",
        }
