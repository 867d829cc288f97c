"""By which words a dossier is found: wherever one may begin, on both databases."""

from storage.search_words import words_of_account, words_of_dossier


def test_a_number_is_found_whole_and_by_its_last_part_with_and_without_zeros() -> None:
    assert words_of_dossier("2026-0142") == {"2026-0142", "0142", "142"}


def test_a_name_is_found_by_each_of_its_parts_without_accents() -> None:
    words = words_of_dossier("2026-0001", "Marie-Lou D’Œuvre")
    assert words >= {"marie-lou", "lou", "d'oeuvre", "oeuvre"}


def test_a_mail_address_is_found_from_each_of_its_parts_on() -> None:
    assert words_of_account("claire.durand@exemple.fr") == {
        "claire.durand@exemple.fr",
        "durand@exemple.fr",
        "exemple.fr",
        "fr",
    }
