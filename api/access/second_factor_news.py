"""Telling somebody by mail that their second factor was gone round, or taken off."""

from fastapi import Request

from api.audit import line_of
from api.house import house_of, now
from domain.audit import What
from storage.accounts import Account
from storage.store import Store

OWN_PAGE = "/compte/second-facteur"


async def tell_of_recovery(request: Request, store: Store, account: Account, left: int) -> str:
    """Write down that a recovery code served, and the letter that says so; gives its id."""
    await store.audit.add(
        line_of(request, What.RECOVERY_CODE_USED, actor_id=account.id, left=str(left))
    )
    return await house_of(request).writer.to_person(
        store,
        account,
        "recovery_code_used",
        path=OWN_PAGE,
        at=now(request),
        left_words=f"Il vous en reste {left}." if left else "Il ne vous en reste aucun.",
    )
