"""The pages of questions of a school registration, in the order in which a parent meets them."""

from domain.likeness import plain
from domain.questions import YES_NO, Choice, Field, Section, Values
from domain.rights import FieldGroup

RELATIONS = (
    Choice("mother", "Mère"),
    Choice("father", "Père"),
    Choice("guardian", "Tuteur ou tutrice"),
    Choice("other", "Autre responsable"),
)
GRADES = (
    Choice("ps", "Petite section (3 ans)"),
    Choice("ms", "Moyenne section (4 ans)"),
    Choice("gs", "Grande section (5 ans)"),
    Choice("cp", "CP (6 ans)"),
    Choice("ce1", "CE1 (7 ans)"),
    Choice("ce2", "CE2 (8 ans)"),
    Choice("cm1", "CM1 (9 ans)"),
    Choice("cm2", "CM2 (10 ans)"),
)
_OTHER = ("has_other", "yes")
_FRANCE = frozenset(
    {"", "fr", "france", "guadeloupe", "guyane", "la reunion", "martinique", "mayotte", "reunion",
     "saint barthelemy", "saint martin", "saint pierre et miquelon"}
)  # fmt: skip


def contact_fields(number: int) -> tuple[Field, ...]:
    """The questions about somebody to call, or who may fetch the child."""
    heading = f"Personne {number}"
    return (
        Field(f"contact_{number}_name", f"{heading} : prénom et nom", required=False),
        Field(f"contact_{number}_phone", f"{heading} : téléphone", "tel", required=False),
        Field(
            f"contact_{number}_link",
            f"{heading} : lien avec l’enfant",
            required=False,
            hint="Par exemple : grand-mère, voisin, assistante maternelle.",
        ),
        Field(
            f"contact_{number}_pick_up",
            f"{heading} peut venir chercher l’enfant",
            "checkbox",
            required=False,
        ),
        Field(
            f"contact_{number}_emergency",
            f"{heading} est à appeler en cas d’urgence",
            "checkbox",
            required=False,
        ),
    )


CONTACTS = contact_fields(1) + contact_fields(2) + contact_fields(3)
CONTACT_GROUPS = {f"contact_{number}": f"Personne {number}" for number in (1, 2, 3)}


def lives_abroad(values: Values) -> bool:
    """Whether this address names another country than France, of which the overseas are a part."""
    return plain(values.get("country", "")) not in _FRANCE


ADDRESS = (
    Field("street", "Numéro et rue", autocomplete="street-address", max_length=160),
    Field(
        "postal_code",
        "Code postal",
        autocomplete="postal-code",
        max_length=10,
        pattern=r"\d{5}",
        pattern_message="Écrivez les 5 chiffres du code postal, par exemple 47240. "
        "À l’étranger, indiquez le pays.",
        spaceless=True,
        is_free=lives_abroad,
    ),
    Field("city", "Commune", autocomplete="address-level2"),
    Field(
        "country",
        "Pays, si ce n’est pas la France",
        required=False,
        autocomplete="country-name",
        max_length=60,
    ),
)
OTHER_PARENT = Section(
    "autre-parent",
    "L’autre parent",
    (
        Field(
            "has_other",
            "L’enfant a-t-il un autre parent ou responsable ?",
            "choice",
            choices=(*YES_NO, Choice("unsaid", "Je ne souhaite pas répondre")),
        ),
        Field("first_name", "Son prénom", only_if=_OTHER),
        Field("last_name", "Son nom", only_if=_OTHER),
        Field("relation", "Cette personne est", "choice", choices=RELATIONS, only_if=_OTHER),
        Field("phone", "Son téléphone", "tel", required=False, only_if=_OTHER),
        Field("email", "Son adresse mail", "email", required=False, only_if=_OTHER),
        Field(
            "address",
            "Son adresse, si elle est différente de la vôtre",
            "long_text",
            required=False,
            only_if=_OTHER,
            max_length=300,
        ),
    ),
)

LIVING = (
    Field(
        "separated",
        "Les parents sont séparés",
        "checkbox",
        required=False,
        group=FieldGroup.CUSTODY,
    ),
    Field(
        "court_ruling",
        "Une décision de justice concerne l’enfant",
        "checkbox",
        required=False,
        hint="Vous n’êtes pas obligé de la donner : cochez si vous voulez la joindre.",
        group=FieldGroup.CUSTODY,
    ),
    Field("hosted", "Nous sommes hébergés par quelqu’un", "checkbox", required=False),
    Field(
        "host_name",
        "Prénom et nom de la personne qui vous héberge",
        only_if=("hosted", "yes"),
    ),
)
"""What a family may say of how it lives, so that only useful documents are asked."""

SECTIONS: tuple[Section, ...] = (
    Section(
        "vous",
        "Vous",
        (
            Field("first_name", "Votre prénom", autocomplete="given-name"),
            Field("last_name", "Votre nom", autocomplete="family-name"),
            Field("relation", "Vous êtes", "choice", choices=RELATIONS),
            Field("phone", "Votre téléphone", "tel", autocomplete="tel"),
        ),
        intro="Vous recevrez les courriers et, plus tard, les factures de l’enfant.",
    ),
    Section(
        "adresse",
        "Votre foyer",
        ADDRESS,
        intro="L’adresse où l’enfant habite avec vous.",
    ),
    OTHER_PARENT,
    Section(
        "enfant",
        "L’enfant",
        (
            Field("first_name", "Prénom de l’enfant"),
            Field("last_name", "Nom de l’enfant"),
            Field("birth_date", "Date de naissance", "date", hint="Par exemple : 12/03/2023"),
            Field("birth_place", "Commune de naissance"),
        ),
    ),
    Section(
        "ecole",
        "L’école souhaitée",
        (
            Field("grade", "Classe demandée", "select", choices=GRADES),
            Field("school", "École souhaitée", "choice", choices_from="schools"),
            Field(
                "school_reason",
                "Une raison particulière ?",
                "long_text",
                required=False,
                hint="Par exemple : un frère ou une sœur dans cette école.",
                max_length=1000,
            ),
        ),
        intro="La mairie affecte les enfants selon leur adresse. Votre souhait est étudié.",
    ),
    Section(
        "situation",
        "Votre situation",
        (
            *LIVING,
            Field(
                "from_other_school",
                "L’enfant vient d’une autre école",
                "checkbox",
                required=False,
            ),
            Field(
                "previous_school",
                "Nom et commune de l’ancienne école",
                only_if=("from_other_school", "yes"),
                max_length=200,
            ),
        ),
        intro="Cochez ce qui est vrai pour vous, ou rien. "
        "Ces réponses servent à demander seulement les documents utiles.",
    ),
    Section(
        "contacts",
        "Les personnes à contacter",
        CONTACTS,
        intro="En plus des parents. Vous pouvez laisser vide et compléter plus tard.",
        groups=CONTACT_GROUPS,
    ),
)
