"""Identities that FranceConnect vouches for: on their way, offered, linked, signed in with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import as_record, columns, fitting
from storage.sealed import CannotUnsealError, Keys, Place
from storage.tables import federated_sessions, identities, identity_offers, round_trips
from storage.writes import add_once

TRIP_LASTS = timedelta(minutes=10)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RoundTrip:
    """Somebody on the way to FranceConnect and back: what must come back, and where to go then."""

    nonce: str
    verifier: str
    way: str
    browser_hash: str


@dataclass(frozen=True)
class Identity:
    """Who somebody is for an issuer. `subject` is the issuer's own name for them, and stays."""

    issuer: str
    subject: str
    first_name: str = ""
    last_name: str = ""


class Identities:
    """Questions and writes about identities that others vouch for."""

    def __init__(self, connection: AsyncConnection, keys: Keys) -> None:
        self._db = connection
        self._keys = keys

    async def begin(self, state_hash: str, trip: RoundTrip, at: datetime) -> None:
        """Keep what must come back."""
        await self._db.execute(
            insert(round_trips).values(
                state_hash=state_hash,
                nonce=trip.nonce,
                verifier=trip.verifier,
                way=trip.way,
                browser_hash=trip.browser_hash,
                began_at=at,
            )
        )

    async def end(self, state_hash: str, browser_hash: str, at: datetime) -> RoundTrip | None:
        """Consume a trip; None when there is none, in this browser, of the last ten minutes.

        It works once, whoever asks at the same instant.
        """
        done = await self._db.execute(
            delete(round_trips)
            .where(
                round_trips.c.state_hash == state_hash,
                round_trips.c.browser_hash == browser_hash,
            )
            .returning(*columns(round_trips, RoundTrip), round_trips.c.began_at)
        )
        row = done.mappings().first()
        if row is None or abs(at - row["began_at"]) > TRIP_LASTS:
            return None
        return as_record(RoundTrip, row)

    async def account_of(self, issuer: str, subject: str) -> str:
        """The account that this identity opens, "" when it opens none yet."""
        query = select(identities.c.account_id).where(
            identities.c.issuer == issuer, identities.c.subject == subject
        )
        return (await self._db.execute(query)).scalar() or ""

    async def of(self, account_id: str) -> Sequence[Identity]:
        """The identities of an account, the latest first."""
        query = (
            select(*columns(identities, Identity))
            .where(identities.c.account_id == account_id)
            .order_by(identities.c.linked_at.desc(), identities.c.subject)
        )
        return [as_record(Identity, row) for row in (await self._db.execute(query)).mappings()]

    async def link(self, identity: Identity, account_id: str, at: datetime) -> bool:
        """Have this identity open this account; False when it already opens one."""
        return await add_once(
            self._db,
            identities,
            **fitting(identities, **vars(identity)),
            account_id=account_id,
            linked_at=at,
        )

    async def offer(self, identity: Identity, link_id: str, browser_hash: str) -> None:
        """Link it once the address is proved: by this link, used in this browser."""
        names = fitting(identity_offers, **vars(identity))
        await self._db.execute(
            insert(identity_offers).values(**names, link_id=link_id, browser_hash=browser_hash)
        )

    async def offered(self, link_id: str) -> tuple[Identity, str] | None:
        """What waits for this link, and the browser in which it has to be used."""
        query = select(identity_offers).where(identity_offers.c.link_id == link_id)
        row = (await self._db.execute(query)).mappings().first()
        return (as_record(Identity, row), row["browser_hash"]) if row else None

    async def keep_proof(self, session_id: str, id_token: str, at: datetime) -> None:
        """Keep the sealed proof of who was there: leaving FranceConnect asks for the last one."""
        sealed = self._keys.seal(id_token, _place(session_id))
        await self._db.execute(
            delete(federated_sessions).where(federated_sessions.c.session_id == session_id)
        )
        await self._db.execute(
            insert(federated_sessions).values(session_id=session_id, id_token=sealed, began_at=at)
        )

    async def take_proof(self, session_id: str) -> str:
        """The proof of that session, which is forgotten; "" when it has none that opens."""
        done = await self._db.execute(
            delete(federated_sessions)
            .where(federated_sessions.c.session_id == session_id)
            .returning(federated_sessions.c.id_token)
        )
        sealed = done.scalar()
        try:
            return self._keys.unseal(sealed, _place(session_id)) if sealed else ""
        except CannotUnsealError:  # the keys were changed meanwhile
            return ""

    async def forget_expired(self, at: datetime) -> None:
        """Remove trips nobody came back from, and proofs of sessions that are over."""
        await self._db.execute(delete(round_trips).where(round_trips.c.began_at < at - TRIP_LASTS))
        await self._db.execute(
            delete(federated_sessions).where(federated_sessions.c.began_at < at - _A_DAY)
        )


def _place(session_id: str) -> Place:
    return ("federated_sessions", session_id, "id_token")
