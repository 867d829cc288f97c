"""Every table, one file per room: the town, who comes in, the audit, families, dossiers, mails."""

from storage.tables.access import (
    access_links,
    account_words,
    accounts,
    api_tokens,
    sessions,
    sign_in_failures,
)
from storage.tables.account import address_changes, kept_forms
from storage.tables.audit import audit_log
from storage.tables.base import Moment, metadata
from storage.tables.campaigns import campaign_families, campaigns
from storage.tables.consents import acceptances, image_consents, texts, town_forms
from storage.tables.doors import (
    federated_sessions,
    identities,
    identity_offers,
    known_browsers,
    round_trips,
)
from storage.tables.dossiers import (
    acts,
    answers,
    confirmations,
    documents,
    dossier_words,
    dossiers,
    events,
    holds,
    marks,
    requests,
    snapshots,
)
from storage.tables.families import (
    activations,
    child_years,
    children,
    contacts,
    doubles,
    families,
    family_files,
    guardians,
    guardianships,
    merged_accounts,
)
from storage.tables.health import court_rulings, health_records
from storage.tables.letters import incidents, interventions, letters
from storage.tables.retention import (
    departures,
    erasure_lines,
    erasure_nights,
    erasure_warnings,
    legal_holds,
)
from storage.tables.sharing import dossier_children, erasure_requests, guardian_accesses
from storage.tables.staff import absences, recovery_codes, second_factors
from storage.tables.town import (
    counters,
    departments,
    facilities,
    procedure_rules,
    procedures,
    town,
)
from storage.tables.visits import attachments, visits
from storage.tables.wallet import quotients, wallet, wallet_uses

__all__ = [
    "Moment",
    "absences",
    "acceptances",
    "access_links",
    "account_words",
    "accounts",
    "activations",
    "acts",
    "address_changes",
    "answers",
    "api_tokens",
    "attachments",
    "audit_log",
    "campaign_families",
    "campaigns",
    "child_years",
    "children",
    "confirmations",
    "contacts",
    "counters",
    "court_rulings",
    "departments",
    "departures",
    "documents",
    "dossier_children",
    "dossier_words",
    "dossiers",
    "doubles",
    "erasure_lines",
    "erasure_nights",
    "erasure_requests",
    "erasure_warnings",
    "events",
    "facilities",
    "families",
    "family_files",
    "federated_sessions",
    "guardian_accesses",
    "guardians",
    "guardianships",
    "health_records",
    "holds",
    "identities",
    "identity_offers",
    "image_consents",
    "incidents",
    "interventions",
    "kept_forms",
    "known_browsers",
    "legal_holds",
    "letters",
    "marks",
    "merged_accounts",
    "metadata",
    "procedure_rules",
    "procedures",
    "quotients",
    "recovery_codes",
    "requests",
    "round_trips",
    "second_factors",
    "sessions",
    "sign_in_failures",
    "snapshots",
    "texts",
    "town",
    "town_forms",
    "visits",
    "wallet",
    "wallet_uses",
]
