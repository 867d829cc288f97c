"""The screens of this room; each screen's file has its own router, included here."""

from fastapi import APIRouter

from api.staff import (
    child_health,
    counter,
    decisions,
    departures,
    desk,
    documents,
    doubles,
    families,
    family,
    family_address,
    family_printing,
    guardian_access,
    history,
    holds,
    image_rights,
    printing,
    queue,
    quotients,
    ready,
    refusal,
    rulings,
    shortcuts,
    today,
)

router = APIRouter()
for screen in (
    today,
    queue,
    ready,
    desk,
    decisions,
    refusal,
    holds,
    documents,
    doubles,
    guardian_access,
    rulings,
    history,
    printing,
    family_printing,
    families,
    family,
    family_address,
    quotients,
    child_health,
    departures,
    image_rights,
    counter,
    shortcuts,
):
    router.include_router(screen.router)
