"""What guardians say of images of their children. Nothing is changed: the last word counts.

What is allowed follows from the words of all who count today, by `domain.consents`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.consents import CELLS, Cell, Medium, Use, Word, allowed
from domain.deadlines import paris_day
from domain.school_years import school_year_of
from storage.records import new_id
from storage.tables import (
    children,
    families,
    guardian_accesses,
    image_consents,
)
from storage.writes import take_turn


@dataclass(frozen=True)
class ImageRights:
    """Who counts for a child today, and the last word of each guardian about each cell and year."""

    child_id: str
    guardians: frozenset[str]
    words: tuple[Word, ...]

    def allowed(self, school_year: str) -> frozenset[Cell]:
        """What may be done with images of the child in that school year."""
        return allowed(self.words, self.guardians, school_year)

    def said_by(self, account_id: str, school_year: str) -> Mapping[Cell, Word]:
        """The last words of one guardian for that year."""
        return {
            word.cell: word
            for word in self.words
            if (word.account_id, word.school_year) == (account_id, school_year)
        }

    def version(self, account_id: str, school_year: str) -> int:
        """How often this guardian has said something for that year: what a form has seen."""
        return sum(word.n for word in self.said_by(account_id, school_year).values())


@dataclass(frozen=True)
class OwnWord:
    """Something a guardian said, for their own copy of what the portal keeps."""

    child: str
    word: Word


class Consents:
    """Questions and words about images of children."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of_child(self, child_id: str, at: datetime) -> ImageRights:
        """What counts for one child."""
        return (await self.of_children([child_id], at))[child_id]

    async def of_children(self, ids: Sequence[str], at: datetime) -> Mapping[str, ImageRights]:
        """What counts for these children, some thousands at most: two questions."""
        follows = and_(guardian_accesses.c.dossier_id == children.c.dossier_id, *_counts(at))
        guardians = (
            select(
                func.coalesce(children.c.same_as, children.c.id).label("child_id"),
                families.c.account_id.label("owner"),
                guardian_accesses.c.account_id.label("other"),
            )
            .select_from(children.join(families, families.c.id == children.c.family_id))
            .outerjoin(guardian_accesses, follows)
            .where(or_(children.c.id.in_(ids), children.c.same_as.in_(ids)))
        )
        counting: dict[str, set[str]] = {child_id: set() for child_id in ids}
        for row in (await self._db.execute(guardians)).all():
            counting[row.child_id] |= {row.owner, row.other} - {None}
        words: dict[str, list[Word]] = {child_id: [] for child_id in ids}
        query = _last_words(image_consents.c.child_id.in_(ids))
        for one in (await self._db.execute(query)).mappings():
            words[one["child_id"]].append(_word(one))
        return {
            child_id: ImageRights(child_id, frozenset(counting[child_id]), tuple(words[child_id]))
            for child_id in ids
        }

    async def take_turn(self, child_id: str) -> None:
        """Whoever else says something of this child waits until this transaction ends."""
        await take_turn(self._db, f"image_consents:{child_id}")

    async def say(
        self,
        child_id: str,
        account_id: str,
        school_year: str,
        said: Mapping[Cell, bool],
        at: datetime,
        *,
        dossier_id: str | None = None,
    ) -> frozenset[Cell]:
        """Write what a guardian says now; gives the cells of which they had not said it yet.

        To be asked in the child's turn. Twice: nothing more.
        """
        before = (await self.of_child(child_id, at)).said_by(account_id, school_year)
        new = {
            cell: is_given
            for cell, is_given in said.items()
            if cell not in before or before[cell].is_given != is_given
        }
        if new:
            await self._db.execute(
                insert(image_consents),
                [
                    {
                        "id": new_id(),
                        "child_id": child_id,
                        "account_id": account_id,
                        "school_year": school_year,
                        "use": cell.use.value,
                        "medium": cell.medium.value,
                        "n": before[cell].n + 1 if cell in before else 1,
                        "is_given": is_given,
                        "at": at,
                        "dossier_id": dossier_id,
                    }
                    for cell, is_given in new.items()
                ],
            )
        return frozenset(new)

    async def take_over(
        self,
        child_id: str,
        account_id: str,
        school_year: str,
        given: Collection[Cell],
        *,
        said_at: datetime,
        dossier_id: str,
    ) -> None:
        """Write what a guardian said in a dossier: the cells given, and a no for every other one.

        `said_at` is when the dossier was sent: what was said on the child's page since then stands.
        Nothing given at all is silence, which takes nothing back. Twice: nothing more.
        """
        await self.take_turn(child_id)
        known = select(image_consents.c.id).where(
            image_consents.c.dossier_id == dossier_id, image_consents.c.child_id == child_id
        )
        if (await self._db.execute(known.limit(1))).first():
            return
        since = (await self.of_child(child_id, said_at)).said_by(account_id, school_year)
        said = {
            cell: cell in given
            for cell in CELLS
            if cell not in since or (given and since[cell].at <= said_at)
        }
        await self.say(child_id, account_id, school_year, said, said_at, dossier_id=dossier_id)

    async def take_all_back(self, account_id: str, at: datetime) -> None:
        """Turn every yes of this guardian into a no, from this school year on. Twice: once."""
        year = school_year_of(paris_day(at))
        mine = (image_consents.c.account_id == account_id, image_consents.c.school_year >= year)
        given: dict[tuple[str, str], dict[Cell, bool]] = {}
        for row in (await self._db.execute(_last_words(*mine))).mappings().all():
            word = _word(row)
            if word.is_given:
                key = (row["child_id"], word.school_year)
                given.setdefault(key, {})[word.cell] = False
        for (child_id, school_year), said in given.items():
            await self.take_turn(child_id)
            await self.say(child_id, account_id, school_year, said, at)

    async def of_account(self, account_id: str) -> Sequence[OwnWord]:
        """Everything this guardian ever said of images, oldest first, with the child's name."""
        query = (
            select(image_consents, children.c.first_name, children.c.last_name)
            .join(children, children.c.id == image_consents.c.child_id)
            .where(image_consents.c.account_id == account_id)
            .order_by(image_consents.c.at, image_consents.c.n, image_consents.c.id)
        )
        rows = (await self._db.execute(query)).mappings()
        return [OwnWord(f"{row['first_name']} {row['last_name']}", _word(row)) for row in rows]


async def move_words(
    db: AsyncConnection,
    *,
    child: tuple[str, str] | None = None,
    account: tuple[str, str] | None = None,
) -> None:
    """What was said of one child (or by one account) is said of (by) the other: (before, now).

    The words of both are put in the order in which they were said.
    """
    column = image_consents.c.child_id if child else image_consents.c.account_id
    before, now = child or account or ("", "")
    query = select(image_consents).where(column.in_((before, now)))
    rows = (await db.execute(query)).mappings().all()
    keys: dict[tuple[str, ...], list[RowMapping]] = {}
    for row in sorted(rows, key=lambda row: (row["at"], row["n"])):
        both = (now, row["account_id"]) if child else (row["child_id"], now)
        keys.setdefault((*both, row["school_year"], row["use"], row["medium"]), []).append(row)
    for said in keys.values():
        # Below zero first: no two rows have the same number meanwhile.
        for n, row in enumerate(said, start=1):
            values = {column.name: now, "n": -n}
            await db.execute(
                update(image_consents).where(image_consents.c.id == row["id"]).values(values)
            )
    await db.execute(
        update(image_consents).where(image_consents.c.n < 0).values(n=-image_consents.c.n)
    )


def _counts(at: datetime) -> Iterable[ColumnElement[bool]]:
    """An access that is open today."""
    return (
        guardian_accesses.c.account_id.is_not(None),
        guardian_accesses.c.accepted_at.is_not(None),
        or_(guardian_accesses.c.ends_on.is_(None), guardian_accesses.c.ends_on > paris_day(at)),
    )


def _last_words(*which: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    about = [
        image_consents.c[name]
        for name in ("child_id", "account_id", "school_year", "use", "medium")
    ]
    last = select(*about, func.max(image_consents.c.n).label("n")).where(*which).group_by(*about)
    found = last.subquery()
    return select(image_consents).join(
        found, and_(*(image_consents.c[one.name] == one for one in found.c))
    )


def _word(row: RowMapping) -> Word:
    cell = Cell(Use(row["use"]), Medium(row["medium"]))
    said = {name: row[name] for name in ("account_id", "school_year", "is_given", "at", "n")}
    return Word(cell=cell, **said)
