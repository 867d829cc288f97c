"""The papers of the example town: readable, drawn in code, and marked as specimens of nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from deploy.example.drawing import card, photo_of, sheet
from domain import french
from domain.questions import Values


@dataclass(frozen=True)
class Paper:
    """One paper as a family has it.

    `photo` is its width in pixels when a telephone took it; else it is a PDF. `statement`: declared
    on one's honour instead. `gets_lost`: the disk loses it on arrival.
    """

    name: str
    title: str = ""
    lines: tuple[str, ...] = ()
    photo: int = 0
    is_card: bool = False
    statement: bool = False
    gets_lost: bool = False

    def content(self) -> bytes:
        """The bytes of the file."""
        drawn = (card if self.is_card else sheet)(self.title, self.lines)
        return photo_of(drawn, self.photo) if self.photo else drawn


SWORN = Paper("", statement=True)
LOST = Paper("piece-identite.jpg", "CARTE NATIONALE D’IDENTITÉ", gets_lost=True)


def paper_for(piece: str, answers: Mapping[str, Values]) -> Paper:
    """The usual paper of this piece, made out to the people of these answers."""
    you, other = answers.get("vous", {}), answers.get("autre-parent", {})
    child, home = answers.get("enfant", {}), answers.get("adresse", {})
    place = (home.get("street", ""), f"{home.get('postal_code', '')} {home.get('city', '')}")
    makers = {
        "child_identity": lambda: birth_certificate(child, (you, other)),
        "guardian_identity": lambda: identity_card(you, "carte-identite.jpg"),
        "other_guardian_identity": lambda: identity_card(other, "piece-autre-parent.jpg"),
        "proof_of_address": lambda: energy_bill(you, place),
        "hosting_statement": lambda: hosting_letter(answers, place),
        "court_ruling": lambda: ruling(child),
        "leaving_certificate": lambda: leaving_certificate(child, answers),
    }
    return makers[piece]()


def identity_card(who: Values, name: str, *, photo: int = 1600) -> Paper:
    """The photo of an identity card."""
    lines = (
        f"Nom : {_upper(who, 'last_name')}",
        f"Prénom : {who.get('first_name', '')}",
        "Nationalité : française",
        "N° : SPECIMEN000",
        "Valable jusqu’au : 14/06/2034",
    )
    return Paper(name, "CARTE NATIONALE D’IDENTITÉ", lines, photo=photo, is_card=True)


def birth_certificate(child: Values, parents: tuple[Values, Values]) -> Paper:
    """The scan of a birth certificate."""
    of = " et de ".join(
        f"{one.get('first_name', '')} {_upper(one, 'last_name')}"
        for one in parents
        if one.get("last_name")
    )
    lines = (
        f"Commune {french.of(child.get('birth_place', ''))}",
        "",
        f"Le {french.day(date.fromisoformat(child['birth_date']))} est né(e) :",
        f"{child.get('first_name', '')} {_upper(child, 'last_name')}",
        "",
        f"enfant de {of}",
        "",
        "Copie intégrale délivrée selon le procédé informatisé.",
        "L’officier de l’état civil",
    )
    return Paper("acte-de-naissance.pdf", "ACTE DE NAISSANCE", lines)


def energy_bill(who: Values, place: tuple[str, str], *, photo: int = 0) -> Paper:
    """A bill that shows where somebody lives; with `photo`, photographed."""
    lines = (
        "Votre fournisseur : Énergie du Lot (exemple)",
        "",
        f"{who.get('first_name', '')} {_upper(who, 'last_name')}",
        *place,
        "",
        "Facture du 2 novembre 2026",
        "Période : septembre et octobre 2026",
        "Total à payer : 84,12 €",
    )
    name = "facture.jpg" if photo else "facture-electricite.pdf"
    return Paper(name, "FACTURE D’ÉLECTRICITÉ", lines, photo=photo)


def hosting_letter(answers: Mapping[str, Values], place: tuple[str, str]) -> Paper:
    """The letter of the person who houses the family."""
    you, host = answers.get("vous", {}), answers.get("situation", {}).get("host_name", "")
    lines = (
        f"Je soussigné(e) {host},",
        "certifie sur l’honneur héberger à mon domicile",
        f"{you.get('first_name', '')} {_upper(you, 'last_name')} et son enfant,",
        *place,
        "",
        "Fait à Valbourg, le 3 novembre 2026",
        f"Signé : {host}",
    )
    return Paper("attestation-hebergement.pdf", "ATTESTATION D’HÉBERGEMENT", lines)


def ruling(child: Values) -> Paper:
    """The first page of a ruling on parental authority."""
    lines = (
        "Tribunal judiciaire (exemple)",
        "",
        f"Au sujet de l’enfant {child.get('first_name', '')} {_upper(child, 'last_name')} :",
        "dit que l’autorité parentale est exercée en commun ;",
        "fixe la résidence de l’enfant chez sa mère.",
    )
    return Paper("jugement.pdf", "EXTRAIT DE JUGEMENT", lines)


def leaving_certificate(child: Values, answers: Mapping[str, Values]) -> Paper:
    """What the former school gives when a child leaves."""
    school = answers.get("situation", {}).get("previous_school", "")
    lines = (
        f"École : {school}",
        "",
        f"{child.get('first_name', '')} {_upper(child, 'last_name')}",
        "a été radié(e) des registres de l’école",
        "le 16 octobre 2026.",
        "La directrice",
    )
    return Paper("certificat-radiation.pdf", "CERTIFICAT DE RADIATION", lines)


def _upper(who: Values, name: str) -> str:
    return who.get(name, "").upper()
