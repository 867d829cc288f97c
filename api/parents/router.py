"""The screens of this room; each screen's file has its own router, included here."""

from fastapi import APIRouter

from api.parents import (
    actualisation,
    attestation,
    checklist,
    consented_quotient,
    consents,
    documents,
    family,
    family_changes,
    fetched_quotient,
    files,
    following,
    health,
    home,
    letters,
    other_guardian,
    other_say,
    own_data,
    questions,
    quotient,
    sending,
    shared_children,
    start,
    statements,
    texts,
    wallet,
)

router = APIRouter()
for screen in (
    home,
    start,
    actualisation,
    following,
    attestation,
    checklist,
    sending,
    documents,
    statements,
    files,
    letters,
    other_guardian,
    own_data,
    shared_children,
    other_say,
    family,
    family_changes,
    consents,
    texts,
    health,
    wallet,
    quotient,
    fetched_quotient,
    consented_quotient,
    questions,
):
    # The pages of questions come last: their address, `/dossiers/…/{page}`, fits all others too.
    router.include_router(screen.router)
