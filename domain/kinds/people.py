"""Which child, or children, a page of answers says that a dossier is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.kinds.actualisation_questions import CHILDREN, chosen
from domain.questions import Values


@dataclass(frozen=True)
class Named:
    """The child of a dossier, `Léna` and `Léna Martin`, or all of them: `Léna et Tom`.

    `last` and `first` are those it is filed under.
    """

    first_names: str
    names: str
    last: str
    first: str


def named_on(section: str, values: Values) -> Named | None:
    """Whom this page names; None for a page that names no child."""
    if section == "enfant":
        first, last = values.get("first_name", ""), values.get("last_name", "")
        return Named(first, f"{first} {last}".strip(), last, first)
    if section != CHILDREN:
        return None
    places = list(chosen({section: values}))
    firsts = [values.get(f"first_{place}", "") for place in places]
    names = [values.get(f"name_{place}", "") for place in places]
    first, name = (firsts[0], names[0]) if places else ("", "")
    return Named(listed(firsts), listed(names), name.removeprefix(first).strip(), first)


def listed(names: Sequence[str]) -> str:
    """These names in one line, `Léna, Tom et Zoé`: "" for none."""
    return " et ".join([part for part in (", ".join(names[:-1]), *names[-1:]) if part])
