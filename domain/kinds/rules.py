"""The shape of a kind of dossier: what it asks, which pieces, on which legal ground."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.asking import as_asked, told
from domain.questions import Answers, Section, always
from domain.rights import FieldGroup

__all__ = ["Piece", "PieceRule", "Requirement", "Rules", "always", "said_yes"]


class Requirement(StrEnum):
    """Whether the town may, must or must not ask for a piece."""

    MANDATORY = "mandatory"
    OPTIONAL = "optional"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True)
class Piece:
    """A type of supporting document, with the words of the screens.

    `sworn_statement` is the text a guardian may declare instead, where the law accepts it; empty
    where a document is the only way. A piece of a `group` is opened by who has that group. One of
    the child at a `place` of a dossier about several is shown with the child's name.
    """

    code: str
    title: str
    examples: str
    sworn_statement: str = ""
    group: FieldGroup | None = None
    place: int = 0


@dataclass(frozen=True)
class PieceRule:
    """In which situation a piece is asked, why, and which text says so.

    `tells` is the group of the answers that the sentence `why` gives away, if it does. For a piece
    that must be `new`, what the family gave to an earlier dossier does not stand.
    """

    piece: Piece
    requirement: Requirement
    why: str
    basis: str
    when: Callable[[Answers], bool]
    tells: FieldGroup | None = None
    new: bool = False


@dataclass(frozen=True)
class Rules:
    """One kind of dossier, readable by the town hall.

    `sections` are all its pages, `sections_for` those that some answers bring. A kind that
    `starts_filled` copies what the town knows at its opening: each page is then confirmed, as it is
    or changed, before the dossier is sent.
    """

    kind: str
    title: str
    sections: tuple[Section, ...]
    pieces: tuple[PieceRule, ...]
    starts_filled: bool = False

    def sections_for(self, answers: Answers) -> tuple[Section, ...]:
        """The pages there are for these answers, in order, with their words and questions."""
        return tuple(as_asked(one, answers) for one in self.sections if one.when(answers))

    def needs(self, answers: Answers) -> tuple[PieceRule, ...]:
        """The pieces to show for these answers: mandatory first, each once, none forbidden."""
        asked = [
            rule
            for rule in self.pieces
            if rule.requirement is not Requirement.FORBIDDEN and rule.when(answers)
        ]
        asked.sort(key=lambda rule: rule.requirement is not Requirement.MANDATORY)
        once: dict[str, PieceRule] = {}
        for rule in asked:
            once.setdefault(rule.piece.code, rule)
        return tuple(_named(rule, answers) for rule in once.values())

    def titles(self, answers: Answers) -> Mapping[str, str]:
        """The name of every piece of this kind; that of one child says whose it is."""
        return {rule.piece.code: _named(rule, answers).piece.title for rule in self.pieces}

    def piece(self, code: str) -> Piece:
        """The piece of that code; KeyError when this kind knows none."""
        return {rule.piece.code: rule.piece for rule in self.pieces}[code]

    @property
    def reserved_groups(self) -> frozenset[FieldGroup]:
        """The reserved groups of which this kind asks something."""
        of_answers = {one.group for section in self.sections for one in section.fields}
        of_pieces = {
            rule.piece.group
            for rule in self.pieces
            if rule.requirement is not Requirement.FORBIDDEN
        }
        return frozenset(one for one in of_answers | of_pieces if one is not None)

    def group_of_piece(self, code: str) -> FieldGroup | None:
        """The reserved group of a piece; None for an open one, or one that this kind has not."""
        return next((one.piece.group for one in self.pieces if one.piece.code == code), None)

    def section(self, code: str) -> Section:
        """The page of questions of that code; KeyError when there is none."""
        return {section.code: section for section in self.sections}[code]


def said_yes(section: str, name: str) -> Callable[[Answers], bool]:
    """The condition "answered yes to this question"."""
    return lambda answers: answers.get(section, {}).get(name) == "yes"


def _named(rule: PieceRule, answers: Answers) -> PieceRule:
    first_name = f"enfants.first_{rule.piece.place}"
    if not rule.piece.place or not told(f"{{{first_name}}}", answers):
        return rule
    what = rule.piece.title.removesuffix(" de l’enfant")
    title = f"{what} {{de {first_name}}}"
    return replace(rule, piece=replace(rule.piece, title=told(title, answers)))
