"""The town's texts that families read and accept: their kinds, and how plain text becomes a page.

A text is plain: a line that begins with `# ` is a heading, one with `- ` an item of a list, a blank
line ends a paragraph. There is no other mark: what is typed is what is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

MOST_SIGNS = 60_000
MOST_TITLE = 160
_MOST_DAYS_AHEAD = 2 * 366
_HEADING, _ITEM = "# ", "- "


class Code(StrEnum):
    """A kind of text; the value is kept, and stands in addresses of the portal."""

    TERMS = "terms"
    HOUSE_RULES = "house_rules"
    IMAGE_NOTICE = "image_notice"


NAMES: Mapping[Code, str] = {
    Code.TERMS: "Conditions d’utilisation du portail",
    Code.HOUSE_RULES: "Règlement intérieur",
    Code.IMAGE_NOTICE: "Information sur le droit à l’image",
}
TO_ACCEPT: frozenset[Code] = frozenset({Code.TERMS, Code.HOUSE_RULES})
"""What families are asked to accept; the others are there to be read."""


@dataclass(frozen=True)
class Block:
    """A part of a text on its page: a heading, the lines of a paragraph, the items of a list."""

    kind: Literal["heading", "paragraph", "list"]
    lines: tuple[str, ...]


def blocks_of(body: str) -> Sequence[Block]:
    """The parts of a text, in their order. Whatever is typed has some reading."""
    blocks: list[Block] = []
    may_grow = False
    for line in (one.strip() for one in body.splitlines()):
        if not line:
            may_grow = False
        elif line.startswith(_HEADING):
            blocks.append(Block("heading", (line.removeprefix(_HEADING).strip(),)))
            may_grow = False
        else:
            kind: Literal["list", "paragraph"] = "list" if line.startswith(_ITEM) else "paragraph"
            text = line.removeprefix(_ITEM).strip() if kind == "list" else line
            if may_grow and blocks[-1].kind == kind:
                blocks[-1] = Block(kind, (*blocks[-1].lines, text))
            else:
                blocks.append(Block(kind, (text,)))
            may_grow = True
    return blocks


def tidy(body: str) -> str:
    """A text as it is kept: one kind of line end, no spaces at the ends of lines."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def problems_of(
    title: str, body: str, effective_from: date | None, *, today: date
) -> Mapping[str, str]:
    """What forbids publishing this, by field: one French sentence each."""
    problems = {}
    if not title:
        problems["title"] = "Indiquez le titre du texte."
    elif len(title) > MOST_TITLE:
        problems["title"] = f"Raccourcissez le titre : {MOST_TITLE} caractères au plus."
    if not body:
        problems["body"] = "Écrivez le texte."
    elif len(body) > MOST_SIGNS:
        problems["body"] = "Raccourcissez le texte : 60 000 caractères au plus."
    if effective_from is None:
        problems["effective_from"] = "Écrivez une date qui existe, par exemple 01/01/2027."
    elif effective_from < today:
        problems["effective_from"] = "Choisissez aujourd’hui ou un jour à venir."
    elif (effective_from - today).days > _MOST_DAYS_AHEAD:
        problems["effective_from"] = "Choisissez un jour dans les deux ans."
    return problems
