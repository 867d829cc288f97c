"""The JSON facade: the same acts and the same rules as the pages, for other software."""

from fastapi import APIRouter

from api.rest import (
    answers,
    confirmations,
    decisions,
    documents,
    dossiers,
    family_acts,
    guide,
    letters,
    procedures,
)
from api.rest.giving import PREFIX

router = APIRouter()
for subject in (
    procedures,
    dossiers,
    answers,
    confirmations,
    documents,
    family_acts,
    decisions,
    letters,
):
    router.include_router(subject.router, prefix=PREFIX)
router.include_router(guide.router)
