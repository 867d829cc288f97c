"""The pages of an actualisation: what the town knows of a family, to be confirmed or changed.

Several children in one go: the page `enfants` says which (`child_1` is the child's id, `name_1` its
name, `first_1` how the pages call it, `update_1` whether it is one of them), and each has its
pages, `ecole-1`, `sante-1`, `autorisations-1`. `checked_on` is the day, ISO, on which the family
last sent what the town knows, `town_form` whether the town has a form in PDF to be filled in. What
the portal writes itself is never taken from what is typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from domain import consents, health
from domain.kinds.registration_questions import (
    ADDRESS,
    CONTACT_GROUPS,
    CONTACTS,
    GRADES,
    LIVING,
    OTHER_PARENT,
)
from domain.questions import Answers, Choice, Field, Section, Values

MOST_CHILDREN = 10
"""How many children of a family one dossier can name."""
CHILDREN = "enfants"
"""The page that says which children the dossier is about."""
RULES_PAGE = "reglement"
"""The page on which the house rules are accepted: it comes with the sending."""
_PLACES = range(1, MOST_CHILDREN + 1)
_RESIDENCE_REASONS = (
    Choice("work", "Notre travail, sans garde ni cantine dans notre commune"),
    Choice("sibling", "Un frère ou une sœur est dans cette école"),
    Choice("other", "Une autre raison : le service vous appellera"),
)


def is_named(place: int) -> Callable[[Answers], bool]:
    """The condition "the family has a child at this place"."""
    return lambda answers: bool(answers.get(CHILDREN, {}).get(f"child_{place}"))


def is_chosen(place: int) -> Callable[[Answers], bool]:
    """The condition "the dossier is about the child at this place"."""
    return lambda answers: place in chosen(answers)


def chosen(answers: Answers) -> Mapping[int, str]:
    """The children that the dossier is about: their ids, by their place."""
    page = answers.get(CHILDREN, {})
    return {
        place: child
        for place in _PLACES
        if (child := page.get(f"child_{place}", "")) and page.get(f"update_{place}") == "yes"
    }


def _some_child(values: Values) -> Mapping[str, str]:
    if any(values.get(f"update_{place}") == "yes" for place in _PLACES):
        return {}
    return {"update_1": "Choisissez au moins un enfant."}


def _both_or_none(values: Values) -> Mapping[str, str]:
    if values["value"] and not values["month"]:
        return {"month": "Indiquez le mois de ce quotient, par exemple 10/2026."}
    if values["month"] and not values["value"]:
        return {"value": "Indiquez le quotient, par exemple 850."}
    return {}


def _is_elsewhere(values: Values) -> bool:
    return values.get("elsewhere") == "yes"


def _child_fields(place: int) -> tuple[Field, ...]:
    return (
        Field(f"child_{place}", "", "hidden", required=False),
        Field(f"name_{place}", "", "hidden", required=False, max_length=250),
        Field(f"first_{place}", "", "hidden", required=False),
        Field(
            f"update_{place}",
            f"{{{CHILDREN}.name_{place}}}",
            "checkbox",
            required=False,
            when=is_named(place),
        ),
    )


def _pages_of_child(place: int) -> tuple[Section, ...]:
    first = f"{CHILDREN}.first_{place}"
    return (
        Section(
            f"ecole-{place}",
            f"L’école {{de {first}}}",
            (
                Field("grade", "Sa classe", "select", choices=GRADES),
                Field(
                    "school",
                    "Son école dans la commune",
                    "select",
                    choices_from="schools",
                    is_free=_is_elsewhere,
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
                Field(
                    "school_reason",
                    "Une raison particulière ?",
                    "long_text",
                    required=False,
                    hint="Par exemple : un frère ou une sœur dans cette école.",
                    max_length=1000,
                ),
            ),
            intro="La classe et l’école de cette année scolaire. "
            "Pour une entrée au CP, choisissez l’école.",
            when=is_chosen(place),
        ),
        Section(
            f"sante-{place}",
            f"La santé {{de {first}}}",
            health.FIELDS,
            intro=health.INTRO,
            when=is_chosen(place),
            check=health.contradictions,
        ),
        Section(
            f"autorisations-{place}",
            f"Les autorisations pour {{{first}}}",
            CONTACTS + consents.FIELDS,
            intro="Les personnes à appeler ou qui peuvent venir chercher l’enfant, puis les "
            "photos et vidéos. Les photos sont à autoriser chaque année : sans réponse, c’est non.",
            groups={**CONTACT_GROUPS, "image_": "Photos et vidéos"},
            when=is_chosen(place),
        ),
    )


SECTIONS: tuple[Section, ...] = (
    Section(
        CHILDREN,
        "Les enfants",
        (
            Field("checked_on", "Dernière vérification", "hidden", required=False),
            *(one for place in _PLACES for one in _child_fields(place)),
            Field("town_form", "Formulaire de la mairie", "hidden", required=False),
        ),
        intro="Les enfants pour lesquels vous faites cette demande, tous en une fois.",
        check=_some_child,
    ),
    Section(
        "foyer",
        "Votre foyer",
        ADDRESS,
        intro="L’adresse où les enfants habitent avec vous.",
    ),
    Section(
        "vous",
        "Vous",
        (
            Field("first_name", "Votre prénom", "fixed", required=False),
            Field("last_name", "Votre nom", "fixed", required=False),
            Field("email", "Votre adresse mail", "fixed", required=False, max_length=254),
            Field("phone", "Votre téléphone", "tel", autocomplete="tel"),
            Field(
                "profession",
                "Votre profession",
                required=False,
                autocomplete="organization-title",
            ),
        ),
    ),
    replace(
        OTHER_PARENT,
        fields=(
            replace(
                OTHER_PARENT.field("has_other"),
                label="Les enfants ont-ils un autre parent ou responsable ?",
            ),
            *OTHER_PARENT.fields[1:],
        ),
    ),
    Section(
        "situation",
        "Votre situation",
        (
            Field(
                "moves",
                "Nous allons déménager pendant l’année scolaire",
                "checkbox",
                required=False,
                hint="Si c’est déjà fait, changez l’adresse de votre foyer.",
            ),
            Field("moves_to", "Votre future commune", only_if=("moves", "yes")),
            Field("changes_school", "Un enfant change d’école", "checkbox", required=False),
            Field(
                "non_resident", "Nous n’habitons pas dans la commune", "checkbox", required=False
            ),
            Field(
                "residence_reason",
                "Pourquoi une école de notre commune ?",
                "choice",
                choices=_RESIDENCE_REASONS,
                only_if=("non_resident", "yes"),
            ),
            *(
                replace(one, label="Une nouvelle décision de justice concerne un enfant")
                if one.name == "court_ruling"
                else one
                for one in LIVING
            ),
        ),
        intro="Cochez ce qui est vrai pour vous, ou rien. "
        "Ces réponses servent à demander seulement les documents utiles.",
    ),
    *(page for place in _PLACES for page in _pages_of_child(place)),
    Section(
        "quotient",
        "Votre quotient familial",
        (
            Field(
                "value",
                "Quotient familial, en euros",
                required=False,
                hint="Il est sur votre attestation de la CAF ou de la MSA.",
                pattern=r"\d{1,5}(,\d{1,2})?",
                pattern_message="Écrivez le quotient en chiffres, par exemple 850.",
                spaceless=True,
                max_length=8,
            ),
            Field(
                "month",
                "Mois de ce quotient",
                required=False,
                hint="Par exemple : 10/2026",
                pattern=r"(0?[1-9]|1[0-2])/20\d\d",
                pattern_message="Écrivez le mois et l’année, par exemple 10/2026.",
                spaceless=True,
                max_length=7,
            ),
        ),
        intro="Facultatif. Sans quotient, le tarif le plus haut s’applique ; il est régularisé "
        "quand vous le donnez.",
        check=_both_or_none,
    ),
    Section(
        RULES_PAGE,
        "Le règlement intérieur",
        (
            Field("accepted", "J’ai lu et j’accepte le règlement intérieur", "checkbox"),
            Field("version", "Version du règlement", "hidden", required=False),
        ),
        with_sending=True,
    ),
)


def month_of(typed: str) -> str:
    """The month of a quotient as it is kept, "2026-10" for "10/2026"; "" for none."""
    month, _, year = typed.partition("/")
    return f"{year}-{int(month):02}" if year and month.isdecimal() else ""
