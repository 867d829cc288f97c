"""Coming in: the public pages, the link by mail, the password, the account."""

from fastapi import APIRouter

from api.access import (
    account,
    activation,
    own_factor,
    programs,
    public,
    second_factor,
    sign_in,
)

router = APIRouter(include_in_schema=False)
for screen in (public, sign_in, activation, account, programs, second_factor, own_factor):
    router.include_router(screen.router)
