"""What leads to a dossier, a document, a child or an account, and what becomes of it in the end.

Every table is decided here, once: its rows go with what they lead to, or lead nowhere any more, or
stay for a reason. A new table fails a test until somebody has decided.
"""

from sqlalchemy import Column, Table

from storage.tables import (
    acceptances,
    account_words,
    acts,
    address_changes,
    answers,
    attachments,
    campaign_families,
    children,
    contacts,
    court_rulings,
    dossier_words,
    events,
    guardian_accesses,
    guardianships,
    health_records,
    holds,
    identities,
    image_consents,
    incidents,
    interventions,
    known_browsers,
    legal_holds,
    letters,
    marks,
    quotients,
    recovery_codes,
    requests,
    second_factors,
    snapshots,
    wallet,
    wallet_uses,
)

WORDS_OF_DOSSIER: tuple[Table, ...] = (answers, snapshots, marks, dossier_words)
"""What somebody typed into a dossier, and the words it is found by."""

WITH_DOSSIER: tuple[Table, ...] = (
    *WORDS_OF_DOSSIER,
    wallet_uses,
    requests,
    holds,
    legal_holds,
    acts,
    events,
    guardian_accesses,
    letters,
    incidents,
    interventions,
    court_rulings,
)
"""Rows that go with their dossier, in this order; its documents and the dossier itself follow."""

WITH_DOCUMENT: tuple[Table, ...] = (wallet, wallet_uses)
WITH_CHILD: tuple[Table, ...] = (contacts, guardianships, health_records, court_rulings, wallet)
WITH_ACCOUNT: tuple[Table, ...] = (
    address_changes,
    attachments,
    identities,
    known_browsers,
    recovery_codes,
    second_factors,
    account_words,
    quotients,
    campaign_families,
    wallet,
)

LET_GO: tuple[Column[str], ...] = (
    children.c.dossier_id,
    image_consents.c.dossier_id,
    acceptances.c.dossier_id,
    quotients.c.document_id,
    court_rulings.c.document_id,
    children.c.same_as,
)
"""What stays when the dossier, the document or the child it leads to goes, and leads nowhere."""
