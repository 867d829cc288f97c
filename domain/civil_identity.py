"""Who somebody is for the register of births: what the CAF and the MSA know people by.

It is asked only to fetch a quotient familial, and never kept.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from domain.questions import YES_NO, Choice, Field, Section, Values, as_day, read

FRANCE: Final = "99100"
_ELSEWHERE: Final = "elsewhere"
_IN_FRANCE = ("in_france", "yes")
_OLDEST = 110
_YOUNGEST = 14


@dataclass(frozen=True)
class CivilIdentity:
    """Who the quotient is asked for.

    `birth_country` is a code of the official geographic code (INSEE). For a birth in France the
    town is named with its department ("47", "2A", "974"); elsewhere both are "".
    """

    last_name: str
    first_names: tuple[str, ...]
    birth_date: date
    sex: Literal["F", "M"]
    birth_country: str = FRANCE
    birth_department: str = ""
    birth_town: str = ""


_COUNTRIES = (
    Choice("99212", "Afghanistan"),
    Choice("99352", "Algérie"),
    Choice("99109", "Allemagne"),
    Choice("99131", "Belgique"),
    Choice("99416", "Brésil"),
    Choice("99322", "Cameroun"),
    Choice("99216", "Chine"),
    Choice("99397", "Comores"),
    Choice("99324", "Congo"),
    Choice("99326", "Côte d’Ivoire"),
    Choice("99134", "Espagne"),
    Choice("99404", "États-Unis"),
    Choice("99330", "Guinée"),
    Choice("99410", "Haïti"),
    Choice("99223", "Inde"),
    Choice("99127", "Italie"),
    Choice("99333", "Madagascar"),
    Choice("99335", "Mali"),
    Choice("99350", "Maroc"),
    Choice("99122", "Pologne"),
    Choice("99139", "Portugal"),
    Choice("99312", "République démocratique du Congo"),
    Choice("99114", "Roumanie"),
    Choice("99132", "Royaume-Uni"),
    Choice("99123", "Russie"),
    Choice("99341", "Sénégal"),
    Choice("99140", "Suisse"),
    Choice("99206", "Syrie"),
    Choice("99351", "Tunisie"),
    Choice("99208", "Turquie"),
    Choice("99155", "Ukraine"),
    Choice("99243", "Viêt Nam"),
    Choice(_ELSEWHERE, "Un autre pays"),
)

SECTION = Section(
    "identite",
    "Récupérer mon quotient familial",
    (
        Field("last_name", "Votre nom de naissance", autocomplete="family-name"),
        Field(
            "first_names",
            "Tous vos prénoms",
            hint="Dans l’ordre de votre pièce d’identité, séparés par un espace.",
            autocomplete="given-name",
        ),
        Field(
            "birth_date",
            "Votre date de naissance",
            hint="Par exemple : 12/03/1988",
            autocomplete="bday",
            max_length=10,
        ),
        Field(
            "sex",
            "Sexe à l’état civil",
            "choice",
            choices=(Choice("F", "Féminin"), Choice("M", "Masculin")),
        ),
        Field("in_france", "Êtes-vous né ou née en France ?", "choice", choices=YES_NO),
        Field(
            "department",
            "Votre département de naissance",
            hint="Son numéro : 47, 2A, 974.",
            pattern=r"0[1-9]|[1-8]\d|9[0-5]|2[ABab]|97\d",
            pattern_message="Écrivez le numéro du département, par exemple 47, 2A ou 974.",
            spaceless=True,
            only_if=_IN_FRANCE,
            max_length=3,
        ),
        Field("town", "Votre commune de naissance", only_if=_IN_FRANCE),
        Field(
            "country",
            "Si c’est à l’étranger, votre pays de naissance",
            "select",
            required=False,
            choices=_COUNTRIES,
        ),
        Field(
            "agrees",
            "J’accepte que la mairie demande mon quotient familial à la CAF ou à la MSA",
            "checkbox",
            hint="Seuls le quotient et son mois sont repris. Votre identité n’est pas gardée.",
        ),
    ),
    intro="La CAF et la MSA vous reconnaissent à votre état civil.",
)


def read_identity(raw: Values, *, today: date) -> tuple[CivilIdentity | None, dict[str, str]]:
    """Read what was typed; None, and for each field one sentence saying what to do, when it cannot.

    Nobody can be asked for who was born in a country that is not of the list.
    """
    values, problems = read(SECTION, raw, {}, today=today)
    born = as_day(values["birth_date"])
    if born is None:
        problems["birth_date"] = "Écrivez une date qui existe, par exemple 12/03/1988."
    elif not _YOUNGEST <= today.year - born.year <= _OLDEST:
        problems["birth_date"] = "Vérifiez l’année de votre naissance."
    is_french = values["in_france"] == "yes"
    if values["in_france"] == "no" and not values["country"]:
        problems["country"] = "Choisissez votre pays de naissance."
    elif values["in_france"] == "no" and values["country"] == _ELSEWHERE:
        problems["country"] = (
            "La mairie ne peut pas encore demander à la CAF pour ce pays de naissance. "
            "Déclarez votre quotient vous-même."
        )
    if problems or born is None:
        return None, problems
    identity = CivilIdentity(
        last_name=values["last_name"],
        first_names=tuple(values["first_names"].replace(",", " ").split()),
        birth_date=born,
        sex="F" if values["sex"] == "F" else "M",
        birth_country=FRANCE if is_french else values["country"],
        birth_department=values["department"].upper() if is_french else "",
        birth_town=values["town"] if is_french else "",
    )
    return identity, {}
