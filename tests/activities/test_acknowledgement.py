"""The acknowledgement of receipt says what CRPA R112-5 asks, in every situation."""

import pytest

from domain.deadlines import SilenceRule, Terms
from domain.states import Action
from tests.builders import SCHOOLS
from tests.office import Office

RULES = {
    "acceptance": Terms(),
    "rejection": Terms(silence_rule=SilenceRule.REJECTION, silence_basis="article L231-4 (essai)"),
    "none": Terms(silence_rule=SilenceRule.NONE),
}
MISSING = ("child_identity", "proof_of_address")


async def acknowledged(office: Office, terms: Terms, missing: tuple[str, ...] = ()) -> str:
    """What the family reads after sending its dossier, by the act itself."""
    dossier = await office.dossier(terms=terms)
    given = {"child_identity", "guardian_identity", "proof_of_address"} - set(missing)
    await office.gives(dossier, *sorted(given))
    (letter,) = (await office.records(Action.SUBMIT, dossier)).letters
    return (await office.letter(letter)).text.replace("\u00a0", " ")


@pytest.mark.parametrize("missing", [(), MISSING[:1], MISSING])
@pytest.mark.parametrize("rule", RULES)
async def test_an_acknowledgement_says_what_the_law_asks(
    office: Office, rule: str, missing: tuple[str, ...]
) -> None:
    text = await acknowledged(office, RULES[rule], missing)
    assert "Accusé de réception" in text
    assert "Reçu le : lundi 23 novembre 2026" in text
    assert "Numéro : 2026-0001" in text
    facts = (SCHOOLS.name, SCHOOLS.address, SCHOOLS.phone, SCHOOLS.email)
    assert f"Service chargé du dossier : {', '.join(facts)}\n" in text
    assert ("À fournir avant la fin du mercredi 23 décembre 2026" in text) == bool(missing)
    assert ("- Identité de l’enfant" in text) == ("child_identity" in missing)
    assert ("- Justificatif de domicile" in text) == ("proof_of_address" in missing)
    assert "Votre identité" not in text
    assert RULES[rule].silence_basis in text or rule == "none"


@pytest.mark.parametrize(
    ("rule", "missing", "sentences"),
    [
        (
            "acceptance",
            (),
            [
                "n’a pas répondu à la fin du samedi 23 janvier 2027, votre demande sera acceptée",
                "Si votre dossier est complet",
                "attestation sur le portail (article L232-3",
            ],
        ),
        (
            "acceptance",
            MISSING,
            [
                "La mairie a 2 mois pour répondre, à partir du jour où votre dossier est complet.",
                "votre demande sera acceptée",
                "attestation sur le portail (article L232-3",
            ],
        ),
        (
            "rejection",
            (),
            [
                "n’a pas répondu à la fin du samedi 23 janvier 2027, votre demande sera refusée",
                "Voies et délais de recours",
                "Vous pouvez contester cette décision.",
            ],
        ),
        (
            "rejection",
            MISSING,
            [
                "n’a pas répondu à la fin du lundi 22 février 2027, votre demande sera refusée",
                "Ce délai est suspendu pendant que vous complétez le dossier",
                "Voies et délais de recours",
            ],
        ),
        ("none", (), ["La mairie l’étudie."]),
    ],
)
async def test_an_acknowledgement_says_what_silence_means_and_when(
    office: Office, rule: str, missing: tuple[str, ...], sentences: list[str]
) -> None:
    text = await acknowledged(office, RULES[rule], missing)
    for sentence in sentences:
        assert sentence in text
    assert ("acceptée" in text) == (rule == "acceptance")
    assert ("refusée" in text) == (rule == "rejection")
