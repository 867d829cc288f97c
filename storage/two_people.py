"""What says that two accounts are two people's, and stay two."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.likeness import name_key
from domain.paper import has_mail
from storage.kin import Kin, KnownKin
from storage.tables import erasure_requests, guardians, identities


async def why_two(db: AsyncConnection, kept: Kin, other: Kin) -> str:
    """The code of what forbids making one of the two; "" when nothing does."""
    if kept.account_id == other.account_id:
        return "merge_same"
    if not has_mail(kept.email) and has_mail(other.email):
        return "merge_keep_mail"
    if await _are_two_guardians(db, kept, other):
        return "merge_two_guardians"
    if await _ask_for_erasure(db, kept.account_id, other.account_id):
        return "merge_erasure"
    return "merge_two_identities" if await _are_two_identities(db, kept, other) else ""


async def _are_two_guardians(db: AsyncConnection, one: Kin, two: Kin) -> bool:
    """Whether anything says that these are two guardians of one child: they stay two."""
    if one.names(two) or two.names(one):
        return True
    if one.shares_a_child(two) and one.is_somebody_else(two):
        return True
    return await KnownKin(db).share_access(one, two) or await _are_in_one_family(db, one, two)


async def _are_in_one_family(db: AsyncConnection, one: Kin, other: Kin) -> bool:
    """Whether both are guardians of one family, under two names."""
    query = select(guardians.c.family_id, guardians.c.account_id).add_columns(
        guardians.c.first_name, guardians.c.last_name
    )
    ids = (one.account_id, other.account_id)
    rows = (await db.execute(query.where(guardians.c.account_id.in_(ids)))).all()
    found: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        names = found.setdefault(row.family_id, {}).setdefault(row.account_id, set())
        names.add(name_key(row.first_name, row.last_name))
    both = [names for names in found.values() if set(names) == set(ids)]
    return any(not (names[ids[0]] & names[ids[1]]) for names in both)


async def _ask_for_erasure(db: AsyncConnection, *ids: str) -> bool:
    query = select(erasure_requests.c.id).where(
        erasure_requests.c.account_id.in_(ids),
        erasure_requests.c.cancelled_at.is_(None),
        erasure_requests.c.done_at.is_(None),
    )
    return (await db.execute(query.limit(1))).first() is not None


async def _are_two_identities(db: AsyncConnection, one: Kin, two: Kin) -> bool:
    """Whether somebody who vouches for both says that they are two people."""
    ids = one.account_id, two.account_id
    query = select(identities.c.issuer, identities.c.subject, identities.c.account_id)
    rows = (await db.execute(query.where(identities.c.account_id.in_(ids)))).all()
    mine = {row.issuer: row.subject for row in rows if row.account_id == one.account_id}
    return any(
        mine.get(row.issuer, row.subject) != row.subject
        for row in rows
        if row.account_id == two.account_id
    )
