"""What was just done: said once at the top of the next page (`flash`), or told by mail."""

from collections.abc import Awaitable, Callable

from fastapi import Request

from api.access.sessions import guest_of
from api.house import house_of

Tell = Callable[[str, str], Awaitable[None]]


def tell(request: Request) -> Tell:
    """What keeps a notice for the signed-in person; for anybody else nothing is kept."""

    async def _tell(kind: str, text: str) -> None:
        session = guest_of(request).session
        if session is not None:
            async with house_of(request).writing() as store:
                await store.sessions.set_notice(session.token_hash, {"kind": kind, "text": text})

    return _tell


def mail_afterwards(request: Request, letter_id: str) -> None:
    """Have a letter leave once what it tells is committed, and the answer made; none for ""."""
    if letter_id:
        request.state.letters = [*getattr(request.state, "letters", ()), letter_id]
