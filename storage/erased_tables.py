"""What leads to a dossier, a document, a child or an account, and what becomes of it in the end.

Every table is decided here, once: its rows go with what they lead to, or lead nowhere any more, or
stay for a reason. A new table fails a test until somebody has decided.
"""

from collections.abc import Mapping

from sqlalchemy import Column, Table

from storage.tables import (
    acceptances,
    account_words,
    acts,
    address_changes,
    answers,
    attachments,
    campaign_families,
    child_years,
    children,
    confirmations,
    contacts,
    court_rulings,
    dossier_children,
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
    confirmations,
    acts,
    events,
    guardian_accesses,
    dossier_children,
    letters,
    incidents,
    interventions,
    court_rulings,
)
"""Rows that go with their dossier, in this order; its documents and the dossier itself follow."""

WITH_DOCUMENT: tuple[Table, ...] = (wallet, wallet_uses)
WITH_CHILD: tuple[Table, ...] = (
    contacts,
    guardianships,
    child_years,
    dossier_children,
    health_records,
    court_rulings,
    wallet,
)
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

ITSELF = "it is what goes, or is emptied, with everything that leads to it"
A_PROOF = "a proof: it goes by its own time"
BY_AGE = "a trace: it goes by its own time"
OF_THE_TOWN = "who of the town did it: no family"
AN_ID = "an id or a mark of an account that is closed, and emptied"
STAYS: Mapping[str, str] = {
    "documents.dossier_id": ITSELF,
    "dossiers.account_id": ITSELF,
    "children.family_id": ITSELF,
    "families.account_id": ITSELF,
    "guardians.family_id": ITSELF,
    "guardians.account_id": ITSELF,
    "guardians.email": ITSELF,
    "guardianships.guardian_id": ITSELF,
    "departures.child_id": ITSELF,
    "accounts.email": ITSELF,
    "access_links.email": ITSELF,
    "api_tokens.account_id": ITSELF,
    "doubles.first_id": ITSELF,
    "doubles.second_id": ITSELF,
    "sessions.account_id": ITSELF,
    "erasure_warnings.account_id": ITSELF,
    "image_consents.child_id": A_PROOF,
    "image_consents.account_id": A_PROOF,
    "acceptances.account_id": A_PROOF,
    "erasure_requests.account_id": A_PROOF,
    "audit_log.dossier_id": BY_AGE,
    "visits.family_id": BY_AGE,
    "visits.agent_id": BY_AGE,
    "activations.letter_id": AN_ID,
    "activations.account_id": AN_ID,
    "merged_accounts.account_id": AN_ID,
    "merged_accounts.into_id": AN_ID,
    "documents.given_by": ITSELF,
    "dossiers.decided_by": ITSELF,
    "dossiers.followed_by": ITSELF,
    "absences.account_id": OF_THE_TOWN,
    "absences.cover_id": OF_THE_TOWN,
    "absences.said_by": OF_THE_TOWN,
    "activations.asked_by": OF_THE_TOWN,
    "api_tokens.created_by": OF_THE_TOWN,
    "campaigns.closed_by": OF_THE_TOWN,
    "campaigns.created_by": OF_THE_TOWN,
    "departments.email": OF_THE_TOWN,
    "departures.noted_by": OF_THE_TOWN,
    "doubles.dismissed_by": OF_THE_TOWN,
    "erasure_requests.done_by": OF_THE_TOWN,
    "family_files.given_by": OF_THE_TOWN,
    "merged_accounts.merged_by": OF_THE_TOWN,
    "procedure_rules.set_by": OF_THE_TOWN,
    "texts.published_by": OF_THE_TOWN,
    "town_forms.given_by": OF_THE_TOWN,
}
"""What stays, or is looked after by name in `storage.erasing`, and why."""
