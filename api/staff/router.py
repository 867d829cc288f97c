"""The screens of this room; each screen's file has its own router, included here."""

from fastapi import APIRouter

from api.staff import (
    decisions,
    desk,
    documents,
    families,
    guardian_access,
    history,
    queue,
    refusal,
    shortcuts,
    today,
)

router = APIRouter()
for screen in (
    today,
    queue,
    desk,
    decisions,
    refusal,
    documents,
    guardian_access,
    history,
    families,
    shortcuts,
):
    router.include_router(screen.router)
