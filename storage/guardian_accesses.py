"""Who else sees the child of a dossier: invitations, accesses, and their ends.

What the other guardian reads is asked here and in `storage.shared_dossiers`, and nowhere else: a
record that has no column of the first one's (address, phone, documents, the agent's words) cannot
show any.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.deadlines import paris_day
from domain.guardian_access import INVITATION_LIFE, MOST_TRIES, GuardianAccess
from storage.child_registrations import registrations_of, registrations_told
from storage.records import as_record, columns, new_id
from storage.shared_dossiers import (
    ChildFacts,
    SharedDossier,
    SharedDossiers,
    counts,
    dossier_of,
    of_dossier_columns,
    school_names,
)
from storage.tables import answers, children, dossiers, guardian_accesses, procedures
from storage.writes import add_once

_IS_THEIRS = ("first_name", "last_name", "birth_date", "birth_place")


@dataclass(frozen=True)
class Share:
    """An access, or an invitation to one, with the dossier it is about."""

    access: GuardianAccess
    dossier: SharedDossier


class GuardianAccesses:
    """Invitations and accesses of other guardians."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of_dossier(self, dossier_id: str) -> Sequence[GuardianAccess]:
        """Everybody ever invited to this dossier, the first one first."""
        return await self._everybody(guardian_accesses.c.dossier_id == dossier_id)

    async def around(self, dossier_id: str) -> Sequence[GuardianAccess]:
        """Everybody ever invited to a child of this dossier, by whichever of its registrations."""
        its = registrations_of(children.c.dossier_id == dossier_id)
        own = guardian_accesses.c.dossier_id
        told = own.in_(registrations_told(dossier_id))
        return await self._everybody(or_(own == dossier_id, own.in_(its), told))

    async def of_child(self, child_id: str) -> Sequence[GuardianAccess]:
        """Everybody ever invited to this child, by whichever of its registrations."""
        its = registrations_of(children.c.id == child_id)
        return await self._everybody(guardian_accesses.c.dossier_id.in_(its))

    async def _everybody(self, which: ColumnElement[bool]) -> Sequence[GuardianAccess]:
        order = guardian_accesses.c.invited_at, guardian_accesses.c.id
        rows = await self._db.execute(select(*_ACCESS).where(which).order_by(*order))
        return [as_record(GuardianAccess, row) for row in rows.mappings()]

    async def find(self, access_id: str) -> GuardianAccess | None:
        """One of them."""
        query = select(*_ACCESS).where(guardian_accesses.c.id == access_id)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(GuardianAccess, row) if row else None

    async def concerning(self, account_id: str, email: str, at: datetime) -> Sequence[Share]:
        """What this person sees of others' children, or may accept; nothing that has ended.

        Invitations are for whoever reads the mail they went to.
        """
        is_waiting = and_(guardian_accesses.c.email == email, _waits(at))
        mine = or_(_is_of(account_id), is_waiting)
        return await self._shares(mine, at)

    async def open_to(self, account_id: str, dossier_id: str, at: datetime) -> SharedDossier | None:
        """The dossier if this person has access to a child of it today; None otherwise."""
        mine = and_(_is_of(account_id), guardian_accesses.c.dossier_id == dossier_id)
        found = await self._shares(mine, at)
        if found:
            return found[0].dossier
        return await SharedDossiers(self._db).open_to(account_id, dossier_id, at)

    async def others_of(self, dossier_id: str, at: datetime) -> Sequence[str]:
        """The accounts that have access to a child of this dossier today: other guardians."""
        own = guardian_accesses.c
        told = own.dossier_id.in_(registrations_told(dossier_id))
        owner = select(dossiers.c.account_id).where(dossiers.c.id == dossier_id).scalar_subquery()
        query = select(own.account_id).where(
            or_(own.dossier_id == dossier_id, told),
            own.account_id.is_not(None),
            own.account_id != owner,
            *counts(at),
        )
        rows = await self._db.execute(query.order_by(own.accepted_at, own.id))
        return [str(one) for one in dict.fromkeys(rows.scalars())]

    async def _shares(self, which: ColumnElement[bool], at: datetime) -> Sequence[Share]:
        today = paris_day(at)
        query = (
            select(*_ACCESS, *of_dossier_columns())
            .join(dossiers, dossiers.c.id == guardian_accesses.c.dossier_id)
            .join(procedures, procedures.c.id == dossiers.c.procedure_id)
            .where(
                which,
                or_(guardian_accesses.c.ends_on.is_(None), guardian_accesses.c.ends_on > today),
                dossiers.c.submitted_at.is_not(None),
            )
            .order_by(dossiers.c.submitted_at.desc())
        )
        rows = (await self._db.execute(query)).mappings()
        return [Share(as_record(GuardianAccess, row), dossier_of(row)) for row in rows]

    async def child(self, dossier_id: str) -> ChildFacts:
        """The child, and the class and school asked for: of two pages of answers, these only."""
        query = select(answers.c.section, answers.c["values"]).where(
            answers.c.dossier_id == dossier_id, answers.c.section.in_(("enfant", "ecole"))
        )
        rows = {row.section: row.values for row in await self._db.execute(query)}
        child, wish = rows.get("enfant", {}), rows.get("ecole", {})
        names = await school_names(self._db, [wish.get("school", "")])
        return ChildFacts(
            **{name: child.get(name, "") for name in _IS_THEIRS},
            grade=wish.get("grade", ""),
            school=names.get(wish.get("school", ""), ""),
        )

    async def invite(self, dossier_id: str, email: str, by: str, at: datetime) -> GuardianAccess:
        """Invite this address, or invite it again, for thirty days.

        To be asked while the dossier is held. Whoever is in, or has been shut out by staff, is
        left as they are.
        """
        times = {"invited_by": by, "invited_at": at, "expires_at": at + INVITATION_LIFE}
        key = and_(guardian_accesses.c.dossier_id == dossier_id, guardian_accesses.c.email == email)
        is_new = await add_once(
            self._db,
            guardian_accesses,
            id=new_id(),
            dossier_id=dossier_id,
            email=email,
            tries=0,
            reason_code="",
            **times,
        )
        if not is_new:
            await self._db.execute(
                update(guardian_accesses)
                .where(
                    key,
                    guardian_accesses.c.accepted_at.is_(None),
                    guardian_accesses.c.ends_on.is_(None),
                )
                .values(tries=0, taken_back_at=None, declined_at=None, **times)
            )
        row = (await self._db.execute(select(*_ACCESS).where(key))).mappings().one()
        return as_record(GuardianAccess, row)

    async def accept(self, access_id: str, account_id: str, at: datetime) -> bool:
        """Open the access for this account; False when it waits no more. Twice: once."""
        return await self._change(access_id, _waits(at), account_id=account_id, accepted_at=at)

    async def decline(self, access_id: str, at: datetime) -> bool:
        """Close an invitation: whoever got it does not want it, or guessed too often."""
        return await self._change(access_id, _waits(at), declined_at=at)

    async def take_back(self, access_id: str, at: datetime) -> bool:
        """Close an invitation: whoever sent it changed their mind. Not once it was accepted."""
        return await self._change(access_id, _waits(at), taken_back_at=at)

    async def claim_try(self, access_id: str, at: datetime) -> int | None:
        """Take one of the five tries at the birth date, before it is looked at.

        Gives how many are left; None when there was none, however many try at once.
        """
        done = await self._db.execute(
            update(guardian_accesses)
            .where(
                guardian_accesses.c.id == access_id,
                _waits(at),
                guardian_accesses.c.tries < MOST_TRIES,
            )
            .values(tries=guardian_accesses.c.tries + 1)
            .returning(guardian_accesses.c.tries)
        )
        tries = done.scalar()
        return None if tries is None else MOST_TRIES - int(tries)

    async def end(
        self,
        access_id: str,
        on: date,
        *,
        reason_code: str,
        ruling_on: date | None,
        by: str,
        at: datetime,
    ) -> None:
        """Shut this person out from that day on, invited or in. The last word stands."""
        await self._change(
            access_id,
            guardian_accesses.c.id == access_id,
            ends_on=on,
            ended_by=by,
            ended_at=at,
            reason_code=reason_code,
            ruling_on=ruling_on,
        )

    async def give_back(self, access_id: str) -> None:
        """Open again what was ended, or leave open what was to end."""
        await self._change(
            access_id,
            guardian_accesses.c.id == access_id,
            ends_on=None,
            ended_by=None,
            ended_at=None,
            reason_code="",
            ruling_on=None,
        )

    async def sent_since(self, account_id: str, since: datetime) -> int:
        """How many addresses this person invited, or invited again, since then."""
        query = select(func.count()).where(
            guardian_accesses.c.invited_by == account_id, guardian_accesses.c.invited_at > since
        )
        return (await self._db.execute(query)).scalar_one()

    async def _change(self, access_id: str, when: ColumnElement[bool], **values: object) -> bool:
        done = await self._db.execute(
            update(guardian_accesses)
            .where(guardian_accesses.c.id == access_id, when)
            .values(**values)
        )
        return done.rowcount == 1


_ACCESS = columns(guardian_accesses, GuardianAccess)


def _is_of(account_id: str) -> ColumnElement[bool]:
    return and_(
        guardian_accesses.c.account_id == account_id, guardian_accesses.c.accepted_at.is_not(None)
    )


def _waits(at: datetime) -> ColumnElement[bool]:
    return and_(
        guardian_accesses.c.accepted_at.is_(None),
        guardian_accesses.c.taken_back_at.is_(None),
        guardian_accesses.c.declined_at.is_(None),
        guardian_accesses.c.expires_at > at,
        or_(guardian_accesses.c.ends_on.is_(None), guardian_accesses.c.ends_on > paris_day(at)),
    )
