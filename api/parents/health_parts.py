"""The two pages of a health record that are filled in: its answers, the days of its vaccines."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from api.parents.typed import typed_on
from domain.errors import NotFound
from domain.french import of
from domain.health import SECTION, HealthRecord, contradictions, told
from domain.questions import Section, Values, as_day, read
from domain.vaccinations import Doses, as_typed, questions_about, read_doses
from storage.family_record import FollowedChild

ANSWERS, VACCINES = "modifier", "vaccins"


@dataclass(frozen=True)
class Part:
    """One of the two pages, for one child on one day; `code` ends its address."""

    code: str
    section: Section
    born: date | None
    today: date

    def kept(self, record: HealthRecord | None) -> Values:
        """What the record keeps of this page, as its form writes it."""
        if record is None:
            return {}
        return record.values if self.code == ANSWERS else as_typed(record.doses)

    def read(self, form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """What was typed, and what is to be corrected, by field."""
        values, problems = read(self.section, typed_on(self.section, form), {}, today=self.today)
        return values, {**self._together(values), **problems}

    def problems_of(self, values: Values) -> dict[str, str]:
        """What is to be corrected in what is kept."""
        return {**self._together(values), **read(self.section, values, {}, today=self.today)[1]}

    def _together(self, values: Values) -> Mapping[str, str]:
        if self.code == ANSWERS:
            return contradictions(values)
        return read_doses(self.born, values, self.today)[1]

    def whole(self, values: Values, record: HealthRecord | None) -> tuple[Values, Doses]:
        """The answers and the days of the whole record, with these values of this page."""
        if self.code == ANSWERS:
            return told(values), record.doses if record else {}
        return record.values if record else {}, read_doses(self.born, values, self.today)[0]


def part_of(child: FollowedChild, code: str, today: date) -> Part:
    """The page of that code; NotFound when there is none."""
    born, whose = as_day(child.birth_date), of(child.first_name)
    if code == ANSWERS:
        return Part(code, replace(SECTION, title=f"La santé {whose}"), born, today)
    if code == VACCINES:
        section = replace(questions_about(born, today), title=f"Les vaccins {whose}")
        return Part(code, section, born, today)
    raise NotFound
