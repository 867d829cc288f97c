"""What a parent typed on a page of questions."""

from collections.abc import Mapping

from domain.questions import Section, as_day


def typed_on(section: Section, form: Mapping[str, str]) -> dict[str, str]:
    """The texts of this page's fields; the three parts of a day are put together."""
    return {
        one.name: _day(one.name, form) if one.kind == "date" else form.get(one.name, "")
        for one in section.fields
    }


def _day(name: str, form: Mapping[str, str]) -> str:
    if name in form:
        return form[name]
    parts = [form.get(f"{name}_{part}", "").strip() for part in ("year", "month", "day")]
    # Half a date stays as it was typed: the page shows it again in its three fields.
    text = "-".join(part.replace("-", " ") for part in parts) if any(parts) else ""
    day = as_day(text)
    return day.isoformat() if day else text
