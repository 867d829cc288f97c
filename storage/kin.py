"""Who belongs to an account, wherever it is written: in the town's families, or in a dossier.

What staff compares when two accounts may be one family's, and what says that two guardians of one
child are two people.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.likeness import Likeness, likeness, person_likeness
from domain.questions import as_day
from storage.accounts import Account
from storage.tables import (
    answers,
    children,
    dossiers,
    families,
    guardian_accesses,
    guardians,
    guardianships,
)

Pages = dict[str, dict[str, str]]
"""Pages of answers by their codes."""


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

    async def of(self, *owners: Account) -> Sequence[Kin]:
        """Everybody that is known of these accounts: three questions for all of them."""
        ids = [one.id for one in owners]
        guardians_ = await self._guardians(ids)
        said = await self._said(ids)
        children_ = await self._children(ids)
        return [
            _kin(one, guardians_[one.id], said.get(one.id, {}), children_.get(one.id, []))
            for one in owners
        ]

    async def share_access(self, one: Kin, other: Kin) -> bool:
        """Whether one was ever invited to a child of the other's, or the reverse."""
        of_the_other = [
            and_(
                dossiers.c.account_id == a.account_id,
                or_(
                    guardian_accesses.c.account_id == b.account_id,
                    guardian_accesses.c.email == b.email,
                ),
            )
            for a, b in ((one, other), (other, one))
        ]
        query = (
            select(guardian_accesses.c.id)
            .join(dossiers, dossiers.c.id == guardian_accesses.c.dossier_id)
            .where(or_(*of_the_other))
            .limit(1)
        )
        return (await self._db.execute(query)).first() is not None

    async def _said(self, ids: Sequence[str]) -> dict[str, dict[str, Pages]]:
        query = (
            select(
                dossiers.c.account_id,
                answers.c.dossier_id,
                answers.c.section,
                answers.c["values"],
            )
            .join(dossiers, dossiers.c.id == answers.c.dossier_id)
            .where(
                dossiers.c.account_id.in_(ids),
                answers.c.section.in_(("vous", "autre-parent", "enfant")),
            )
            .order_by(dossiers.c.opened_at)
        )
        found: dict[str, dict[str, Pages]] = {}
        for row in (await self._db.execute(query)).mappings():
            pages = found.setdefault(row["account_id"], {}).setdefault(row["dossier_id"], {})
            pages[row["section"]] = dict(row["values"])
        return found

    async def _children(self, ids: Sequence[str]) -> dict[str, list[Child]]:
        """Those of the accounts' families, and those they are guardians of elsewhere."""
        owner = families.c.account_id.in_(ids)
        query = (
            select(children, families.c.account_id.label("owner"), guardians.c.account_id)
            .join(families, families.c.id == children.c.family_id)
            .outerjoin(guardianships, guardianships.c.child_id == children.c.id)
            .outerjoin(guardians, guardians.c.id == guardianships.c.guardian_id)
            .where(or_(owner, guardians.c.account_id.in_(ids)), children.c.same_as.is_(None))
            .order_by(children.c.sort_key)
        )
        found: dict[str, list[Child]] = {}
        for row in (await self._db.execute(query)).mappings():
            child = Child(
                row["first_name"], row["last_name"], row["birth_date"], row["dossier_id"] or ""
            )
            for account_id in {row["owner"], row["account_id"]} & set(ids):
                of_one = found.setdefault(account_id, [])
                if child not in of_one:
                    of_one.append(child)
        return found

    async def _guardians(self, ids: Sequence[str]) -> dict[str, tuple[list[Person], list[Person]]]:
        """Each account as a guardian, and who else is one in its families."""
        mine = select(families.c.id).where(families.c.account_id.in_(ids))
        also = select(guardians.c.family_id).where(guardians.c.account_id.in_(ids))
        query = select(guardians, families.c.account_id.label("owner")).join(
            families, families.c.id == guardians.c.family_id
        )
        query = query.where(guardians.c.family_id.in_(mine.union(also)))
        rows = (await self._db.execute(query)).mappings().all()
        found: dict[str, tuple[list[Person], list[Person]]] = {one: ([], []) for one in ids}
        for account_id, (selves, others) in found.items():
            own = {
                row["family_id"] for row in rows if account_id in {row["owner"], row["account_id"]}
            }
            for row in rows:
                if row["family_id"] in own:
                    person = Person(row["first_name"], row["last_name"], row["email"])
                    (selves if row["account_id"] == account_id else others).append(person)
        return found


def _kin(
    owner: Account,
    known: tuple[list[Person], list[Person]],
    said: Mapping[str, Pages],
    rows: Sequence[Child],
) -> Kin:
    selves, others = known
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
    more = [one for one in rows if not _is_in(one, of_dossiers)]
    return Kin(owner.id, owner.email, selves, [*of_dossiers, *more], others)


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
