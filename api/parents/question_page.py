"""One page of questions, ready to be drawn: fields, choices, errors, the way back and forth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from domain.questions import Choice, Field, Lists, Section, Values, choices_of, shown

_NAME_LENGTH = 120


@dataclass(frozen=True)
class Question:
    """One field with its choices, and the questions that only count when it is answered so."""

    asks: Field
    choices: Sequence[Choice] = ()
    depends: Sequence["Question"] = ()

    @property
    def options(self) -> Sequence[Mapping[str, str]]:
        """The choices as the macro `radios` wants them."""
        return [{"value": one.value, "label": one.label} for one in self.choices]

    @property
    def width(self) -> str:
        """The length of the expected answer, a word of the macro `text_field`."""
        return "year" if self.asks.name == "postal_code" else "m" if self.is_short else "l"

    @property
    def is_short(self) -> bool:
        """Whether it is a name, a place: not a street or a sentence."""
        return self.asks.max_length <= _NAME_LENGTH


@dataclass(frozen=True)
class Block:
    """Questions that belong together; `title` is empty for a page without groups."""

    title: str
    questions: Sequence[Question]
    is_open: bool = True


def blocks_of(
    section: Section, values: Values, errors: Mapping[str, str], lists: Lists
) -> Sequence[Block]:
    """The questions of a page: a group that is still empty is folded, except the first."""
    grouped = [
        (title, list(fields))
        for title, fields in groupby(_drawn(section), lambda one: _title(section, one))
    ]
    return [
        Block(
            title,
            _questions(fields, lists),
            is_open=not title
            or place == 0
            or any(values.get(one.name) or one.name in errors for one in fields),
        )
        for place, (title, fields) in enumerate(grouped)
    ]


def _drawn(section: Section) -> Sequence[Field]:
    return [one for one in section.fields if one.kind != "hidden"]


def note_of(section: Section) -> str:
    """Which answers are needed; nothing to say where none is."""
    if not any(one.required and one.only_if is None for one in section.fields):
        return ""
    return "Toutes les réponses sont nécessaires, sauf mention « facultatif »."


def _title(section: Section, one: Field) -> str:
    return next(
        (title for start, title in section.groups.items() if one.name.startswith(start)), ""
    )


def _questions(fields: Sequence[Field], lists: Lists) -> Sequence[Question]:
    free = [one for one in fields if one.only_if is None]
    return [
        Question(
            one,
            choices_of(one, lists),
            tuple(
                Question(other, choices_of(other, lists))
                for other in fields
                if other.only_if is not None and other.only_if[0] == one.name
            ),
        )
        for one in free
    ]


def kept_rows(
    section: Section, kept: Values, typed: Values, lists: Lists
) -> Sequence[Mapping[str, Any]]:
    """What is kept where it differs from what was typed, to be read beside it."""
    return [
        {"label": one.label, "value": shown(one, kept.get(one.name, ""), lists)}
        for one in _drawn(section)
        if kept.get(one.name, "") != typed.get(one.name, "")
    ]
