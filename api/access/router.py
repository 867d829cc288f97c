"""Coming in: the public pages, the link by mail, the password, the account."""

from fastapi import APIRouter

from api.access import (
    account,
    activation,
    address_links,
    france_connect,
    own_absence,
    own_address,
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
    france_connect,
    account,
    safety,
    own_address,
    address_links,
    staying,
    programs,
    second_factor,
    own_factor,
    own_absence,
):
    router.include_router(screen.router)
