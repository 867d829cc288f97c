"""Coming in: the public pages, the link by mail, the password, the account."""

from fastapi import APIRouter

from api.access import (
    account,
    activation,
    own_absence,
    own_factor,
    programs,
    public,
    safety,
    second_factor,
    sign_in,
    staying,
)

router = APIRouter(include_in_schema=False)
for screen in (
    public,
    sign_in,
    activation,
    account,
    safety,
    staying,
    programs,
    second_factor,
    own_factor,
    own_absence,
):
    router.include_router(screen.router)
