"""How long the town keeps what, from when and why: the one place, for pages, letters and nights.

Periods proposed to the town's data officer (RGPD, article 5-1 e). What is kept longer than its
purpose needs is kept because somebody may still contest a decision (CJA R421-5) or because the
child still is at school. What is erased each night follows `CATEGORIES`, and nothing else.

A period runs from the civil day in Paris of its event, and its last day is whole: what ends on
3 March may go on 4 March.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.deadlines import Delay, add_months
from domain.school_years import last_day_of, school_year_of
from domain.states import State


class Category(StrEnum):
    """One kind of data with a period of its own. The value is kept: it is only added to."""

    DRAFT = "draft"
    CLOSED = "closed"
    UPDATED = "updated"
    ENROLLED = "enrolled"
    DOCUMENTS = "documents"
    HEALTH = "health"
    RULINGS = "rulings"
    CONSENTS = "consents"
    ACCEPTANCES = "acceptances"
    QUOTIENTS = "quotients"
    CAMPAIGNS = "campaigns"
    KNOWN = "known"
    ACCOUNT = "account"
    LETTERS = "letters"
    RIGHTS = "rights"
    JOURNAL = "journal"
    TECHNICAL = "technical"


class Subject(StrEnum):
    """What is erased at once: all of a dossier, of a child, of an account; or single rows."""

    DOSSIER = "dossier"
    CHILD = "child"
    ACCOUNT = "account"
    ROWS = "rows"


@dataclass(frozen=True)
class Period:
    """How long one kind of data stays, in words, and the reason.

    `lasts` runs from `event`. `warns`: the family can see what goes, and is told two weeks before.
    """

    code: Category
    what: str
    how_long: str
    why: str
    event: str
    lasts: Delay
    subject: Subject = Subject.ROWS
    warns: bool = False


WARNED_BEFORE = timedelta(days=14)
"""How long before something that a family sees goes, it is told so."""
LEAVES_SCHOOL_AT = 12
"""A child whose departure nobody noted has left on 31 August of the year of this birthday: the last
class of primary school is left at eleven, at twelve by whoever took a year more. Without it, what a
family forgot to announce would stay for ever (RGPD, article 5-1 e). A town that keeps older pupils
changes this number, here and nowhere else: questions, pages and letters follow.
"""
PRESUMED = (
    f"Un enfant dont personne n’a noté le départ compte comme parti le 31 août de l’année de ses "
    f"{LEAVES_SCHOOL_AT} ans : il a quitté l’école primaire. Un agent peut noter un autre jour."
)
"""The same, said to whoever looks at what goes."""
_YEAR, _PROOF = Delay(months=12), Delay(months=60)

PERIODS: tuple[Period, ...] = (
    Period(
        Category.DRAFT,
        "Un brouillon jamais envoyé",
        "Trois mois après le dernier enregistrement. Vous êtes prévenu deux semaines avant.",
        "La mairie ne l’a pas reçu : rien n’oblige à le garder.",
        "La fermeture du brouillon",
        Delay(days=1),  # its last letter is tried for a day
        Subject.DOSSIER,
    ),
    Period(
        Category.ENROLLED,
        "Le dossier d’un enfant inscrit, avec ses documents et ses courriers",
        "Tant que l’enfant est scolarisé dans la commune, puis un an ; sans départ noté, il l’est "
        f"jusqu’au 31 août de l’année de ses {LEAVES_SCHOOL_AT} ans.",
        "La commune tient la liste des enfants soumis à l’obligation scolaire (code de "
        "l’éducation, articles L131-6 et R131-3).",
        "Le départ de l’école, noté ou présumé",
        _YEAR,
        Subject.CHILD,
        warns=True,
    ),
    Period(
        Category.UPDATED,
        "Une actualisation ou une modification acceptée",
        "Deux ans après la décision.",
        "Elle est écrite dans la fiche de la famille ; la décision peut encore être contestée "
        "(code de justice administrative, article R421-5).",
        "La décision",
        Delay(months=24),
        Subject.DOSSIER,
        warns=True,
    ),
    Period(
        Category.CLOSED,
        "Un dossier refusé, retiré ou classé sans suite",
        "Un an après la fin du dossier.",
        "La décision peut être contestée, et la mairie doit pouvoir s’expliquer (code de justice "
        "administrative, article R421-5).",
        "La fin du dossier",
        _YEAR,
        Subject.DOSSIER,
        warns=True,
    ),
    Period(
        Category.DOCUMENTS,
        "Les documents d’un dossier décidé",
        "Jusqu’à la fin de l’année scolaire, puis trois mois ; plus longtemps s’ils servent "
        "encore à un autre dossier.",
        "Ils ont été vérifiés ; les trois mois couvrent un recours (code de justice "
        "administrative, article R421-5).",
        "La fin de l’année scolaire de la décision",
        Delay(months=3),
        Subject.DOSSIER,
        warns=True,
    ),
    Period(
        Category.HEALTH,
        "La fiche santé et le PAI d’un enfant",
        "Jusqu’au départ de l’enfant.",
        "Ils ne servent qu’à son accueil (RGPD, article 9 ; code de la santé publique, article "
        "R2324-39-1).",
        "Le départ de l’école, noté ou présumé",
        Delay(),
        Subject.CHILD,
        warns=True,
    ),
    Period(
        Category.RULINGS,
        "Une décision de justice sur la garde de l’enfant",
        "Jusqu’au départ de l’enfant.",
        "Elle dit à qui l’enfant est confié (code civil, articles 371-1 et 373-2).",
        "Le départ de l’école, noté ou présumé",
        Delay(),
        Subject.CHILD,
    ),
    Period(
        Category.CONSENTS,
        "Les autorisations de droit à l’image",
        "Cinq ans après l’année scolaire pour laquelle elles ont été données.",
        "Prouver que vous avez dit oui, ou non (RGPD, article 7-1 ; code civil, article 2224).",
        "La fin de l’année scolaire",
        _PROOF,
    ),
    Period(
        Category.ACCEPTANCES,
        "L’acceptation d’un règlement",
        "Cinq ans, dès qu’un autre texte l’a remplacé.",
        "Prouver que le texte a été accepté (code civil, article 2224).",
        "L’acceptation",
        _PROOF,
    ),
    Period(
        Category.QUOTIENTS,
        "Le quotient familial",
        "Deux ans après sa déclaration.",
        "Il fonde le tarif, qui peut être corrigé pendant ce temps.",
        "La déclaration",
        Delay(months=24),
    ),
    Period(
        Category.CAMPAIGNS,
        "L’invitation à une campagne d’actualisation",
        "Un an après la fin de la campagne.",
        "Savoir qui a été invité, et relancé.",
        "La fin de la campagne",
        _YEAR,
    ),
    Period(
        Category.KNOWN,
        "La fiche d’une famille connue de la mairie et jamais venue sur le portail",
        "Deux ans après son arrivée dans le portail, ou après le dernier courrier.",
        "Le portail ne lui sert pas ; la mairie garde sa propre liste.",
        "L’arrivée de la fiche",
        Delay(months=24),
        Subject.ACCOUNT,
    ),
    Period(
        Category.ACCOUNT,
        "Le compte : nom, adresse mail, mot de passe",
        "Jusqu’à ce que vous demandiez à le fermer ; sans dossier ni enfant inscrit, deux ans "
        "après votre dernière visite. Vous êtes prévenu deux semaines avant.",
        "Il sert à vous reconnaître et à vous répondre.",
        "La dernière visite",
        Delay(months=24),
        Subject.ACCOUNT,
        warns=True,
    ),
    Period(
        Category.LETTERS,
        "Les mails qui ne concernent pas un dossier",
        "Un an.",
        "Montrer ce qui vous a été écrit.",
        "L’envoi",
        _YEAR,
    ),
    Period(
        Category.JOURNAL,
        "Le journal : qui a fait quoi, quel jour, sans le contenu",
        "Douze mois.",
        "La sécurité du portail (recommandation de la CNIL sur la journalisation, 2021).",
        "La ligne du journal",
        _YEAR,
    ),
    Period(
        Category.TECHNICAL,
        "Les traces techniques du site",
        "Six mois.",
        "Comprendre une panne ou une attaque.",
        "La trace",
        Delay(months=6),
    ),
    Period(
        Category.RIGHTS,
        "Votre demande d’effacement et sa réponse",
        "Un an.",
        "Prouver que la mairie vous a répondu (RGPD, articles 5-2 et 12).",
        "La réponse",
        _YEAR,
    ),
)
CATEGORIES: Mapping[Category, Period] = {one.code: one for one in PERIODS}

ANSWER_MONTHS = 1
"""How long the town has to answer somebody about their data (RGPD, article 12-3)."""
MOST_EXPORTS, EXPORTS_WITHIN = 5, timedelta(days=1)
"""How often somebody may take their data along in that time: each reads every file they gave."""


def answer_due(asked: date) -> date:
    """The last day to answer a request made that day."""
    return add_months(asked, ANSWER_MONTHS)


def period_of(state: State, kind: str = "registration") -> Period:
    """Which period a dossier of this kind follows in this state. An open one: as an approved."""
    if state in (State.DRAFT, State.ABANDONED):
        return CATEGORIES[Category.DRAFT]
    if state is State.APPROVED or not state.is_closed:
        is_registration = kind == "registration"
        return CATEGORIES[Category.ENROLLED if is_registration else Category.UPDATED]
    return CATEGORIES[Category.CLOSED]


def kept_until(state: State, closed_on: date, kind: str = "registration") -> date | None:
    """The first day on which a closed dossier may go; None while only the school can tell."""
    period = period_of(state, kind)
    if not state.is_closed or period.code is Category.ENROLLED:
        return None
    return runs_out(period.code, closed_on)


def runs_out(category: Category, event: date) -> date:
    """The first day on which what happened that day may go."""
    lasts = CATEGORIES[category].lasts
    return add_months(event, lasts.months) + timedelta(days=lasts.days + 1)


def last_event(category: Category, day: date) -> date:
    """The last day whose events have run out on `day`: the other way round of `runs_out`."""
    lasts = CATEGORIES[category].lasts
    event = add_months(day - timedelta(days=lasts.days + 1), -lasts.months)
    while runs_out(category, event + timedelta(days=1)) <= day:
        event += timedelta(days=1)  # the end of a short month stands for several days
    return event


def school_year_ended(day: date) -> date:
    """The end of the last school year that is over that day: a 31 August."""
    ends = last_day_of(school_year_of(day))
    return ends if ends == day else ends.replace(year=ends.year - 1)


def born_until(left_by: date) -> int:
    """The last year of birth of children who have left school by that day, whoever noted it."""
    return school_year_ended(left_by).year - LEAVES_SCHOOL_AT
