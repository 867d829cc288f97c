"""Who belongs to an account, wherever it is written: in the town's families, or in a dossier.

What staff compares when two accounts may be one family's, and what says that two guardians of one
child are two people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.likeness import Likeness, likeness, person_likeness
from domain.questions import as_day
from storage.tables import (
    accounts,
    answers,
    children,
    dossiers,
    families,
    guardian_accesses,
    guardians,
    guardianships,
)


@dataclass(frozen=True)
class Child:
    """A child of an account's. `birth_date` is ISO, or what was typed if that is no day."""

    first_name: str
    last_name: str
    birth_date: str
    dossier_id: str = ""

    def is_like(self, other: "Child") -> Likeness:
        """How near the two are; never near when both birth dates are known and differ."""
        if self.birth_date and other.birth_date and self.birth_date != other.birth_date:
            return Likeness.DIFFERENT
        return person_likeness(
            (self.first_name, self.last_name), (other.first_name, other.last_name)
        )


@dataclass(frozen=True)
class Person:
    """A guardian by name and address, as far as they are known."""

    first_name: str
    last_name: str
    email: str = ""

    @property
    def name(self) -> str:
        """Both names in one."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class Kin:
    """What is known of an account: who it is, its children, and who else is their guardian."""

    account_id: str
    email: str
    selves: Sequence[Person] = field(default=())
    children: Sequence[Child] = field(default=())
    others: Sequence[Person] = field(default=())

    def shares_a_child(self, other: "Kin") -> bool:
        """Whether a child of one may be a child of the other."""
        return any(a.is_like(b) for a in self.children for b in other.children)

    def names(self, other: "Kin") -> bool:
        """Whether this family gave the other account as a guardian beside this one."""
        return any(
            (one.email and one.email == other.email)
            or any(likeness(one.name, self_.name) is Likeness.SAME for self_ in other.selves)
            for one in self.others
        )

    def is_somebody_else(self, other: "Kin") -> bool:
        """Whether both first names are known and none is like one of the other's."""
        firsts, theirs = _first_names(self.selves), _first_names(other.selves)
        if not firsts or not theirs:
            return False
        return not any(likeness(a, b) for a in firsts for b in theirs)


def _first_names(people: Iterable[Person]) -> set[str]:
    return {one.first_name for one in people if one.first_name}


class KnownKin:
    """Questions about who belongs to whom."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of(self, account_id: str) -> Kin:
        """Everybody that is known of an account; nobody for one that does not exist."""
        owner = (
            await self._db.execute(
                select(accounts.c.email, accounts.c.name).where(accounts.c.id == account_id)
            )
        ).first()
        if owner is None:
            return Kin(account_id, "")
        selves, others = await self._guardians(account_id)
        said = await self._said(account_id)
        for pages in said.values():
            selves += _person(pages.get("vous", {}))
            if pages.get("autre-parent", {}).get("has_other") == "yes":
                others += _person(pages["autre-parent"])
        if not selves and owner.name:
            first, _, last = owner.name.partition(" ")
            selves = [Person(first, last)]
        of_dossiers = [
            _child(pages["enfant"], dossier_id)
            for dossier_id, pages in said.items()
            if pages.get("enfant", {}).get("first_name")
        ]
        rows = [one for one in await self._children(account_id) if not _is_in(one, of_dossiers)]
        return Kin(account_id, owner.email, selves, [*of_dossiers, *rows], others)

    async def share_access(self, one: Kin, other: Kin) -> bool:
        """Whether one was ever invited to a child of the other's, or both to one child."""
        for a, b in ((one, other), (other, one)):
            query = (
                select(guardian_accesses.c.id)
                .join(dossiers, dossiers.c.id == guardian_accesses.c.dossier_id)
                .where(
                    dossiers.c.account_id == a.account_id,
                    (guardian_accesses.c.account_id == b.account_id)
                    | (guardian_accesses.c.email == b.email),
                )
                .limit(1)
            )
            if (await self._db.execute(query)).first() is not None:
                return True
        return False

    async def _said(self, account_id: str) -> dict[str, dict[str, dict[str, str]]]:
        query = (
            select(answers.c.dossier_id, answers.c.section, answers.c["values"])
            .join(dossiers, dossiers.c.id == answers.c.dossier_id)
            .where(
                dossiers.c.account_id == account_id,
                answers.c.section.in_(("vous", "autre-parent", "enfant")),
            )
            .order_by(dossiers.c.opened_at)
        )
        found: dict[str, dict[str, dict[str, str]]] = {}
        for row in (await self._db.execute(query)).mappings():
            found.setdefault(row["dossier_id"], {})[row["section"]] = dict(row["values"])
        return found

    async def _children(self, account_id: str) -> Sequence[Child]:
        query = (
            select(
                children.c.first_name,
                children.c.last_name,
                children.c.birth_date,
                children.c.dossier_id,
            )
            .where(children.c.id.in_(children_of(account_id)), children.c.same_as.is_(None))
            .order_by(children.c.sort_key)
        )
        return [
            Child(row.first_name, row.last_name, row.birth_date, row.dossier_id or "")
            for row in await self._db.execute(query)
        ]

    async def _guardians(self, account_id: str) -> tuple[list[Person], list[Person]]:
        """This account as a guardian, and who else is one in its families."""
        mine = select(families.c.id).where(families.c.account_id == account_id)
        also = select(guardians.c.family_id).where(guardians.c.account_id == account_id)
        query = select(guardians, families.c.account_id.label("owner")).join(
            families, families.c.id == guardians.c.family_id
        )
        query = query.where(guardians.c.family_id.in_(mine.union(also)))
        selves: list[Person] = []
        others: list[Person] = []
        for row in (await self._db.execute(query)).mappings():
            person = Person(row["first_name"], row["last_name"], row["email"])
            (selves if row["account_id"] == account_id else others).append(person)
        return selves, others


def children_of(account_id: str) -> Select[tuple[str]]:
    """The ids of the children of an account's family, and of those it is a guardian of."""
    own = (
        select(children.c.id)
        .join(families, families.c.id == children.c.family_id)
        .where(families.c.account_id == account_id)
    )
    also = (
        select(guardianships.c.child_id)
        .join(guardians, guardians.c.id == guardianships.c.guardian_id)
        .where(guardians.c.account_id == account_id)
    )
    both = own.union(also).subquery()
    return select(both.c.id)


def iso_day(typed: str) -> str:
    """A birth date as it is compared: ISO, or as it was typed if it is no day."""
    day = as_day(typed)
    return day.isoformat() if day else typed.strip()


def _person(page: dict[str, str]) -> list[Person]:
    first, last = page.get("first_name", ""), page.get("last_name", "")
    email = page.get("email", "").strip().lower()
    return [Person(first, last, email)] if first or last or email else []


def _child(page: dict[str, str], dossier_id: str) -> Child:
    return Child(
        page.get("first_name", ""),
        page.get("last_name", ""),
        iso_day(page.get("birth_date", "")),
        dossier_id,
    )


def _is_in(child: Child, some: Sequence[Child]) -> bool:
    return any(child.is_like(one) is Likeness.SAME for one in some)
