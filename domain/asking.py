"""A page of questions as one dossier has it: whom it is about, which questions are there."""

import re
from dataclasses import replace

from domain.french import of
from domain.questions import Answers, Field, Section

_TOLD = re.compile(r"\{(de )?([a-z0-9-]+)\.([a-z0-9_]+)\}")


def as_asked(section: Section, answers: Answers) -> Section:
    """The page for these answers: its texts name the people, questions not asked are left out."""
    fields = tuple(_named(one, answers) for one in section.fields if one.when(answers))
    title, intro = told(section.title, answers), told(section.intro, answers)
    if (title, intro) == (section.title, section.intro) and fields == section.fields:
        return section
    return replace(section, title=title, intro=intro, fields=fields)


def _named(one: Field, answers: Answers) -> Field:
    if "{" not in one.label + one.hint:
        return one
    return replace(one, label=told(one.label, answers), hint=told(one.hint, answers))


def told(text: str, answers: Answers) -> str:
    """The text with the answers it names: `{page.name}`, `{de page.name}`."""
    if "{" not in text:
        return text

    def answer(match: re.Match[str]) -> str:
        after_de, page, name = match.groups()
        said = answers.get(page, {}).get(name, "")
        return of(said) if after_de else said

    return _TOLD.sub(answer, text)
