"""The words of letters: templates in plain text, set as a French reader expects them.

One file per kind in `templates/letters`: the first line is the subject, the rest the body. No mark
of HTML is in them, and nothing a family typed is ever read as a template.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain import french
from domain.deadlines import last_day

SUBJECT_LENGTH: Final = 70
_NAME_IN_SUBJECT: Final = 26
_NO_BREAK: Final = "\u00a0"


class LetterWords:
    """The town's letter templates, read once."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates" / "letters"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # noqa: S701  plain text; the HTML part escapes every line
        )
        self._templates.filters |= {
            "day": french.day,
            "moment": french.moment,
            "last_day": lambda moment: french.day(last_day(moment)),
            "of": french.of,
            "short": short,
            "begin": lambda text: text[:1].upper() + text[1:],
        }

    def render(self, kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
        """Subject and body. UndefinedError when the context lacks a word of the template."""
        text = self._templates.get_template(f"{kind}.txt").render(**context)
        subject, _, body = text.partition("\n")
        return typeset(subject.removeprefix("Objet :")).strip(), typeset(body)


def short(name: str) -> str:
    """A name that leaves room in a subject: one line, cut with an ellipsis when it is very long."""
    name = " ".join(name.split())
    if len(name) <= _NAME_IN_SUBJECT:
        return name
    return name[: _NAME_IN_SUBJECT - 1].rstrip(" -’'") + "…"


def typeset(text: str) -> str:
    """Never two blank lines, and no line that begins with a sign or a unit."""
    text = re.sub(r"[ \t]+\n", "\n", text.strip())
    text = re.sub(r"\n{3,}", "\n\n", text)
    text = re.sub(r" (?=[:;?!»])|(?<=«) |(?<=n°) ", _NO_BREAK, text)
    return text + "\n"
