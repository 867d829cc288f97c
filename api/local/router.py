"""The screens of the example town's own room; none of them exists in production."""

from fastapi import APIRouter

from api.local.components import router as components
from api.local.letters import router as letters

router = APIRouter(include_in_schema=False)
router.include_router(letters)
router.include_router(components)
