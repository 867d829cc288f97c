"""Coming in: the public pages, the link by mail, the password, the account."""

from fastapi import APIRouter

from api.access import account, activation, programs, public, sign_in

router = APIRouter(include_in_schema=False)
for screen in (public, sign_in, activation, account, programs):
    router.include_router(screen.router)
