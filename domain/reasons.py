"""Why a piece must be replaced, and why a dossier is refused: codes, and the words of the letters.

A refusal is reasoned in law and in fact (CRPA L211-2 and following): a code of `REFUSALS` gives the
ground, the agent's own words the facts.
"""

from collections.abc import Mapping

COMPLEMENTS: Mapping[str, str] = {
    "missing": "Ce document manque.",
    "unreadable": "Le document n’est pas lisible.",
    "incorrect": "Ce n’est pas le bon document, ou il ne correspond pas à vos réponses.",
    "outdated": "Le document n’est plus valable.",
}

REFUSALS: Mapping[str, str] = {
    "not_resident": "L’enfant n’habite pas la commune (code de l’éducation, article L131-5).",
    "too_young": "L’enfant n’a pas l’âge d’entrer à l’école (code de l’éducation, article L113-1).",
    "capacity": "Les écoles de la commune n’ont plus de place pour un enfant d’une autre commune "
    "(code de l’éducation, article L212-8).",
    "duplicate": "Une autre demande existe déjà pour cet enfant.",
    "other": "Autre motif, expliqué ci-dessous.",
}
