"""How long the town keeps what, and why: the one place, for the pages, the letters and the acts.

Periods proposed to the town's data officer (RGPD, article 5-1 e). What is kept longer than its
purpose needs is kept because somebody may still contest a decision (CJA R421-5) or because the
child still is at school.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.deadlines import add_months
from domain.states import State


@dataclass(frozen=True)
class Period:
    """How long one kind of data stays, in words, and the reason."""

    code: str
    what: str
    how_long: str
    why: str


PERIODS: tuple[Period, ...] = (
    Period(
        "draft",
        "Un brouillon jamais envoyé",
        "Trois mois après le dernier enregistrement. Vous êtes prévenu deux semaines avant.",
        "La mairie ne l’a pas reçu : rien n’oblige à le garder.",
    ),
    Period(
        "enrolled",
        "Le dossier d’un enfant inscrit, avec ses documents et ses courriers",
        "Tant que l’enfant est scolarisé dans la commune, puis un an.",
        "La commune tient la liste des enfants soumis à l’obligation scolaire (code de "
        "l’éducation, articles L131-6 et R131-3).",
    ),
    Period(
        "closed",
        "Un dossier refusé, retiré ou classé sans suite",
        "Un an après la fin du dossier.",
        "La décision peut être contestée, et la mairie doit pouvoir s’expliquer (code de justice "
        "administrative, article R421-5).",
    ),
    Period(
        "account",
        "Le compte : nom, adresse mail, mot de passe",
        "Jusqu’à ce que vous demandiez à le fermer.",
        "Il sert à vous reconnaître et à vous répondre.",
    ),
    Period(
        "journal",
        "Le journal : qui a fait quoi, quel jour, sans le contenu",
        "Douze mois.",
        "La sécurité du portail (recommandation de la CNIL sur la journalisation, 2021).",
    ),
    Period(
        "technical",
        "Les traces techniques du site",
        "Six mois.",
        "Comprendre une panne ou une attaque.",
    ),
    Period(
        "rights",
        "Votre demande d’effacement et sa réponse",
        "Un an.",
        "Prouver que la mairie vous a répondu (RGPD, articles 5-2 et 12).",
    ),
)
ANSWER_MONTHS = 1
"""How long the town has to answer somebody about their data (RGPD, article 12-3)."""
MOST_EXPORTS, EXPORTS_WITHIN = 5, timedelta(days=1)
"""How often somebody may take their data along in that time: each reads every file they gave."""
_YEAR = 12


def answer_due(asked: date) -> date:
    """The last day to answer a request made that day."""
    return add_months(asked, ANSWER_MONTHS)


def period_of(state: State) -> Period:
    """Which period a dossier in this state follows. An open one that was sent: as an enrolled."""
    if state in (State.DRAFT, State.ABANDONED):
        return _BY_CODE["draft"]
    if state is State.APPROVED or not state.is_closed:
        return _BY_CODE["enrolled"]
    return _BY_CODE["closed"]


def kept_until(state: State, closed_on: date) -> date | None:
    """The first day on which a closed dossier may go; None while only the school can tell."""
    if period_of(state).code == "closed":
        return add_months(closed_on, _YEAR) + timedelta(days=1)
    return None


_BY_CODE = {one.code: one for one in PERIODS}
