"""The families the town knows: what an approved registration makes of a dossier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.deadlines import paris_day
from domain.likeness import name_key
from domain.questions import Answers, Values, as_day
from storage.child_years import AT_SCHOOL, Pupil, by_child, with_years
from storage.dossiers import Dossier
from storage.family_changes import FamilyChanges
from storage.records import as_record, columns, fitting, new_id, sort_key
from storage.tables import children, families, guardians, guardianships, procedures
from storage.writes import add_once

_CONTACTS = (1, 2, 3)


@dataclass(frozen=True)
class Child(Pupil):
    """A child the town knows, by its latest registration or (no `dossier_id`) before any.

    `birth_date` is a civil day, ISO.
    """

    id: str
    dossier_id: str | None
    first_name: str
    last_name: str
    birth_date: str


@dataclass(frozen=True)
class Guardian:
    """A guardian of the family."""

    id: str
    first_name: str
    last_name: str
    relation: str
    phone: str
    email: str
    is_payer: bool


class Households:
    """Families, guardians, children, contacts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._changes = FamilyChanges(connection)

    async def admit(
        self,
        dossier: Dossier,
        answers: Answers,
        email: str,
        at: datetime,
        *,
        before: Answers | None = None,
    ) -> str:
        """Make the family, the guardians and the child of an approved registration.

        Gives the child's id. The account's family is used again; of its address, what was not
        changed since `before` (what the town knew at the opening) is left as it is now. A child of
        the family with this name and birth date is this child, registered once more: both dossiers
        lead to it. Its class of a school year to come is kept beside. Twice: nothing more is made:
        a dossier has one child, a family one guardian of a name, a child one contact of a name.
        """
        await self._changes.in_turn(dossier.account_id)
        row = func.coalesce(children.c.same_as, children.c.id)
        known = select(row).where(children.c.dossier_id == dossier.id)
        child_id = (await self._db.execute(known)).scalar()
        if child_id:
            return str(child_id)
        family_id = await self._family(
            dossier.account_id, answers.get("adresse", {}), (before or {}).get("adresse"), at
        )
        child_id = await self._child(dossier, family_id, answers, at)
        you, other = answers.get("vous", {}), answers.get("autre-parent", {})
        links = [
            await self._guardian(
                family_id, you, email=email, account=dossier.account_id, payer=True
            )
        ]
        if other.get("has_other") == "yes":
            links.append(await self._guardian(family_id, other, email=other.get("email", "")))
        for guardian_id in dict.fromkeys(links):
            await add_once(self._db, guardianships, child_id=child_id, guardian_id=guardian_id)
        await self._contacts(child_id, answers.get("contacts", {}))
        return child_id

    async def _family(
        self, account_id: str, address: Values, before: Values | None, at: datetime
    ) -> str:
        names = ("street", "postal_code", "city", "country")
        place = fitting(families, **{name: address.get(name, "") for name in names})
        mine = {"account_id": account_id}
        if not await add_once(self._db, families, id=new_id(), created_at=at, **mine, **place):
            # Whoever admits a brother or a sister at this instant waits here.
            is_mine = families.c.account_id == account_id
            new = {
                name: value
                for name, value in place.items()
                if before is None or address.get(name, "") != before.get(name, "")
            }
            if new:
                await self._db.execute(update(families).where(is_mine).values(**new))
        known = select(families.c.id).where(families.c.account_id == account_id)
        return str((await self._db.execute(known)).scalar_one())

    async def _child(self, dossier: Dossier, family_id: str, answers: Answers, at: datetime) -> str:
        child, wish = answers.get("enfant", {}), answers.get("ecole", {})
        first, last = child.get("first_name", ""), child.get("last_name", "")
        birth_date = child.get("birth_date", "")
        born = as_day(birth_date)
        facts = fitting(
            children,
            family_id=family_id,
            dossier_id=dossier.id,
            first_name=first,
            last_name=last,
            sort_key=sort_key(last, first),
            birth_date=born.isoformat() if born else birth_date,
            birth_place=child.get("birth_place", ""),
        )
        school = {"grade": wish.get("grade", ""), "school_id": wish.get("school") or None}
        known = await self._known_child(family_id, facts)
        if known is None:
            child_id = new_id()
            nowhere = {"grade": "", "school_id": None}
            await self._db.execute(insert(children).values(id=child_id, **nowhere, **facts))
            await self._changes.change_child(child_id, school)
            return child_id
        mine = children.c.id == known.id
        await self._db.execute(update(children).where(mine).values(**facts))
        if known.dossier_id is not None:
            await self._keep_leading(known.dossier_id, known.id)
        if wish:
            year = select(procedures.c.school_year).where(procedures.c.id == dossier.procedure_id)
            school_year = (await self._db.execute(year)).scalar_one()
            here = {**school, "other_school": ""}
            await self._changes.enrol(known.id, here, school_year, paris_day(at))
        return str(known.id)

    async def _known_child(self, family_id: str, facts: Mapping[str, Any]) -> Any:
        """The row of the child if the town knows it, registered or not; None if it does not."""
        key = name_key(facts["first_name"], facts["last_name"])
        query = select(children).where(
            children.c.family_id == family_id,
            children.c.same_as.is_(None),
            children.c.birth_date == facts["birth_date"],
        )
        if not key or not facts["birth_date"]:
            return None
        rows = await self._db.execute(query.order_by(children.c.id))
        return next((row for row in rows if name_key(row.first_name, row.last_name) == key), None)

    async def _keep_leading(self, dossier_id: str, child_id: str) -> None:
        """An earlier registration leads to its child still: accesses of guardians hang on it."""
        row = select(children).where(children.c.id == child_id)
        copied = dict((await self._db.execute(row)).mappings().one())
        bare = {**dict.fromkeys(AT_SCHOOL, ""), "school_id": None, "custody": "", "imported": None}
        mine = {"id": new_id(), "dossier_id": dossier_id, "same_as": child_id}
        await self._db.execute(insert(children).values({**copied, **bare, **mine}))

    async def _guardian(
        self,
        family_id: str,
        who: Values,
        *,
        email: str,
        account: str | None = None,
        payer: bool = False,
    ) -> str:
        first, last = who.get("first_name", ""), who.get("last_name", "")
        key = sort_key(last, first)
        guardian = fitting(
            guardians,
            id=new_id(),
            family_id=family_id,
            account_id=account,
            first_name=first,
            last_name=last,
            sort_key=key,
            relation=who.get("relation", ""),
            phone=who.get("phone", ""),
            email=email,
            is_payer=payer,
        )
        is_new = await add_once(self._db, guardians, **guardian)
        mine = and_(guardians.c.family_id == family_id, guardians.c.sort_key == key)
        if not is_new:
            # What the family says itself counts for more than a list of the town's.
            said = {name: guardian[name] for name in ("phone", "relation") if guardian[name]}
            of_a_list = and_(mine, guardians.c.imported.is_not(None))
            if said:
                await self._db.execute(update(guardians).where(of_a_list).values(**said))
        return str((await self._db.execute(select(guardians.c.id).where(mine))).scalar_one())

    async def _contacts(self, child_id: str, given: Values) -> None:
        for place in _CONTACTS:
            name = given.get(f"contact_{place}_name", "")
            if name:
                person = {
                    "name": name,
                    "phone": given.get(f"contact_{place}_phone", ""),
                    "link": given.get(f"contact_{place}_link", ""),
                    "may_pick_up": bool(given.get(f"contact_{place}_pick_up")),
                    "is_emergency": bool(given.get(f"contact_{place}_emergency")),
                }
                await self._changes.add_contact(child_id, person)

    async def children_of(self, account_id: str) -> Sequence[Child]:
        """The children of an account's family, by name, with their school years to come."""
        query = (
            with_years(columns(children, Child))
            .join(families, families.c.id == children.c.family_id)
            .where(families.c.account_id == account_id, children.c.same_as.is_(None))
        )
        rows = by_child((await self._db.execute(query)).mappings())
        return [as_record(Child, row) for row in rows]

    async def guardians_of(self, account_id: str) -> Sequence[Guardian]:
        """The guardians of an account's family, by name."""
        query = (
            select(guardians)
            .join(families, families.c.id == guardians.c.family_id)
            .where(families.c.account_id == account_id)
        )
        rows = sorted((await self._db.execute(query)).mappings(), key=itemgetter("sort_key"))
        return [as_record(Guardian, row) for row in rows]
