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
_REGISTRATION = "registration"


class Beside:
    """Writes such letters about one dossier, inside the transaction of what they tell.

    Of several children a guardian reads the names of those they follow, and of no other.
    """

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
        about = {**await self._about(), **self._named(await self._child_of(account_id)), **facts}
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
            "number": dossier.number,
            "procedure": (await town.procedure(id=dossier.procedure_id)).title,
            "department": f"{department.name}, {department.phone}",
        }

    async def _child_of(self, account_id: str) -> str:
        """The children of the dossier that this guardian follows, by their first names."""
        dossier = self._dossier
        if dossier.kind == _REGISTRATION:
            return dossier.child_first_name
        shared = await self._store.shared_dossiers.open_to(account_id, dossier.id, self._at)
        return shared.child_first_name if shared else ""

    def _named(self, child: str) -> dict[str, str]:
        child = child or _A_CHILD
        if self._dossier.kind == _REGISTRATION:
            words = {"a_dossier": "un dossier", "the_dossier": "le dossier"}
            return {**words, "of_child": french.of(child)}
        words = {"a_dossier": "une démarche", "the_dossier": "la démarche"}
        return {**words, "of_child": f"qui concerne {child}"}
