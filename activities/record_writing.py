"""One approved dossier being written into the record of a family, and what it changed of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kinds.change_subjects import ABOUT
from domain.questions import Answers, as_day
from storage.family_record import FamilyRecord
from storage.store import Store


@dataclass(frozen=True)
class Writing:
    """One approved dossier being written into the record as it stands now."""

    store: Store
    record: FamilyRecord
    before: Answers
    answers: Answers
    at: datetime

    def changed(self, page: str) -> dict[str, str]:
        """What this dossier changed on a page: the new answers by their names."""
        was = self.before.get(page, {})
        return {
            name: text
            for name, text in self.answers.get(page, {}).items()
            if text != was.get(name, "")
        }

    def about(self, name: str) -> str:
        """What the page that the portal writes says."""
        return self.answers.get(ABOUT, {}).get(name, "")


def only(values: Mapping[str, str], *names: str) -> dict[str, Any]:
    """Those of these values that are there."""
    return {name: values[name] for name in names if name in values}


def school_changed(writing: Writing, page: str) -> dict[str, Any]:
    """The school that a page asks for, as columns; nothing where it changed none."""
    if not {"elsewhere", "school", "other_school"} & set(writing.changed(page)):
        return {}
    said = writing.answers[page]
    is_elsewhere = said.get("elsewhere") == "yes"
    return {
        "other_school": said.get("other_school", "") if is_elsewhere else "",
        "school_id": None if is_elsewhere else said.get("school") or None,
    }


def contact_columns(said: Mapping[str, str]) -> dict[str, Any]:
    """Answers about somebody of a child's list, as columns; what was not said is left out."""
    columns: dict[str, Any] = only(said, "name", "phone", "link")
    for name, column in (("pick_up", "may_pick_up"), ("emergency", "is_emergency")):
        if name in said:
            columns[column] = said[name] == "yes"
    for name in ("since", "until"):
        if name in said:
            columns[name] = as_day(said[name])
    return columns
