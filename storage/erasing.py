"""Erasing for good, whoever asks for it: a person, or the night in which a time is over.

What goes with what is in `storage.erased_tables`. Nothing is asked back: who calls has made sure
that the time has come.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    delete,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.states import OPEN
from storage.erased_tables import (
    LET_GO,
    WITH_ACCOUNT,
    WITH_CHILD,
    WITH_DOCUMENT,
    WITH_DOSSIER,
    WORDS_OF_DOSSIER,
)
from storage.tables import (
    access_links,
    acts,
    api_tokens,
    children,
    court_rulings,
    departures,
    documents,
    dossiers,
    doubles,
    erasure_warnings,
    families,
    guardian_accesses,
    guardians,
    guardianships,
    health_records,
    identity_offers,
    image_consents,
    wallet,
    wallet_uses,
)


class Erasing:
    """What is erased at once, in the caller's transaction. Everything here may be done twice."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def words_of(self, ids: Sequence[str], at: datetime) -> None:
        """Leave of dossiers that were never sent their number, their state and their dates."""
        for table in WORDS_OF_DOSSIER:
            await self._delete(table, table.c.dossier_id.in_(ids))
        given = select(documents.c.id).where(documents.c.dossier_id.in_(ids))
        await self._delete(wallet, wallet.c.document_id.in_(given))
        await self._empty(documents.c.dossier_id.in_(ids), at)
        await self._db.execute(
            update(dossiers)
            .where(dossiers.c.id.in_(ids))
            .values(child_name="", child_first_name="", sort_key="")
        )

    async def documents_of(self, dossier_id: str, day: date, at: datetime) -> Sequence[str]:
        """Erase the documents of a dossier that serve nobody on that day any more; their ids.

        Their rows stay, empty, as the trace that they were given.
        """
        which = and_(documents.c.dossier_id == dossier_id, is_spent(day))
        ids = (await self._db.execute(select(documents.c.id).where(which))).scalars().all()
        await self._empty(documents.c.id.in_(ids), at)
        await self._delete(wallet, wallet.c.document_id.in_(ids))
        return ids

    async def dossier(self, dossier_id: str, day: date) -> Sequence[str]:
        """Erase all of a dossier; gives the ids of the documents whose bytes have to follow.

        A document of the wallet that stands in another dossier is that one's from now on.
        """
        await self._hand_documents_over(dossier_id, day)
        query = select(documents.c.id).where(documents.c.dossier_id == dossier_id)
        ids = (await self._db.execute(query)).scalars().all()
        for table in WITH_DOCUMENT:
            await self._delete(table, table.c.document_id.in_(ids))
        await self._let_go("documents", ids)
        for table in WITH_DOSSIER:
            await self._delete(table, table.c.dossier_id == dossier_id)
        await self._let_go("dossiers", [dossier_id])
        await self._delete(documents, documents.c.dossier_id == dossier_id)
        await self._delete(erasure_warnings, erasure_warnings.c.subject_id == dossier_id)
        await self._delete(dossiers, dossiers.c.id == dossier_id)
        return ids

    async def health_of(self, child_id: str) -> None:
        """Erase a child's health record."""
        await self._delete(health_records, health_records.c.child_id == child_id)

    async def rulings_of(self, child_id: str) -> None:
        """Erase what courts decided about a child."""
        await self._delete(court_rulings, court_rulings.c.child_id == child_id)

    async def child(self, child_id: str) -> None:
        """Erase a child whose dossiers are gone.

        While a guardian's word about its image has to be proved, its name and birth date stay, and
        no page shows them: it stands for itself (`same_as`).
        """
        for table in WITH_CHILD:
            await self._delete(table, table.c.child_id == child_id)
        await self._delete(departures, departures.c.child_id == child_id)
        await self._delete(erasure_warnings, erasure_warnings.c.subject_id == child_id)
        await self._db.execute(
            update(children)
            .where(children.c.id == child_id)
            .values(
                same_as=child_id,
                birth_place="",
                grade="",
                other_school="",
                school_id=None,
                imported=None,
            )
        )

    async def leave_nothing_of(self, account_id: str) -> None:
        """Erase of a family what stands only for a child or a dossier that is gone.

        Of the family of a child whose name has to stay, the guardians' names stay.
        """
        query = select(families.c.id).where(families.c.account_id == account_id)
        family_id = (await self._db.execute(query)).scalar()
        if family_id is None:
            return
        proved = exists().where(image_consents.c.child_id == children.c.id)
        mine = children.c.family_id == family_id
        is_bare = and_(mine, children.c.same_as == children.c.id, ~proved)
        await self._delete(children, is_bare)
        dossier = select(dossiers.c.id).where(dossiers.c.account_id == account_id)
        child = select(children.c.id).where(mine, _is_whole())
        if await self._is_any(dossier) or await self._is_any(child):
            return
        its_guardians = guardians.c.family_id == family_id
        if await self._is_any(select(children.c.id).where(mine)):
            bare = {"phone": "", "email": "", "profession": "", "imported": None}
            await self._db.execute(update(guardians).where(its_guardians).values(bare))
            nowhere = {"street": "", "postal_code": "", "city": "", "imported": None}
            await self._db.execute(
                update(families).where(families.c.id == family_id).values(nowhere)
            )
            return
        named = select(guardians.c.id).where(its_guardians)
        await self._delete(guardianships, guardianships.c.guardian_id.in_(named))
        await self._delete(guardians, its_guardians)
        await self._delete(families, families.c.id == family_id)

    async def _is_any(self, query: Select[tuple[str]]) -> bool:
        return (await self._db.execute(query.limit(1))).first() is not None

    async def ways_in(self, account_id: str, email: str) -> None:
        """Erase by what somebody came in and was known, and who they followed."""
        for table in WITH_ACCOUNT:
            await self._delete(table, table.c.account_id == account_id)
        either = or_(doubles.c.first_id == account_id, doubles.c.second_id == account_id)
        await self._delete(doubles, either)
        await self._delete(guardian_accesses, _is_theirs(account_id, email))
        links = select(access_links.c.id).where(access_links.c.email == email)
        await self._delete(identity_offers, identity_offers.c.link_id.in_(links))
        # The families stay while a child is at school; nobody writes to this address any more.
        await self._db.execute(
            update(guardians)
            .where(guardians.c.account_id == account_id)
            .values(email="", imported=None)
        )
        await self._db.execute(
            update(access_links).where(access_links.c.email == email).values(email="")
        )
        await self._db.execute(
            update(api_tokens).where(api_tokens.c.account_id == account_id).values(name="")
        )

    async def _hand_documents_over(self, dossier_id: str, day: date) -> None:
        serving = (
            select(wallet_uses.c.document_id, wallet_uses.c.dossier_id)
            .join(documents, documents.c.id == wallet_uses.c.document_id)
            .where(
                documents.c.dossier_id == dossier_id,
                wallet_uses.c.dossier_id != dossier_id,
                documents.c.removed_at.is_(None),
                ~is_spent(day),
            )
            .order_by(wallet_uses.c.used_at)
        )
        latest = {row.document_id: row.dossier_id for row in await self._db.execute(serving)}
        for document_id, other_id in latest.items():
            for table, which in ((documents, document_id), (acts, f"add-{document_id}")):
                await self._db.execute(
                    update(table).where(table.c.id == which).values(dossier_id=other_id)
                )

    async def _empty(self, which: ColumnElement[bool], at: datetime) -> None:
        await self._db.execute(
            update(documents)
            .where(which)
            .values(
                original_name="", statement="", remarks=[], page_images=[], sha256="", removed_at=at
            )
        )

    async def _let_go(self, of: str, ids: Sequence[str]) -> None:
        for column in LET_GO:
            if {key.column.table.name for key in column.foreign_keys} == {of}:
                await self._db.execute(
                    update(column.table).where(column.in_(ids)).values({column.name: None})
                )

    async def _delete(self, table: Table, which: ColumnElement[bool]) -> None:
        await self._db.execute(delete(table).where(which))


def is_spent(day: date) -> ColumnElement[bool]:
    """Whether a document serves nobody on that day: not from the wallet, not as a ruling."""
    holds_on = or_(wallet.c.valid_until.is_(None), wallet.c.valid_until >= day)
    in_wallet = exists().where(
        wallet.c.document_id == documents.c.id, wallet.c.ended_at.is_(None), holds_on
    )
    user = dossiers.alias("user")
    in_use = exists().where(
        wallet_uses.c.document_id == documents.c.id,
        user.c.id == wallet_uses.c.dossier_id,
        user.c.state.in_([str(state) for state in OPEN]),
    )
    rules = exists().where(
        court_rulings.c.document_id == documents.c.id, court_rulings.c.child_id.is_not(None)
    )
    return and_(documents.c.removed_at.is_(None), ~in_wallet, ~in_use, ~rules)


def _is_whole() -> ColumnElement[bool]:
    """Whether more is left of a child than the name that a proof needs: see `Erasing.child`."""
    return or_(children.c.same_as.is_(None), children.c.same_as != children.c.id)


def _is_theirs(account_id: str, email: str) -> ColumnElement[bool]:
    """Their access to another guardian's dossier; one that staff ended stays, as its proof."""
    mine = or_(guardian_accesses.c.account_id == account_id, guardian_accesses.c.email == email)
    return mine & guardian_accesses.c.ends_on.is_(None)
