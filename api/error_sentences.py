"""What every error page says: what happened, whether anything was lost, what to do next."""

from typing import NamedTuple

ALL_KEPT = "Tout ce que vous aviez enregistré est gardé."
NOTHING_LOST = "Rien n’est perdu."
NOTHING_CHANGED = "Rien n’a été changé."


class Words(NamedTuple):
    """What an error page says. `next_href` "" means the person's own first page."""

    title: str
    happened: str
    lost: str
    next_words: str = "Revenir à l’accueil"
    next_href: str = ""
