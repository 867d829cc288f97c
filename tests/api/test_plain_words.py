"""What families and agents read is in plain words: no jargon, short questions."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from domain.kinds.catalogue import RULES
from domain.questions import Field

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = [
    *sorted((ROOT / "api" / "templates").rglob("*.html")),
    *sorted((ROOT / "activities" / "templates").rglob("*.txt")),
]
FOR_PROGRAMS = {"rest", "problems.py", "family_sheet.py"}
"""What developers of other systems read, and the heads of columns that other systems write."""
MODULES = [
    path
    for floor in ("domain", "activities", "api")
    for path in sorted((ROOT / floor).rglob("*.py"))
    if not FOR_PROGRAMS & set(path.parts)
]
MOST_WORDS = 15

PLAIN = {
    r"tarification|tarifaire": "le prix",
    r"dématérialis\w+": "en ligne",
    r"éléments?\b": "le nom de la chose",
    r"échéances?": "le jour limite",
    r"instruction\b|instrui\w+": "étudier, la réponse de la mairie",
    r"veuillez": "l’impératif",
    r"courriels?|e-mails?": "mail",
    r"cliqu\w+": "appuyez, choisissez",
    r"renseigne[rz]\w*": "écrire, remplir",
    r"usagers?|administrés?": "vous, la famille",
    r"télé(?:services?|procédures?)": "le portail",
    r"récépissés?": "accusé de réception",
    r"complétude": "complet",
    r"ci-(?:joint|dessus|après)e?s?": "où cela se trouve",
    r"sus(?:mentionn|vis)\w+": "le nom de la chose",
    r"afin de|dans le cadre de|en vue de": "pour",
    r"préalablement|ultérieurement": "avant, plus tard",
    r"(?:est|sont) invité\w*": "l’impératif",
}
"""Words that nobody says at a counter, and what to write instead."""


def sentences_of(path: Path) -> Iterator[str]:
    """What a template says, without its marks; or the texts of a module that are French."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        yield from _texts(ast.parse(text))
        return
    # A text given to a macro is read as well; what stands in marks of the template is not.
    yield from re.findall(r'"([^"{}<>]*[’ éèêàç][^"{}<>]*)"', text)
    bare = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    bare = re.sub(r"</(?:p|li|h\d|dt|dd|a|summary|button|legend)>|\n\n", ".\n", bare)
    yield from re.split(r"(?<=[.!?])\s", unescape(re.sub(r"<[^>]+>", " ", bare)))


def _texts(tree: ast.AST) -> Iterator[str]:
    bodies = [
        getattr(node, "body", [])
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    papers = {id(one.value) for body in bodies for one in body if isinstance(one, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in papers
        ):
            yield node.value


def fields() -> Iterator[Field]:
    for rules in RULES.values():
        for section in rules.sections:
            yield from section.fields


@pytest.mark.parametrize(
    "path", [*TEMPLATES, *MODULES], ids=lambda path: str(path.relative_to(ROOT))
)
def test_nobody_reads_jargon(path: Path) -> None:
    found = [
        f"« {word[0]} » ({plain}) : {' '.join(sentence.split())[:120]}"
        for sentence in sentences_of(path)
        for jargon, plain in PLAIN.items()
        for word in re.finditer(rf"(?i)\b(?:{jargon})", sentence)
    ]
    assert not found, "\n".join(found)


def test_a_question_has_fifteen_words_at_most() -> None:
    asked = [one.label for one in fields()]
    asked += [
        sentence
        for path in TEMPLATES
        for sentence in sentences_of(path)
        if sentence.rstrip().endswith("?")
    ]
    assert len(asked) > 30
    long = [one for one in asked if len(re.findall(r"[\w’-]+", one)) > MOST_WORDS]
    assert not long, "\n".join(long)
