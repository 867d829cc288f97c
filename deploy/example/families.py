"""The families of the example town: who they are and what they answer. All of it is invented."""

from collections.abc import Mapping

from deploy.example import mail_domains
from deploy.example.valbourg import ELEMENTAIRE, LILAS, MOULIN, Person
from domain.paper import paper_address
from domain.questions import Values

Answers = Mapping[str, Values]

CLAIRE = Person("claire.martin@exemple.fr", "Claire Martin")
YASMINE = Person("yasmine.haddad@exemple.fr", "Yasmine Haddad")
THOMAS = Person("thomas.petit@exemple.fr", "Thomas Petit")
AMELIE = Person("amelie.lefevre@exemple.fr", "Amélie Lefèvre")
JULIEN = Person("julien.moreau@exemple.fr", "Julien Moreau")
NADIA = Person("nadia.cherif@exemple.fr", "Nadia Chérif")
OLIVIER = Person("olivier.etcheverry@exemple.fr", "Olivier Etcheverry")
MAI = Person("mai.nguyen@exemple.fr", "Mai Nguyen")
SARAH = Person("sarah.cohen@exemple.fr", "Sarah Cohen")
LUCAS = Person("lucas.dubois@exemple.fr", "Lucas Dubois")
INES = Person("ines.garcia@exemple.fr", "Inès García")
MARC = Person(f"marc.petitjean@{mail_domains.UNKNOWN}", "Marc Petitjean")
EMMA = Person(f"emma.roussel@{mail_domains.SLOW}", "Emma Roussel")
JEANNE = Person(paper_address("jeanne"), "Jeanne Lopez")
"""A grandmother without mail: what she asks for is typed at the desk."""
FAMILIES = (
    CLAIRE, YASMINE, THOMAS, AMELIE, JULIEN, NADIA, OLIVIER, MAI, SARAH, LUCAS, INES, MARC, EMMA,
    JEANNE,
)  # fmt: skip

_NO_ONE = {"has_other": "no"}
_SIMPLE = {"separated": "no", "court_ruling": "no", "hosted": "no", "from_other_school": "no"}


def family(
    parent: Person,
    street: str,
    relation: str = "mother",
    *,
    other: str = "",
    city: str = "Valbourg",
    postal_code: str = "47990",
) -> Answers:
    """The pages about the parents and their home. `other` is the other parent, if there is one."""
    first, _, last = parent.name.partition(" ")
    other_first, _, other_last = other.partition(" ")
    other_relation = "father" if relation == "mother" else "mother"
    other_page = {
        "has_other": "yes",
        "first_name": other_first,
        "last_name": other_last,
        "relation": other_relation,
        "phone": "06 99 00 02 02",
    }
    return {
        "vous": {
            "first_name": first,
            "last_name": last,
            "relation": relation,
            "phone": "06 99 00 01 01",
        },
        "adresse": {"street": street, "postal_code": postal_code, "city": city},
        "autre-parent": other_page if other else _NO_ONE,
    }


def with_child(
    home: Answers,
    name: str,
    born: str,
    grade: str,
    school: str,
    *,
    situation: Values | None = None,
    wish: str = "",
    contacts: Values | None = None,
) -> Answers:
    """All the pages: those of the home, then the child's. `born` is a day, ISO."""
    first, _, last = name.partition(" ")
    return {
        **home,
        "enfant": {
            "first_name": first,
            "last_name": last,
            "birth_date": born,
            "birth_place": "Agen",
        },
        "ecole": {"grade": grade, "school": school, "school_reason": wish},
        "situation": {**_SIMPLE, **(situation or {})},
        "contacts": contacts or {},
    }


_GRANDMOTHER = {
    "contact_1_name": "Monique Martin",
    "contact_1_phone": "06 99 00 03 03",
    "contact_1_link": "Grand-mère",
    "contact_1_pick_up": "yes",
    "contact_1_emergency": "yes",
}
_CLAIRES = family(CLAIRE, "12 rue des Lilas", other="Antoine Martin")
LENA = with_child(_CLAIRES, "Léna Martin", "2019-01-04", "ce1", ELEMENTAIRE, contacts=_GRANDMOTHER)
TOM = with_child(
    _CLAIRES, "Tom Martin", "2023-05-18", "ps", LILAS, contacts=_GRANDMOTHER,
    wish="Sa sœur Léna est à l’école élémentaire Jean-Moulin, à côté.",
)  # fmt: skip
ADAM = {
    **family(YASMINE, "3 impasse du Puits"),
    "enfant": {
        "first_name": "Adam",
        "last_name": "Haddad",
        "birth_date": "2023-02-11",
        "birth_place": "Marmande",
    },
}
NOE = with_child(
    family(THOMAS, "8 avenue de la Gare", "father", other="Julie Petit"),
    "Noé Petit", "2020-07-30", "cp", ELEMENTAIRE,
)  # fmt: skip
LOUISE = with_child(
    family(AMELIE, "21 rue du Pont"), "Louise Lefèvre", "2021-03-09", "gs", LILAS,
    situation={"from_other_school": "yes", "previous_school": "École du Centre, Agen"},
)  # fmt: skip
GABIN = with_child(
    family(JULIEN, "5 chemin des Vignes", "father"), "Gabin Moreau", "2022-11-23", "ms", MOULIN,
    situation={"hosted": "yes", "host_name": "Denise Moreau"},
)  # fmt: skip
SOFIA = with_child(
    family(NADIA, "17 rue des Écoles", other="Rachid Chérif"), "Sofia Chérif", "2021-08-02", "gs",
    LILAS, situation={"separated": "yes", "court_ruling": "yes"},
)  # fmt: skip
MAYLIS = with_child(
    family(OLIVIER, "2 place du Foirail", "father"),
    "Maylis Etcheverry",
    "2018-12-15",
    "ce2",
    MOULIN,
)
LINH = with_child(
    family(MAI, "30 route d’Agen", city="Pont-du-Lot", postal_code="47991"),
    "Linh Nguyen", "2019-10-27", "ce1", ELEMENTAIRE, wish="Je travaille à Valbourg.",
)  # fmt: skip
ELIE = with_child(
    family(SARAH, "6 rue Haute", city="Pont-du-Lot", postal_code="47991"),
    "Élie Cohen", "2020-01-20", "cp", ELEMENTAIRE,
)  # fmt: skip
JADE = with_child(
    family(LUCAS, "44 rue de la Fontaine", "father"), "Jade Dubois", "2022-04-06", "ms", MOULIN
)
HUGO = with_child(family(INES, "9 rue Basse"), "Hugo García", "2023-09-12", "ps", LILAS)
ALBA = with_child(family(INES, "9 rue Basse"), "Alba García", "2017-06-25", "cm1", ELEMENTAIRE)
VICTOR = with_child(
    family(MARC, "1 allée des Tilleuls", "father", other="Aude Petitjean"),
    "Victor Petitjean", "2020-03-14", "cp", MOULIN,
)  # fmt: skip
BASILE = with_child(
    family(JEANNE, "2 impasse du Moulin", "other"), "Basile Lopez", "2022-05-17", "ms", LILAS
)
AMBRE = {**BASILE, "enfant": {**BASILE["enfant"], "first_name": "Ambre"}}
ROSE = with_child(family(EMMA, "13 rue du Lavoir"), "Rose Roussel", "2022-09-30", "ms", LILAS)
ZOE = with_child(family(SARAH, "6 rue Haute"), "Zoé Cohen", "2023-03-03", "ps", LILAS)
MILO = with_child(
    family(LUCAS, "44 rue de la Fontaine", "father"), "Milo Dubois", "2018-02-17", "ce2", MOULIN
)
