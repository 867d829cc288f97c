"""The example town itself: Valbourg, which does not exist, its departments, schools and people."""

from dataclasses import dataclass, replace

from domain.deadlines import Delay, SilenceRule, Terms
from domain.rights import EVERY_GROUP, Duty
from storage.changes import usual_procedures
from storage.town import Department, Facility, Procedure, TownCard

PASSWORD = "valbourg-exemple"  # noqa: S105
"""Of every account of the example town; the sign-in page of the local town shows it."""

CARD = TownCard(
    name="Valbourg",
    appeal_notice=(
        "Si vous n’êtes pas d’accord avec cette décision, vous avez deux mois à partir du jour où "
        "vous la recevez (article R421-5 du code de justice administrative).\n\n"
        "- Vous pouvez demander à la mairie de revoir sa décision : c’est le recours gracieux. "
        "Écrivez à Mairie de Valbourg, 1 place de la Mairie, 47990 Valbourg. Sans réponse dans les "
        "deux mois, votre recours est refusé ; vous avez alors deux mois pour saisir le tribunal.\n"
        "- Vous pouvez saisir le tribunal administratif de Bordeaux, 9 rue Tastet, 33000 Bordeaux, "
        "ou sur www.telerecours.fr. C’est gratuit, et vous n’avez pas besoin d’avocat."
    ),
)

SCHOOL_DEPARTMENT = Department(
    code="scolarite",
    name="Service scolarité",
    address="1 place de la Mairie, 47990 Valbourg",
    email="scolarite@valbourg.example",
    phone="05 99 00 01 10",
)
NURSERY_DEPARTMENT = Department(
    code="petite-enfance",
    name="Service petite enfance",
    address="4 rue du Lavoir, 47990 Valbourg",
    email="petite-enfance@valbourg.example",
    phone="05 99 00 01 20",
)
DEPARTMENTS = (SCHOOL_DEPARTMENT, NURSERY_DEPARTMENT)

LILAS, ELEMENTAIRE, MOULIN = ("a1" * 16, "b2" * 16, "c3" * 16)
SCHOOLS = (
    Facility(LILAS, "Maternelle des Lilas", "school", "2 allée des Lilas"),
    Facility(ELEMENTAIRE, "École élémentaire Jean-Moulin", "school", "15 rue des Écoles"),
    Facility(MOULIN, "Groupe scolaire du Vieux-Moulin", "school", "40 route du Moulin"),
)

ALERTS = tuple(Delay(days=days) for days in (21, 14, 7, 2))
"""How long before a silent decision its department is told."""

REGISTRATION = Procedure(
    id="d4" * 16,
    slug="inscription-scolaire",
    kind="registration",
    title="Inscription scolaire",
    school_year="2026-2027",
    department=SCHOOL_DEPARTMENT.code,
    is_open=True,
    intro=(
        "Pour un enfant qui habite Valbourg : première entrée à l’école, arrivée dans la commune "
        "ou changement d’école."
    ),
    terms=Terms(silence_alerts=ALERTS),
)
OUTSIDE_REGISTRATION = Procedure(
    id="e5" * 16,
    slug="hors-commune",
    kind="registration",
    title="Inscription scolaire d’un enfant d’une autre commune",
    school_year="2026-2027",
    department=SCHOOL_DEPARTMENT.code,
    is_open=True,
    intro=(
        "Pour un enfant qui n’habite pas Valbourg. L’accès est limité par le nombre de places, "
        "et la commune où vous habitez est consultée."
    ),
    terms=Terms(
        silence_alerts=ALERTS,
        silence_rule=SilenceRule.REJECTION,
        silence_delay=Delay(months=2),
        silence_basis=(
            "article L231-4 du code des relations entre le public et l’administration : l’accès "
            "aux écoles de la commune est limité par leur capacité, article L212-8 du code de "
            "l’éducation"
        ),
    ),
)
CHANGES = usual_procedures(SCHOOL_DEPARTMENT.code, "2026-2027")
"""By which families change their file."""
UPDATE = Procedure(
    id="f6" * 16,
    slug="actualisation-2026-2027",
    kind="actualisation",
    title="Actualisation 2026-2027",
    school_year="2026-2027",
    department=SCHOOL_DEPARTMENT.code,
    is_open=True,
    intro="Une fois par an, pour que la mairie et l’école puissent vous joindre.",
    terms=Terms(),
)
REENROLMENT = replace(
    UPDATE,
    id="a7" * 16,
    slug="reinscription-2027-2028",
    title="Réinscription 2027-2028",
    school_year="2027-2028",
    intro="Pour les enfants déjà inscrits : leur classe de l’année prochaine.",
)
PROCEDURES = (REGISTRATION, OUTSIDE_REGISTRATION, UPDATE, REENROLMENT, *CHANGES)


@dataclass(frozen=True)
class Person:
    """Somebody of the example town, with the account they sign in with."""

    email: str
    name: str
    role: str = "parent"
    title: str = ""
    duties: tuple[Duty, ...] = ()


SOPHIE = Person(
    "agent@valbourg.example", "Sophie Garnier", "agent", "responsable du service scolarité",
    (Duty(SCHOOL_DEPARTMENT.code, EVERY_GROUP),),
)  # fmt: skip
KARIM = Person(
    "karim@valbourg.example", "Karim Benali", "agent", "agent du service scolarité",
    (Duty(SCHOOL_DEPARTMENT.code, EVERY_GROUP),),
)  # fmt: skip
HELENE = Person(
    "petite-enfance@valbourg.example", "Hélène Roux", "agent", "agente du service petite enfance",
    (Duty(NURSERY_DEPARTMENT.code, EVERY_GROUP),),
)  # fmt: skip
ADMIN = Person("admin@valbourg.example", "Alix Lambert", "admin", "administration")
ACCUEIL = Person(
    "accueil@valbourg.example", "Jeanne Morel", "agent", "agente d’accueil",
    (Duty(SCHOOL_DEPARTMENT.code), Duty(NURSERY_DEPARTMENT.code)),
)  # fmt: skip
"""Of two departments, and of no reserved group: what families keep for few is closed to her."""
STAFF = (SOPHIE, KARIM, HELENE, ACCUEIL, ADMIN)
