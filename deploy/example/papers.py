"""The papers of the example town: readable, drawn in code, and marked as specimens of nothing."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import img2pdf
from PIL import Image, ImageDraw, ImageFont

from domain.questions import Values

_SHEET = (1000, 1414)
_CARD = (1280, 860)
_INK, _PALE, _RED = (27, 36, 48), (225, 232, 238), (150, 40, 40)
_TABLE = (122, 98, 74)


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
        picture = _card(self) if self.is_card else _sheet(self)
        if not self.photo:
            made: bytes = img2pdf.convert(_jpeg(picture), layout_fun=img2pdf.get_layout_fun(_A4))
            return made
        return _jpeg(_on_a_table(picture, self.photo))


_A4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))
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
        f"Commune de {child.get('birth_place', '')}",
        "",
        f"Le {child.get('birth_date', '')} est né(e) :",
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


def _sheet(paper: Paper) -> Image.Image:
    picture = Image.new("RGB", _SHEET, (252, 252, 250))
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((60, 60, _SHEET[0] - 60, 190), fill=_PALE)
    drawing.text((90, 98), paper.title, _INK, font=_font(44))
    for place, line in enumerate(paper.lines):
        drawing.text((90, 270 + 58 * place), line, _INK, font=_font(30))
    _specimen(picture)
    return picture


def _card(paper: Paper) -> Image.Image:
    picture = Image.new("RGB", _CARD, (214, 226, 236))
    drawing = ImageDraw.Draw(picture)
    drawing.text((50, 40), paper.title, _INK, font=_font(46))
    drawing.rounded_rectangle((50, 150, 380, 590), 16, fill=(190, 202, 214))
    drawing.ellipse((145, 220, 285, 380), fill=(150, 164, 178))
    drawing.pieslice((90, 400, 340, 780), 180, 360, fill=(150, 164, 178))
    drawing.rectangle((50, 590, 380, 790), fill=(214, 226, 236))
    for place, line in enumerate(paper.lines):
        drawing.text((430, 170 + 84 * place), line, _INK, font=_font(38))
    _specimen(picture)
    return picture


def _specimen(picture: Image.Image) -> None:
    """No paper of the example town may pass for a true one."""
    stamp = Image.new("L", picture.size, 0)
    middle = (picture.width / 2, picture.height * 0.72)
    ImageDraw.Draw(stamp).text(middle, "SPÉCIMEN", 120, font=_font(150), anchor="mm")
    picture.paste(_RED, mask=stamp.rotate(14, center=middle))


def _on_a_table(picture: Image.Image, width: int) -> Image.Image:
    """As a telephone sees it: on a table, slightly turned."""
    turned = picture.rotate(-2, expand=True, fillcolor=_TABLE)
    photo = Image.new("RGB", (turned.width + 160, turned.height + 160), _TABLE)
    photo.paste(turned, (80, 80))
    height = round(width * photo.height / photo.width)
    return photo.resize((width, height), Image.Resampling.BILINEAR)


def _jpeg(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=80)
    return made.getvalue()


def _font(size: int) -> Any:
    return ImageFont.load_default(size=size)


def _upper(who: Values, name: str) -> str:
    return who.get(name, "").upper()
