"""Agents read the family's pages in words that do not speak to the family."""

import re

from api.staff.labels import for_agents
from domain.kinds.catalogue import RULES

_TO_THE_FAMILY = re.compile(r"\b(?:vous|votre|vos|nous|notre|nos)\b", re.IGNORECASE)


def test_no_page_question_choice_or_piece_speaks_to_the_agent() -> None:
    words = {
        word
        for rules in RULES.values()
        for page in rules.sections
        for word in (
            page.title,
            *(field.label for field in page.fields),
            *(choice.label for field in page.fields for choice in field.choices),
        )
    }
    words |= {rule.piece.title for rules in RULES.values() for rule in rules.pieces}
    assert [one for one in sorted(words) if _TO_THE_FAMILY.search(for_agents(one))] == []


def test_what_speaks_to_nobody_stays_as_it_is() -> None:
    assert for_agents("Où l’enfant habite-t-il ?") == "Où l’enfant habite-t-il ?"
    assert for_agents("") == ""
