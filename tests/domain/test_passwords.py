import pytest

from domain.passwords import why_refused

WORDS = ("nina.durand@example.org", "Nina Durand", "Valbourg")


@pytest.mark.parametrize(
    "password",
    ["trois chats dorment bien", "Tr0mbone-violet!", "valbourg-exemple", "ééééàààà une phrase"],
)
def test_a_long_sentence_of_ones_own_is_taken(password: str) -> None:
    assert why_refused(password, "agent", WORDS) == ""


@pytest.mark.parametrize(
    ("password", "role", "reason"),
    [
        ("onze signes", "parent", "too_short"),
        ("treize signes", "agent", "too_short"),
        ("x y" * 50, "parent", "too_long"),
        ("azertyuiop123!", "parent", "too_common"),
        ("MotDePasse2026", "parent", "too_common"),
        ("012345678901", "parent", "too_common"),
        ("aaaaaaaaaaaaab", "parent", "too_common"),
        ("soupesoupesoupe", "parent", "too_common"),
        ("Durand.Nina-2015", "parent", "own_words"),
        ("valbourg2026!!", "parent", "own_words"),
        ("nina.durand@example.org", "agent", "own_words"),
    ],
)
def test_what_anybody_could_guess_is_refused(password: str, role: str, reason: str) -> None:
    assert why_refused(password, role, WORDS) == reason
