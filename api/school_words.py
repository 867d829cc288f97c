"""Where a child is at school, in words, and where it will be: for families and for agents."""

from domain import french
from domain.kinds.registration_questions import GRADES
from domain.school_years import first_day_of
from storage.child_years import ChildYear, Pupil


def grade_of(code: str) -> str:
    """The class in words."""
    return next((one.label for one in GRADES if one.value == code), "")


def class_of(one: Pupil | ChildYear) -> str:
    """The class and the school on one line: `CE1, École Jean-Moulin`; empty for none."""
    parts = (grade_of(one.grade), one.other_school or one.school)
    return ", ".join(part for part in parts if part)


def first_day_in_words(one: ChildYear) -> str:
    """`1er septembre 2027`."""
    return french.civil_day(first_day_of(one.school_year))
