"""What people sent after their session had ended: kept an hour, sealed, for them and nobody else.

A form belongs to a browser (by the hash of a cookie) and to an account (by a mark that only the
portal can write). Whoever signs in with both finds it; it is theirs until it is sent for good.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import new_id
from storage.sealed import CannotUnsealError, Keys
from storage.tables import kept_forms, sessions

LIFE = timedelta(hours=1)
_MOST_OF_A_BROWSER = 5

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class KeptForm:
    """A form as it was sent: on which page, to which address, and its fields in their order."""

    page: str
    action: str
    fields: Fields


class KeptForms:
    """Forms that wait for whoever filled them in."""

    def __init__(self, connection: AsyncConnection, keys: Keys) -> None:
        self._db = connection
        self._keys = keys

    async def keep(self, browser_hash: str, owner: str, form: KeptForm, at: datetime) -> None:
        """Keep a form. The same page sent again replaces it; the sixth of a browser, the oldest."""
        mine = kept_forms.c.browser_hash == browser_hash
        await self._db.execute(delete(kept_forms).where(mine, kept_forms.c.action == form.action))
        query = select(kept_forms.c.id).where(mine).order_by(kept_forms.c.kept_at.desc())
        others = (await self._db.execute(query)).scalars().all()
        too_many = others[_MOST_OF_A_BROWSER - 1 :]
        await self._db.execute(delete(kept_forms).where(kept_forms.c.id.in_(too_many)))
        form_id = new_id()
        await self._db.execute(
            insert(kept_forms).values(
                id=form_id,
                browser_hash=browser_hash,
                owner=owner,
                page=form.page,
                action=form.action,
                fields=self._keys.seal(json.dumps(list(form.fields)), _place(form_id)),
                kept_at=at,
            )
        )

    async def hand_over(
        self, browser_hash: str, owners: Sequence[str], session_id: str, at: datetime
    ) -> bool:
        """Give the forms of this browser to their owner's new session; whether there are any.

        `owners` are the marks that the owner's forms may have.
        """
        done = await self._db.execute(
            update(kept_forms)
            .where(
                kept_forms.c.browser_hash == browser_hash,
                kept_forms.c.owner.in_(owners),
                kept_forms.c.kept_at > at - LIFE,
            )
            .values(session_id=session_id)
        )
        return done.rowcount > 0

    async def of_page(self, session_id: str, path: str, at: datetime) -> KeptForm | None:
        """What this session finds on the page of this path: the latest form sent from there."""
        query = (
            select(kept_forms)
            .where(
                kept_forms.c.session_id == session_id,
                (kept_forms.c.page == path) | (kept_forms.c.action == path),
                kept_forms.c.kept_at > at - LIFE,
            )
            .order_by(kept_forms.c.kept_at.desc())
            .limit(1)
        )
        row = (await self._db.execute(query)).mappings().first()
        if row is None:
            return None
        try:
            fields = json.loads(self._keys.unseal(row["fields"], _place(row["id"])))
        except CannotUnsealError:  # its key was taken away meanwhile: a page must not fall for it
            return None
        return KeptForm(row["page"], row["action"], [(name, text) for name, text in fields])

    async def forget(self, session_id: str, action: str) -> None:
        """The form was sent again, and taken: nothing of it stays."""
        await self._db.execute(
            delete(kept_forms).where(
                kept_forms.c.session_id == session_id, kept_forms.c.action == action
            )
        )

    async def note_kept(self, session_id: str) -> None:
        """Have the pages of this session look for what waits there."""
        await self._db.execute(
            update(sessions).where(sessions.c.id == session_id).values(has_kept_forms=True)
        )

    async def forget_old(self, at: datetime) -> None:
        """Erase what nobody came back for within the hour."""
        await self._db.execute(delete(kept_forms).where(kept_forms.c.kept_at <= at - LIFE))


def _place(form_id: str) -> tuple[str, str, str]:
    return ("kept_forms", form_id, "fields")
