"""The screens of this room; each screen's file has its own router, included here."""

from fastapi import APIRouter

from api.admins.incidents import router as incidents
from api.admins.journal import router as journal
from api.admins.letters import router as letters
from api.admins.resending import router as resending
from api.admins.supervision import router as supervision
from api.admins.systems import router as systems

router = APIRouter(prefix="/admin", include_in_schema=False)
router.include_router(supervision)
router.include_router(incidents)
router.include_router(letters)
router.include_router(journal)
router.include_router(resending)
router.include_router(systems)
