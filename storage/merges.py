"""Making one account of two that are the same family's: both histories are kept.

What people did stays under the account they did it with (acts, lines of the timeline, the given
documents); what belongs to the family moves. The merged account opens nothing any more, and its
address leads to the one that was kept. There is no way back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import NotFound, TransitionNotAllowed
from domain.states import Actor
from storage.accounts import PARENT, Account, Accounts
from storage.campaign_families import move_invitations
from storage.consents import move_words
from storage.events import Events
from storage.family_merge import merge_families
from storage.kin import Kin, KnownKin
from storage.search_words import keep_words_of_account, words_of_account
from storage.tables import (
    accounts,
    activations,
    address_changes,
    api_tokens,
    attachments,
    documents,
    dossiers,
    doubles,
    guardian_accesses,
    guardians,
    identities,
    known_browsers,
    letters,
    merged_accounts,
    quotients,
    recovery_codes,
    second_factors,
    visits,
    wallet,
)
from storage.texts import move_acceptances
from storage.two_people import why_two
from storage.writes import take_turn


class CannotMerge(TransitionNotAllowed):
    """Two accounts that stay two; the code says why."""


@dataclass(frozen=True)
class Side:
    """One of two accounts, as staff compares them."""

    account: Account
    kin: Kin
    dossiers: int
    documents: int
    letters: int
    has_signed_in: bool


@dataclass(frozen=True)
class Merged:
    """What a merge did: which dossiers moved."""

    kept_id: str
    other_id: str
    dossier_ids: Sequence[str]


class Merges:
    """Comparing two accounts, and making them one."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._accounts = Accounts(connection)
        self._kin = KnownKin(connection)

    async def sides(self, one_id: str, other_id: str) -> tuple[Side, Side]:
        """The two of them; NotFound when one is no open parent's account. Five questions."""
        one, other = [await self._owner(account_id) for account_id in (one_id, other_id)]
        kin = await self._kin.of(one, other)
        query = (
            select(
                dossiers.c.account_id,
                func.count(dossiers.c.id.distinct()).label("dossiers"),
                func.count(documents.c.id.distinct()).label("documents"),
                func.count(letters.c.id.distinct()).label("letters"),
            )
            .outerjoin(
                documents,
                and_(documents.c.dossier_id == dossiers.c.id, documents.c.removed_at.is_(None)),
            )
            .outerjoin(letters, letters.c.dossier_id == dossiers.c.id)
            .where(dossiers.c.account_id.in_((one_id, other_id)))
            .group_by(dossiers.c.account_id)
        )
        found = {row.account_id: row for row in await self._db.execute(query)}
        sides = []
        for account, its in zip((one, other), kin, strict=True):
            row = found.get(account.id)
            is_used = account.seen_at is not None or account.password_hash is not None
            sides.append(
                Side(
                    account,
                    its,
                    dossiers=row.dossiers if row else 0,
                    documents=row.documents if row else 0,
                    letters=row.letters if row else 0,
                    has_signed_in=is_used,
                )
            )
        return sides[0], sides[1]

    async def _owner(self, account_id: str) -> Account:
        account = await self._accounts.by_id(account_id)
        if account is None or account.role != PARENT or account.disabled_at is not None:
            raise NotFound
        return account

    async def why_not(self, kept: Side, other: Side) -> str:
        """The code of what forbids making one of the two; "" when nothing does."""
        return await why_two(self._db, kept.kin, other.kin)

    async def merge(self, kept_id: str, other_id: str, *, by: str, at: datetime) -> Merged:
        """Make one account of two, in this transaction.

        Sessions of both end, visits too, and programs lose the tokens of the merged one. The
        caller writes the audit's lines.

        Raises:
            NotFound: one is no open parent's account (it was merged in the meantime).
            CannotMerge: the two stay two.
        """
        # One at a time in the whole town: two crossing merges would each wait for the other.
        await take_turn(self._db, "merge")
        held = select(accounts.c.id).where(accounts.c.id.in_((kept_id, other_id)))
        await self._db.execute(held.order_by(accounts.c.id).with_for_update())
        kept, other = await self.sides(kept_id, other_id)
        if code := await self.why_not(kept, other):
            raise CannotMerge(code, next_href=f"/agent/doublons/{kept_id}/{other_id}")
        moved = await self._move_dossiers(kept_id, other_id, by=by, at=at)
        await merge_families(self._db, kept_id, other_id)
        await move_invitations(self._db, kept_id, other_id)
        await move_words(self._db, account=(other_id, kept_id))
        await move_acceptances(self._db, other_id, kept_id)
        await self._move_the_rest(kept_id, other_id, at)
        await self._close(kept, other, by=by, at=at)
        return Merged(kept_id, other_id, moved)

    async def is_merged(self, account_id: str, into_id: str) -> bool:
        """Whether the one was merged into the other already."""
        query = select(merged_accounts.c.into_id).where(merged_accounts.c.account_id == account_id)
        return (await self._db.execute(query)).scalar() == into_id

    async def follow(self) -> int:
        """Move what came late to a merged account: a form that was on its way. Twice: nothing."""
        late = (
            select(dossiers.c.id, dossiers.c.account_id, merged_accounts.c.into_id)
            .join(merged_accounts, merged_accounts.c.account_id == dossiers.c.account_id)
            .limit(100)
        )
        rows = (await self._db.execute(late)).all()
        for row in rows:
            await self._db.execute(
                update(dossiers).where(dossiers.c.id == row.id).values(account_id=row.into_id)
            )
        return len(rows)

    async def _move_dossiers(
        self, kept_id: str, other_id: str, *, by: str, at: datetime
    ) -> Sequence[str]:
        mine = select(dossiers.c.id, dossiers.c.state, dossiers.c.account_id).where(
            dossiers.c.account_id.in_((kept_id, other_id))
        )
        rows = (await self._db.execute(mine.order_by(dossiers.c.id))).all()
        await self._db.execute(
            update(dossiers).where(dossiers.c.account_id == other_id).values(account_id=kept_id)
        )
        events = Events(self._db)
        for row in rows:
            await events.add(
                row.id,
                f"merged:{other_id}",
                at=at,
                what="families_merged" if row.account_id == other_id else "family_grew",
                actor=Actor.AGENT,
                actor_id=by,
                state=row.state,
            )
        return [row.id for row in rows if row.account_id == other_id]

    async def _move_the_rest(self, kept_id: str, other_id: str, at: datetime) -> None:
        for table in (letters, identities, guardian_accesses, wallet, quotients):
            await self._db.execute(
                update(table).where(table.c.account_id == other_id).values(account_id=kept_id)
            )
        # A token opens what it was given for, and no more: it moves, and is over.
        await self._db.execute(
            update(api_tokens)
            .where(api_tokens.c.account_id == other_id)
            .values(account_id=kept_id, revoked_at=func.coalesce(api_tokens.c.revoked_at, at))
        )
        for table in (second_factors, recovery_codes, known_browsers):
            await self._db.execute(delete(table).where(table.c.account_id == other_id))
        await self._db.execute(
            update(attachments)
            .where(attachments.c.account_id == other_id)
            .values(account_id=kept_id)
        )
        await self._db.execute(
            update(address_changes)
            .where(address_changes.c.account_id == other_id, address_changes.c.ended_at.is_(None))
            .values(ended_at=at, outcome="stopped")
        )
        await self._db.execute(
            update(visits)
            .where(visits.c.family_id == other_id, visits.c.ended_at.is_(None))
            .values(ended_at=at)
        )
        await self._db.execute(
            update(activations)
            .where(activations.c.account_id == other_id, activations.c.ended_at.is_(None))
            .values(ended_at=at)
        )
        await self._db.execute(
            update(guardians).where(guardians.c.account_id == other_id).values(account_id=kept_id)
        )

    async def _close(self, kept: Side, other: Side, *, by: str, at: datetime) -> None:
        kept_id, other_id = kept.account.id, other.account.id
        for account_id in (kept_id, other_id):
            await self._accounts.end_sessions_of(account_id)
        await self._db.execute(
            update(accounts)
            .where(accounts.c.id == other_id)
            .values(disabled_at=at, password_hash=None)
        )
        before = merged_accounts.c.into_id == other_id
        await self._db.execute(update(merged_accounts).where(before).values(into_id=kept_id))
        await self._db.execute(
            insert(merged_accounts).values(
                account_id=other_id, into_id=kept_id, merged_by=by, merged_at=at
            )
        )
        involved = (doubles.c.first_id == other_id) | (doubles.c.second_id == other_id)
        await self._db.execute(delete(doubles).where(involved))
        if not kept.account.name and other.account.name:
            await self._accounts.set_name(kept_id, other.account.name)
        name = kept.account.name or other.account.name
        # Both addresses and names find the family.
        words = {
            *words_of_account(kept.account.email, name),
            *words_of_account(other.account.email, other.account.name),
        }
        await keep_words_of_account(self._db, kept_id, words)
        await keep_words_of_account(self._db, other_id, ())
