"""Plain texts: how they read, and what keeps one from being published."""

from datetime import date, timedelta

import pytest

from domain.texts import MOST_SIGNS, MOST_TITLE, NAMES, Block, Code, blocks_of, problems_of, tidy

TODAY = date(2026, 11, 23)


def test_headings_lists_and_paragraphs_are_told_apart() -> None:
    body = "# Horaires\nDe 7 h 30\nà 18 h 30.\n\nLe mercredi :\n- repas\n- sieste\n# Fin"
    assert blocks_of(body) == [
        Block("heading", ("Horaires",)),
        Block("paragraph", ("De 7 h 30", "à 18 h 30.")),
        Block("paragraph", ("Le mercredi :",)),
        Block("list", ("repas", "sieste")),
        Block("heading", ("Fin",)),
    ]


def test_a_blank_line_ends_a_list_and_a_paragraph() -> None:
    assert [one.kind for one in blocks_of("- a\n\n- b\n\nc\n\nd")] == [
        "list", "list", "paragraph", "paragraph",
    ]  # fmt: skip


@pytest.mark.parametrize("body", ["", "\n\n", "#", "-", "# ", "<b>gras</b>", "#titre", "-item"])
def test_whatever_is_typed_has_some_reading_and_no_mark_is_lost(body: str) -> None:
    read = "".join(line for block in blocks_of(body) for line in block.lines)
    assert read == body.strip() or body.strip() in {"#", "-"}


def test_a_text_is_kept_with_one_kind_of_line_end() -> None:
    assert tidy("\r\nUn  \r\ndeux\rtrois\x00\n\n") == "Un\ndeux\ntrois"


def test_a_text_that_may_be_published_has_no_problem() -> None:
    assert problems_of("Règlement", "Bonjour.", TODAY, today=TODAY) == {}


@pytest.mark.parametrize(
    ("title", "body", "day", "wrong"),
    [
        ("", "b", TODAY, {"title"}),
        ("t" * (MOST_TITLE + 1), "b", TODAY, {"title"}),
        ("t", "", TODAY, {"body"}),
        ("t", "b" * (MOST_SIGNS + 1), TODAY, {"body"}),
        ("t", "b", None, {"effective_from"}),
        ("t", "b", TODAY - timedelta(days=1), {"effective_from"}),
        ("t", "b", TODAY + timedelta(days=800), {"effective_from"}),
        ("", "", None, {"title", "body", "effective_from"}),
    ],
)
def test_each_thing_that_is_wrong_is_said_once(
    title: str, body: str, day: date | None, wrong: set[str]
) -> None:
    assert set(problems_of(title, body, day, today=TODAY)) == wrong


def test_every_kind_of_text_has_a_name() -> None:
    assert set(NAMES) == set(Code)
