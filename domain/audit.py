"""What is written down of who did what: every kind of line, and how it reads.

A line says who, what, when, to which dossier and from where; never what was read or written. Lines
are kept twelve months (CNIL, recommandation sur la journalisation, 2021).
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

KEPT = timedelta(days=366)
"""How long a line stays: twelve months, whatever the year."""
MANY, WITHIN = 100, timedelta(hours=1)
"""Whoever opens more documents than that in this time is pointed out to the admins."""


class What(StrEnum):
    """A kind of line. The value is kept: it is never changed, only added to."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_REMOVED = "password_removed"  # noqa: S105
    CONFIRMED = "confirmed"
    CONFIRM_FAILED = "confirm_failed"
    DEVICES_ENDED = "devices_ended"
    ADDRESS_ASKED = "address_asked"
    ADDRESS_STOPPED = "address_stopped"
    ADDRESS_CHANGED = "address_changed"
    ADDRESS_CHANGED_AT_DESK = "address_changed_at_desk"
    IDENTITY_LINKED = "identity_linked"
    NOT_ALLOWED = "not_allowed"
    DOCUMENT_OPENED = "document_opened"
    RESERVED_READ = "reserved_read"
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTOR_RESET = "second_factor_reset"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    AGENT_INVITED = "agent_invited"
    RIGHTS_CHANGED = "rights_changed"
    ACCESS_CLOSED = "access_closed"
    ACCESS_OPENED_AGAIN = "access_opened_again"
    ABSENCE_SAID = "absence_said"
    ABSENCE_ENDED = "absence_ended"
    GUARDIAN_INVITED = "guardian_invited"
    GUARDIAN_TAKEN_BACK = "guardian_taken_back"
    GUARDIAN_ACCEPTED = "guardian_accepted"
    GUARDIAN_DECLINED = "guardian_declined"
    GUARDIAN_ENDED = "guardian_ended"
    GUARDIAN_GIVEN_BACK = "guardian_given_back"
    DATA_EXPORTED = "data_exported"
    ERASURE_ASKED = "erasure_asked"
    ERASURE_CANCELLED = "erasure_cancelled"
    ERASURE_DONE = "erasure_done"
    STEP_RETRIED = "step_retried"
    LETTER_SENT_AGAIN = "letter_sent_again"
    ADDRESS_CORRECTED = "address_corrected"
    TOKEN_GIVEN = "token_given"  # noqa: S105
    TOKEN_TAKEN_BACK = "token_taken_back"  # noqa: S105
    SYSTEM_LET_IN = "system_let_in"
    SYSTEM_SHUT_OUT = "system_shut_out"
    FAMILY_ADDED = "family_added"
    VISIT_BEGUN = "visit_begun"
    VISIT_ENDED = "visit_ended"
    LETTER_PRINTED = "letter_printed"
    ATTACHMENT_ASKED = "attachment_asked"
    ACCOUNT_ATTACHED = "account_attached"
    FAMILIES_IMPORTED = "families_imported"
    ACTIVATIONS_ASKED = "activations_asked"
    CAMPAIGN_PLANNED = "campaign_planned"
    CAMPAIGN_PAUSED = "campaign_paused"
    CAMPAIGN_RESUMED = "campaign_resumed"
    CAMPAIGN_EXTENDED = "campaign_extended"
    CAMPAIGN_CLOSED = "campaign_closed"
    CAMPAIGN_EXPORTED = "campaign_exported"
    FAMILIES_MERGED = "families_merged"
    DOUBLE_DISMISSED = "double_dismissed"
    HEALTH_READ = "health_read"
    HEALTH_CHANGED = "health_changed"
    HEALTH_CHECKED = "health_checked"
    RULING_READ = "ruling_read"
    RULING_RECORDED = "ruling_recorded"
    RULING_ENDED = "ruling_ended"
    IMAGES_ALLOWED = "images_allowed"
    IMAGES_TAKEN_BACK = "images_taken_back"
    IMAGES_READ = "images_read"
    RULE_SET = "rule_set"
    PROCEDURES_MADE = "procedures_made"
    TEXT_PUBLISHED = "text_published"
    TEXT_ACCEPTED = "text_accepted"
    FORM_ATTACHED = "form_attached"
    FORM_TAKEN_AWAY = "form_taken_away"
    QUOTIENT_GIVEN = "quotient_given"
    QUOTIENT_JUDGED = "quotient_judged"
    QUOTIENT_FETCHED = "quotient_fetched"
    QUOTIENT_NOT_FOUND = "quotient_not_found"
    JOURNAL_EXPORTED = "journal_exported"
    MANY_OPENINGS = "many_openings"
    JOURNAL_PURGED = "journal_purged"
    DATA_ERASED = "data_erased"
    ERASING_SUSPENDED = "erasing_suspended"
    ERASING_RESUMED = "erasing_resumed"
    DEPARTURE_NOTED = "departure_noted"
    DEPARTURE_TAKEN_BACK = "departure_taken_back"


WORDS: Mapping[What, str] = {
    What.SIGNED_IN: "a ouvert une session",
    What.SIGN_IN_FAILED: "n’a pas pu ouvrir de session",
    What.SIGNED_OUT: "a fermé sa session",
    What.PASSWORD_CHANGED: "a choisi un nouveau mot de passe",
    What.PASSWORD_REMOVED: "a supprimé son mot de passe",
    What.CONFIRMED: "a montré de nouveau son identité",
    What.CONFIRM_FAILED: "n’a pas pu montrer de nouveau son identité",
    What.DEVICES_ENDED: "a déconnecté d’autres appareils",
    What.ADDRESS_ASKED: "a demandé à changer d’adresse mail",
    What.ADDRESS_STOPPED: "a arrêté un changement d’adresse mail",
    What.ADDRESS_CHANGED: "a changé d’adresse mail",
    What.ADDRESS_CHANGED_AT_DESK: "a changé à l’accueil l’adresse mail d’une famille",
    What.IDENTITY_LINKED: "a relié FranceConnect à son accès",
    What.NOT_ALLOWED: "a demandé ce qui ne lui est pas ouvert",
    What.DOCUMENT_OPENED: "a ouvert un document",
    What.RESERVED_READ: "a lu des réponses réservées",
    What.SECOND_FACTOR_SET: "a relié un téléphone à son accès",
    What.SECOND_FACTOR_FAILED: "a donné un code qui ne convient pas",
    What.SECOND_FACTOR_REMOVED: "a détaché son téléphone",
    What.SECOND_FACTOR_RESET: "a détaché le téléphone d’un accès",
    What.RECOVERY_CODES_MADE: "a demandé de nouveaux codes de secours",
    What.RECOVERY_CODE_USED: "a utilisé un code de secours",
    What.AGENT_INVITED: "a invité un agent",
    What.RIGHTS_CHANGED: "a changé les droits d’un agent",
    What.ACCESS_CLOSED: "a fermé l’accès d’un agent",
    What.ACCESS_OPENED_AGAIN: "a rouvert l’accès d’un agent",
    What.ABSENCE_SAID: "a noté une absence",
    What.ABSENCE_ENDED: "a annulé une absence",
    What.GUARDIAN_INVITED: "a invité l’autre parent d’un enfant",
    What.GUARDIAN_TAKEN_BACK: "a repris une invitation à l’autre parent",
    What.GUARDIAN_ACCEPTED: "a accepté de suivre un enfant",
    What.GUARDIAN_DECLINED: "n’a pas pris une invitation à suivre un enfant",
    What.GUARDIAN_ENDED: "a fixé la fin de l’accès de l’autre parent",
    What.GUARDIAN_GIVEN_BACK: "a rendu son accès à l’autre parent",
    What.DATA_EXPORTED: "a emporté ses données",
    What.ERASURE_ASKED: "a demandé l’effacement de ses données",
    What.ERASURE_CANCELLED: "a annulé sa demande d’effacement",
    What.ERASURE_DONE: "a effacé les données d’un compte",
    What.STEP_RETRIED: "a relancé une étape",
    What.LETTER_SENT_AGAIN: "a renvoyé un courrier",
    What.ADDRESS_CORRECTED: "a corrigé l’adresse mail d’un compte",
    What.TOKEN_GIVEN: "a créé un jeton",
    What.TOKEN_TAKEN_BACK: "a révoqué un jeton",
    What.SYSTEM_LET_IN: "a donné accès à un logiciel",
    What.SYSTEM_SHUT_OUT: "a fermé l’accès d’un logiciel",
    What.FAMILY_ADDED: "a créé à l’accueil une famille sans adresse mail",
    What.VISIT_BEGUN: "a ouvert les pages d’une famille",
    What.VISIT_ENDED: "a quitté les pages d’une famille",
    What.LETTER_PRINTED: "a imprimé un courrier",
    What.ATTACHMENT_ASKED: "a noté une adresse mail pour une famille qui n’en avait pas",
    What.ACCOUNT_ATTACHED: "a confirmé l’adresse mail notée à l’accueil",
    What.FAMILIES_IMPORTED: "a importé une liste de familles",
    What.ACTIVATIONS_ASKED: "a demandé l’envoi de courriers d’activation",
    What.CAMPAIGN_PLANNED: "a prévu une campagne",
    What.CAMPAIGN_PAUSED: "a mis une campagne en pause",
    What.CAMPAIGN_RESUMED: "a repris une campagne",
    What.CAMPAIGN_EXTENDED: "a prolongé une campagne",
    What.CAMPAIGN_CLOSED: "a terminé une campagne",
    What.CAMPAIGN_EXPORTED: "a emporté la liste des familles d’une campagne",
    What.FAMILIES_MERGED: "a fusionné deux comptes de famille",
    What.DOUBLE_DISMISSED: "a noté que deux comptes ne sont pas des doublons",
    What.HEALTH_READ: "a lu la fiche santé d’un enfant",
    What.HEALTH_CHANGED: "a changé la fiche santé d’un enfant",
    What.HEALTH_CHECKED: "a confirmé la fiche santé d’un enfant",
    What.RULING_READ: "a lu les décisions de justice d’un enfant",
    What.RULING_RECORDED: "a enregistré une décision de justice",
    What.RULING_ENDED: "a mis fin à une décision de justice",
    What.IMAGES_ALLOWED: "a donné son accord pour l’image d’un enfant",
    What.IMAGES_TAKEN_BACK: "a retiré son accord pour l’image d’un enfant",
    What.IMAGES_READ: "a ouvert la liste du droit à l’image d’une école",
    What.RULE_SET: "a changé la règle d’une démarche",
    What.PROCEDURES_MADE: "a créé des démarches",
    What.TEXT_PUBLISHED: "a publié un texte à accepter",
    What.TEXT_ACCEPTED: "a accepté un texte de la mairie",
    What.FORM_ATTACHED: "a joint un formulaire PDF",
    What.FORM_TAKEN_AWAY: "a retiré un formulaire PDF",
    What.QUOTIENT_GIVEN: "a donné un quotient familial",
    What.QUOTIENT_JUDGED: "a vérifié un quotient familial",
    What.QUOTIENT_FETCHED: "a fait demander son quotient familial à la CAF ou à la MSA",
    What.QUOTIENT_NOT_FOUND: "n’a pas eu son quotient familial de la CAF ou de la MSA",
    What.JOURNAL_EXPORTED: "a exporté le journal",
    What.MANY_OPENINGS: "a ouvert plus de cent documents en une heure",
    What.JOURNAL_PURGED: "a effacé du journal ce qui avait plus d’un an",
    What.DATA_ERASED: "a effacé des données dont la durée est passée",
    What.ERASING_SUSPENDED: "a suspendu l’effacement d’un dossier",
    What.ERASING_RESUMED: "a repris l’effacement d’un dossier",
    What.DEPARTURE_NOTED: "a noté le départ d’un enfant",
    What.DEPARTURE_TAKEN_BACK: "a annulé le départ d’un enfant",
}
"""How a line reads after the name of whoever did it."""
