"""How the words of a letter are set, in text and in HTML."""

import re

import pytest

from activities.letter_html import as_html
from activities.letter_words import LetterWords, short, typeset
from tests.office import SITE


def test_signs_never_begin_a_line() -> None:
    assert typeset("Le motif : « non » ! n° 4") == (
        "Le motif\u00a0: «\u00a0non\u00a0»\u00a0! n°\u00a04\n"
    )
    assert typeset("a\n\n\n\nb  \nc\n\n") == "a\n\nb\nc\n"
    assert typeset("https://v.example/a:b?c") == "https://v.example/a:b?c\n"


def test_a_very_long_name_leaves_room_in_the_subject() -> None:
    assert short("Léna") == "Léna"
    assert short("Marie\n Rose") == "Marie Rose"
    assert short("Maximilienne-Alexandrine Élisabeth") == "Maximilienne-Alexandrine…"
    assert len(short("x" * 300)) == 26


def test_nothing_somebody_typed_becomes_a_link_of_the_town() -> None:
    link = f"{SITE}/dossiers/a"
    html = as_html(
        f"Bonjour https://piege.example\n\n- http://piege.example\n\nSuivre : {link}\n",
        title="T",
        town="Le Havre",
        link=link,
    )
    assert re.findall(r'href="([^"]*)"', html) == [link]
    assert "Mairie du Havre" in html


def test_a_paragraph_that_begins_with_spaces_is_not_lost() -> None:
    assert "deux espaces" in as_html("a\n\n  deux espaces\n", title="T", town="V", link="x://")


def test_a_letter_that_lacks_a_fact_is_an_error_and_never_sent_with_a_hole() -> None:
    with pytest.raises(Exception, match="is undefined"):
        LetterWords().render("withdraw", {})
