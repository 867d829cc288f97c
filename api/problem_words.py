"""The French of the errors that programs read, by code when there is one, else by status.

The words of a code that is not here are those of the page of the same error.
"""

from typing import NamedTuple

from api.error_words import BY_CODE as PAGES


class ProblemWords(NamedTuple):
    """`title` is the same for every problem of its type; `detail` says what to do."""

    title: str
    detail: str


CODES = {
    400: "unreadable",
    401: "token_missing",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    409: "conflict",
    412: "stale_version",
    413: "too_large",
    415: "content_type",
    422: "invalid",
    428: "version_missing",
    429: "too_many_calls",
    500: "failure",
    503: "unavailable",
}
"""The code of an error that says none."""

WORDS = {
    "unreadable": ProblemWords(
        "Cette demande n’a pas été comprise",
        "Le corps n’est pas du JSON bien formé, ou l’envoi de fichiers est incomplet.",
    ),
    "unreadable_form": ProblemWords(
        "Cette demande n’a pas été comprise",
        "L’envoi de fichiers est incomplet, ou n’est pas un multipart/form-data bien formé.",
    ),
    "token_missing": ProblemWords(
        "Il faut un jeton",
        "Donnez le jeton dans l’en-tête « Authorization: Bearer rib_… ».",
    ),
    "token_unknown": ProblemWords(
        "Ce jeton n’ouvre rien",
        "Il est faux, révoqué ou trop ancien, ou le compte est fermé. Créez-en un autre.",
    ),
    "scope_missing": ProblemWords(
        "Ce jeton ne permet pas cela",
        "La permission nécessaire est dans l’en-tête WWW-Authenticate.",
    ),
    "not_allowed": ProblemWords(
        "Cette action n’est pas permise", "Le compte de ce jeton ne peut pas faire cela."
    ),
    "not_found": ProblemWords(
        "Cela n’existe pas",
        "L’adresse est fausse, ou ce qu’elle désigne n’est pas à vous.",
    ),
    "method_not_allowed": ProblemWords(
        "Cette adresse ne s’emploie pas ainsi",
        "Les méthodes possibles sont dans l’en-tête Allow.",
    ),
    "conflict": ProblemWords(
        "Cela a changé entre-temps", "Relisez le dossier avant de recommencer."
    ),
    "stale_version": ProblemWords(
        "Le dossier a changé entre-temps",
        "Rien n’a été changé. Relisez-le, puis recommencez avec sa nouvelle version.",
    ),
    "too_large": ProblemWords(
        "C’est trop lourd", "L’envoi dépasse {limit}. Il a été arrêté et rien n’en est gardé."
    ),
    "too_slow": ProblemWords(
        "L’envoi est trop lent", "Presque rien n’est arrivé pendant 30 secondes. Recommencez."
    ),
    "too_many_sendings": ProblemWords(
        "Trop d’envois à la fois", "Attendez la fin des envois en cours, puis recommencez."
    ),
    "content_type": ProblemWords(
        "Ce type de contenu n’est pas pris", "Le type attendu est {expected}."
    ),
    "invalid": ProblemWords(
        "Une valeur ne convient pas", "Rien n’a été changé. Corrigez ce que dit « errors »."
    ),
    "act_key_missing": ProblemWords(
        "Il faut une clé",
        "Donnez à chaque acte un identifiant à vous dans l’en-tête « Idempotency-Key » : un UUID, "
        "ou 32 chiffres hexadécimaux. Avec la même clé, le même acte ne se fait qu’une fois.",
    ),
    "act_id_reused": ProblemWords(
        "Cette clé a déjà servi à autre chose",
        "Rien n’a été changé. Choisissez une nouvelle clé pour chaque acte.",
    ),
    "version_missing": ProblemWords(
        "Il faut dire quelle version a été lue",
        "Reprenez l’en-tête ETag de votre lecture dans l’en-tête « If-Match ».",
    ),
    "version_unreadable": ProblemWords(
        "Cette version n’est pas lisible",
        'L’en-tête « If-Match » attend un ETag du dossier, par exemple "3".',
    ),
    "too_many_calls": ProblemWords(
        "Trop de demandes en peu de temps",
        "Attendez le nombre de secondes de l’en-tête Retry-After.",
    ),
    "failure": ProblemWords(
        "Le portail a rencontré un problème",
        "Ce n’est pas de votre faute. La mairie le retrouve par « instance ».",
    ),
    "unavailable": ProblemWords(
        "Le portail est momentanément indisponible",
        "Rien n’est perdu de ce qui était gardé. Recommencez dans quelques instants, avec la même "
        "clé.",
    ),
    "not_kept": ProblemWords(
        "Le portail est momentanément indisponible",
        "Cet envoi n’est pas gardé. Recommencez dans quelques instants, avec la même clé.",
    ),
}


def words_of(code: str, status: int) -> ProblemWords:
    """What to say of this error; never nothing."""
    if code in WORDS:
        return WORDS[code]
    if code in PAGES:
        return ProblemWords(PAGES[code].title, f"{PAGES[code].happened} {PAGES[code].lost}")
    return WORDS[CODES.get(status, "failure")]
