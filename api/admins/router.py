"""The screens of this room; each screen's file has its own router, included here."""

from fastapi import APIRouter

router = APIRouter()
