"""Why a step does not go through, in French: a code, what it means, and what somebody can do.

Codes come from `activities/attempts.py` and from the mail server's answers; nothing else of a
failure is ever kept or shown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Cause:
    """A cause of trouble. `title` groups steps; `what_to_do` is one instruction."""

    title: str
    what_to_do: str


_DATABASE = Cause(
    "La base de données ne répond pas, ou est occupée",
    "Rien à faire si cela dure moins d’une minute. Sinon, vérifiez la base de données.",
)
_SOFTWARE = Cause(
    "Erreur dans le logiciel",
    "Le portail réessaie seul. Donnez le code ci-dessous à la personne qui l’entretient.",
)
_MAIL_AWAY = Cause(
    "Le serveur de mail ne répond pas",
    "Le portail réessaie seul pendant un jour. Vérifiez le serveur de mail et son réglage.",
)
_AGAIN = " Les courriers en attente partiront seuls."
_NO_TLS = Cause(
    "Le serveur de mail ne propose pas de connexion chiffrée",
    "Rien n’est envoyé en clair. Faites activer STARTTLS sur ce serveur, ou corrigez son réglage."
    + _AGAIN,
)
_PASSWORD = Cause(
    "Le serveur de mail refuse le mot de passe du portail",
    "Corrigez RIBAMBELLE_SMTP_USERNAME et RIBAMBELLE_SMTP_PASSWORD, puis redémarrez le worker."
    + _AGAIN,
)
_COME_BACK = Cause(
    "Le serveur de mail demande d’essayer plus tard",
    "Le portail réessaie seul pendant un jour. Vous pouvez relancer l’étape tout de suite.",
)
_FULL = Cause(
    "La boîte aux lettres de la famille est pleine",
    "Appelez la famille, ou corrigez son adresse, puis renvoyez le courrier.",
)
_UNKNOWN_ADDRESS = Cause(
    "Mail refusé par le serveur : adresse inconnue",
    "Demandez la bonne adresse à la famille, corrigez-la, puis renvoyez le courrier.",
)
_REFUSED = Cause(
    "Mail refusé par le serveur",
    "Vérifiez l’adresse et le réglage du serveur de mail, puis renvoyez le courrier.",
)
_KEY = Cause(
    "Une clé manque : ce qui est réservé ne s’ouvre pas",
    "Remettez la clé dans RIBAMBELLE_KEYS et redémarrez ; « ribambelle check --keys » la nomme.",
)
_INSPECTION = Cause(
    "Le contrôle des documents ne fonctionne pas",
    "Vérifiez la place sur le disque et la mémoire du serveur, puis relancez l’étape.",
)

_CAUSES: Final[Mapping[str, Cause]] = {
    "smtp_unreachable": _MAIL_AWAY,
    "smtp_disconnected": _MAIL_AWAY,
    "smtp_421": _MAIL_AWAY,
    "smtp_450": _COME_BACK,
    "smtp_451": _COME_BACK,
    "smtp_452": _FULL,
    "smtp_550": _UNKNOWN_ADDRESS,
    "smtp_551": _UNKNOWN_ADDRESS,
    "smtp_552": _FULL,
    "smtp_553": _UNKNOWN_ADDRESS,
    "smtp_535": _PASSWORD,
    "smtp_unknown_host": Cause(
        "Le nom du serveur de mail est introuvable",
        "Vérifiez RIBAMBELLE_SMTP_HOST et le service de noms (DNS) de ce serveur." + _AGAIN,
    ),
    "smtp_protocol": Cause(
        "Le serveur de mail répond de façon incompréhensible",
        "Vérifiez RIBAMBELLE_SMTP_HOST et RIBAMBELLE_SMTP_PORT : est-ce bien un serveur de mail ?"
        + _AGAIN,
    ),
    "smtp_certificate": Cause(
        "Le certificat du serveur de mail n’est pas valable",
        "Rien n’est envoyé en clair. Faites corriger le certificat, ou RIBAMBELLE_SMTP_HOST s’il "
        "ne porte pas ce nom." + _AGAIN,
    ),
    "smtp_no_tls": _NO_TLS,
    "smtp_no_auth": Cause(
        "Le serveur de mail ne demande pas de mot de passe, ou pas sur cette connexion",
        "Activez RIBAMBELLE_SMTP_START_TLS, ou retirez RIBAMBELLE_SMTP_USERNAME." + _AGAIN,
    ),
    "smtp_no_utf8": Cause(
        "Le serveur de mail ne sait pas écrire à une adresse avec des accents",
        "Demandez une adresse sans accent à la famille, corrigez-la, puis renvoyez le courrier.",
    ),
    "smtp_bad_address": _UNKNOWN_ADDRESS,
    "key_unknown": _KEY,
    "no_key": _KEY,
    "seal_broken": Cause(
        "Une réponse réservée ne s’ouvre pas : elle a été changée ou déplacée dans la base",
        "Restaurez cette ligne depuis une sauvegarde, puis relancez l’étape.",
    ),
    "gave_up": Cause(
        "Mail abandonné après un jour d’essais",
        "Vérifiez l’adresse et le serveur de mail, puis renvoyez le courrier.",
    ),
    "file_not_found_error": Cause(
        "Un fichier a disparu du disque",
        "Restaurez-le depuis la dernière sauvegarde, puis relancez l’étape. Sans sauvegarde, "
        "demandez à la famille de retirer son dossier et de le recommencer.",
    ),
    "files_away": Cause(
        "Le rangement des documents ne répond pas",
        "Le portail réessaie seul. Vérifiez le stockage S3 (RIBAMBELLE_FILES_URL et ses clefs), ou "
        "la place sur le disque.",
    ),
    "cannot_inspect_error": _INSPECTION,
    "lost_error": _INSPECTION,
    "operational_error": _DATABASE,
    "interface_error": _DATABASE,
    "timeout": Cause(
        "L’étape a été coupée, ou dure trop longtemps",
        "Le portail réessaie seul. Si cela dure, vérifiez que le worker a assez de mémoire.",
    ),
    "permission_error": Cause(
        "Le portail n’a pas le droit de lire ou d’écrire un fichier",
        "Rendez au portail ses droits sur le dossier des documents, puis relancez l’étape.",
    ),
    "os_error": Cause(
        "Le disque a refusé de lire ou d’écrire",
        "Vérifiez que le disque n’est pas plein, puis relancez l’étape.",
    ),
    "not_found": Cause(
        "Le dossier ou le courrier n’est plus dans la base de données",
        "La base a peut-être été restaurée. Lancez « ribambelle reconcile ».",
    ),
    "not_printed": Cause(
        "Un courrier attend d’être imprimé depuis plus de deux jours ouvrés",
        "Prévenez l’accueil : la personne n’a pas d’adresse mail et ne sait pas encore. La page "
        "« À l’accueil » le propose à l’impression.",
    ),
    "slow": Cause(
        "Le contrôle des documents dure plus longtemps que prévu",
        "Attendez quelques minutes. Si cela dure, redémarrez le worker.",
    ),
    "worker_away": Cause(
        "Aucun worker n’est au travail",
        "Redémarrez le worker : tout ce qui est gardé avancera seul.",
    ),
    "workflow_failing": Cause(
        "Le déroulement du dossier est arrêté par une erreur du logiciel",
        "Rien n’est perdu. Donnez le numéro du dossier à la personne qui entretient le portail : "
        "le dossier repartira avec la correction.",
    ),
}

_STAGES: Final[Mapping[str, Cause]] = {
    "hello": Cause(
        "Le serveur de mail refuse de parler à ce serveur",
        "Demandez à qui s’occupe du serveur de mail d’y autoriser le portail." + _AGAIN,
    ),
    "tls": _NO_TLS,
    "auth": _PASSWORD,
    "sender": Cause(
        "Le serveur de mail refuse l’adresse du portail",
        "Corrigez RIBAMBELLE_MAIL_FROM, ou faites autoriser cette adresse, puis redémarrez le "
        "worker." + _AGAIN,
    ),
}

_STEPS: Final[Mapping[str, str]] = {
    "record": "Enregistrer une étape du dossier",
    "remind": "Écrire un rappel",
    "last_saved": "Regarder si le brouillon a changé",
    "acts_given_before": "Chercher ce qui a été donné à temps",
    "note_unheard": "Noter une décision sans effet",
    "inspect": "Contrôler un document",
    "send": "Envoyer un courrier",
    "give_up": "Abandonner l’envoi d’un courrier",
    "take_turn": "Faire avancer une campagne",
    "begin_night": "Commencer l’effacement de nuit",
    "warn_families": "Prévenir d’un effacement",
    "erase_overdue": "Effacer ce dont la durée est passée",
    "end_night": "Finir l’effacement de nuit",
}

_LETTERS: Final[Mapping[str, str]] = {
    "acknowledgement": "Accusé de réception",
    "answer_received": "Complément bien reçu",
    "approve": "Réponse : accepté",
    "refuse": "Réponse : refusé",
    "approve_by_rule": "Accepté automatiquement",
    "retention_warning": "Annonce d’un effacement",
    "other_informed": "Autre parent informé d’un dossier",
    "cosign_asked": "Accord demandé à l’autre parent",
    "cosign_reminder": "Rappel : accord de l’autre parent",
    "cosign_overdue": "Au service : accord qui manque",
    "cosignature_waived": "Accord de l’autre parent : passé outre",
    "cosigned": "Accord de l’autre parent",
    "objection_called": "Au service : désaccord de l’autre parent",
    "objection_raised": "Décision suspendue",
    "objection_settled": "À l’autre parent : désaccord réglé",
    "objection_lifted": "Étude reprise après un désaccord",
    "silence_alert": "Au service : réponse à donner",
    "deem_approved": "Accepté par silence",
    "deem_refused": "Refusé par silence",
    "complement_request": "Demande de complément",
    "complement_reminder": "Rappel du complément",
    "request_cancelled": "Demande de complément annulée",
    "close_without_action": "Classé sans suite",
    "draft_reminder": "Rappel : dossier à finir",
    "draft_warning": "Dernier rappel : dossier à finir",
    "abandon": "Brouillon fermé",
    "withdraw": "Demande retirée",
    "first_link": "Lien pour créer un accès",
    "sign_in_link": "Lien pour se connecter",
    "attach_link": "Lien pour confirmer une adresse notée à l’accueil",
    "activation": "Annonce du portail à une famille connue",
    "campaign_invitation": "Campagne : invitation",
    "campaign_not_begun": "Campagne : rappel pour commencer",
    "campaign_begun": "Campagne : rappel pour envoyer",
    "campaign_missing": "Campagne : rappel d’un document",
    "campaign_last": "Campagne : dernier rappel",
    "invitation": "Invitation d’un agent",
    "recovery_code_used": "Un code de secours a servi",
    "second_factor_reset": "Téléphone détaché",
    "many_openings": "Alerte : beaucoup de documents ouverts",
}


def cause_of(code: str) -> Cause:
    """What this code means; an unknown one is a fault of the software, and says so."""
    if code in _CAUSES:
        return _CAUSES[code]
    if refused := _REFUSAL.fullmatch(code):
        return _STAGES.get(refused["stage"] or "") or (
            _COME_BACK if refused["number"].startswith("4") else _REFUSED
        )
    return _SOFTWARE


_REFUSAL = re.compile(r"smtp_(?:(?P<stage>[a-z]+)_)?(?P<number>[45]\d\d)")


def server_number(code: str) -> str:
    """The number a mail server answered with; empty when this code has none."""
    refused = _REFUSAL.fullmatch(code)
    return refused["number"] if refused else ""


def answer_of(code: str) -> str:
    """What the mail server answered, for a person: the words, then the number if there is one."""
    number = server_number(code)
    return f"{cause_of(code).title} (code {number})" if number else cause_of(code).title


def step_words(step: str) -> str:
    """A step by its name in the engine."""
    return _STEPS.get(step, "Étape du portail")


def letter_words(kind: str) -> str:
    """A kind of letter."""
    return _LETTERS.get(kind, "Courrier")
