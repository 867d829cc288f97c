from collections.abc import Mapping

import pytest

from domain.reasons import COMPLEMENTS, REFUSALS


def test_the_reasons_are_those_an_agent_may_give() -> None:
    assert set(COMPLEMENTS) == {"missing", "unreadable", "incorrect", "outdated"}
    assert set(REFUSALS) == {"not_resident", "too_young", "capacity", "duplicate", "other"}


@pytest.mark.parametrize("reasons", [COMPLEMENTS, REFUSALS])
def test_each_reason_is_a_french_sentence_fit_for_a_letter(reasons: Mapping[str, str]) -> None:
    for sentence in reasons.values():
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "'" not in sentence


def test_no_refusal_is_founded_on_what_the_family_earns_or_how_it_lives() -> None:
    words = " ".join(REFUSALS.values()).lower()
    for word in ("revenu", "emploi", "travail", "nationalité", "séjour", "dette", "vaccin"):
        assert word not in words
