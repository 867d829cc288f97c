"""What a family may change of its file, one subject at a time: the pages of questions.

The page `sujet` is written by the portal: which subject, which child (`child`, its id), which
person of the child's list (`contact`, an id, or empty for a new one). It is shown nowhere; the page
`enfant` says whom the change is about, where it is about a child.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.kinds.registration_questions import GRADES, SECTIONS
from domain.questions import Answers, Choice, Field, Section, Values, as_day
from domain.rights import FieldGroup

ABOUT = "sujet"
"""The page that the portal writes."""
CHILD_PAGE = "enfant"
YOU, OTHER, BOTH = "you", "other", "both"


class Subject(StrEnum):
    """One part of a family's file. The values are words of addresses, in French."""

    CONTACT_DETAILS = "coordonnees"
    ADDRESS = "adresse"
    CUSTODY = "garde"
    PAYER = "payeur"
    CONTACTS = "contacts"
    SCHOOL = "ecole"
    IDENTITY = "identite"


@dataclass(frozen=True)
class Words:
    """How a subject is named. `of_child`: it is about one child, and not the whole family."""

    title: str
    what: str
    of_child: bool = False


WORDS: Mapping[Subject, Words] = {
    Subject.CONTACT_DETAILS: Words("Changer vos coordonnées", "Coordonnées"),
    Subject.ADDRESS: Words("Changer d’adresse", "Nouvelle adresse"),
    Subject.CUSTODY: Words("Changer la garde d’un enfant", "Garde", of_child=True),
    Subject.PAYER: Words("Changer la personne qui paie", "Personne qui paie"),
    Subject.CONTACTS: Words("Changer une personne autorisée", "Personne autorisée", of_child=True),
    Subject.SCHOOL: Words("Signaler un changement d’école", "École", of_child=True),
    Subject.IDENTITY: Words("Corriger un nom ou une date de naissance", "Identité"),
}


def slug_of(subject: Subject) -> str:
    """The slug of the town's procedure for a subject: each has its own delays and its own rule."""
    return f"changer-{subject.value}"


def about(subject: Subject, *, of_child: bool | None = None) -> Callable[[Answers], bool]:
    """The condition of a page: the dossier is about this subject (and a child, or not)."""

    def is_it(answers: Answers) -> bool:
        said = answers.get(ABOUT, {})
        right_one = said.get("subject") == subject.value
        return right_one and of_child in (None, bool(said.get("child")))

    return is_it


def _fields_of(code: str) -> Mapping[str, Field]:
    page = next(one for one in SECTIONS if one.code == code)
    return {one.name: one for one in page.fields}


_YOU, _CHILD = _fields_of("vous"), _fields_of("enfant")


def _days_in_order(values: Values) -> Mapping[str, str]:
    since, until = as_day(values.get("since", "")), as_day(values.get("until", ""))
    if since and until and until < since:
        return {"until": "Le dernier jour doit être le premier jour ou après le premier jour."}
    return {}


_RESIDENCE = (
    Choice("with_you", "Chez vous"),
    Choice("with_other", "Chez l’autre parent"),
    Choice("alternating", "En alternance chez chacun"),
    Choice("elsewhere", "Chez quelqu’un d’autre"),
)
_PAYERS = (
    Choice(YOU, "Vous"),
    Choice(OTHER, "L’autre parent"),
    Choice(BOTH, "Les deux parents"),
)

PAGES: tuple[Section, ...] = (
    Section(
        "coordonnees",
        "Vos coordonnées",
        (
            _YOU["phone"],
            Field("profession", "Votre profession", required=False),
        ),
        when=about(Subject.CONTACT_DETAILS),
    ),
    replace(
        next(one for one in SECTIONS if one.code == "adresse"),
        title="Votre adresse",
        intro="L’adresse où vous habitez maintenant, avec vos enfants.",
        when=about(Subject.ADDRESS),
    ),
    Section(
        "garde",
        "La garde {de enfant.first_name}",
        (
            Field(
                "residence",
                "Où l’enfant habite-t-il ?",
                "choice",
                choices=_RESIDENCE,
                group=FieldGroup.CUSTODY,
            ),
            Field(
                "since",
                "Depuis quel jour ?",
                "date",
                required=False,
                any_day=True,
                group=FieldGroup.CUSTODY,
            ),
            Field(
                "words",
                "Ce que la mairie doit savoir",
                "long_text",
                required=False,
                hint="Par exemple : les semaines de chaque parent.",
                max_length=1000,
                group=FieldGroup.CUSTODY,
            ),
            Field(
                "court_ruling",
                "Une décision de justice le dit",
                "checkbox",
                required=False,
                hint="Vous n’êtes pas obligé de la donner : cochez si vous voulez la joindre.",
                group=FieldGroup.CUSTODY,
            ),
        ),
        intro="Seuls les agents qui en ont besoin lisent ces réponses.",
        when=about(Subject.CUSTODY),
    ),
    Section(
        "payeur",
        "La personne qui paie",
        (Field("payer", "Qui reçoit les factures ?", "choice", choices=_PAYERS),),
        when=about(Subject.PAYER),
    ),
    Section(
        "contacts",
        "Une personne autorisée pour {enfant.first_name}",
        (
            Field("name", "Prénom et nom", max_length=160),
            Field("phone", "Téléphone", "tel", required=False),
            Field(
                "link",
                "Lien avec l’enfant",
                required=False,
                hint="Par exemple : grand-mère, voisin, assistante maternelle.",
            ),
            Field("pick_up", "Peut venir chercher l’enfant", "checkbox", required=False),
            Field("emergency", "À appeler en cas d’urgence", "checkbox", required=False),
            Field("since", "Premier jour", "date", required=False, any_day=True),
            Field("until", "Dernier jour", "date", required=False, any_day=True),
            Field(
                "removed",
                "Retirer cette personne dès maintenant",
                "checkbox",
                required=False,
                when=lambda answers: bool(answers.get(ABOUT, {}).get("contact")),
            ),
        ),
        when=about(Subject.CONTACTS),
        check=_days_in_order,
    ),
    Section(
        "ecole",
        "L’école {de enfant.first_name}",
        (
            Field(
                "school",
                "Son école dans la commune",
                "select",
                choices_from="schools",
                is_free=lambda values: values.get("elsewhere") == "yes",
            ),
            Field(
                "elsewhere",
                "L’enfant va dans une école privée, ou dans une autre commune",
                "checkbox",
                required=False,
            ),
            Field(
                "other_school",
                "Nom et commune de cette école",
                only_if=("elsewhere", "yes"),
                max_length=200,
            ),
            Field("grade", "Sa classe", "select", choices=GRADES),
        ),
        when=about(Subject.SCHOOL),
    ),
    Section(
        "identite",
        "L’identité {de enfant.first_name}",
        (
            _CHILD["first_name"],
            _CHILD["last_name"],
            _CHILD["birth_date"],
            _CHILD["birth_place"],
        ),
        intro="Corrigez ce qui est mal écrit, comme sur l’acte de naissance.",
        when=about(Subject.IDENTITY, of_child=True),
    ),
    Section(
        "nom",
        "Votre nom",
        (_YOU["first_name"], _YOU["last_name"]),
        intro="Corrigez ce qui est mal écrit, comme sur votre pièce d’identité.",
        when=about(Subject.IDENTITY, of_child=False),
    ),
)
