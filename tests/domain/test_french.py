from datetime import UTC, date, datetime, timedelta

import pytest

from domain import french


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_first_of_a_month_is_an_ordinal() -> None:
    assert french.day(date(2027, 3, 1)) == "lundi 1er mars 2027"
    assert french.day(date(2027, 1, 4)) == "lundi 4 janvier 2027"
    assert plain(french.short_day(date(2027, 1, 4))) == "4 janv. 2027"
    assert plain(french.short_day(date(2028, 2, 29))) == "29 févr. 2028"


@pytest.mark.parametrize(
    ("utc", "words"),
    [
        (datetime(2027, 1, 4, 20, 4, tzinfo=UTC), "lundi 4 janvier 2027 à 21 h 04"),
        (datetime(2027, 7, 4, 20, 4, tzinfo=UTC), "dimanche 4 juillet 2027 à 22 h 04"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "vendredi 1er janvier 2027 à 0 h 30"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "dimanche 25 octobre 2026 à 2 h 30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "dimanche 25 octobre 2026 à 2 h 30"),
    ],
)
def test_a_moment_is_told_in_paris_in_winter_and_in_summer(utc: datetime, words: str) -> None:
    assert plain(french.moment(utc)) == words


def test_the_day_of_a_moment_is_the_day_in_paris() -> None:
    assert french.day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "vendredi 1er janvier 2027"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    naive = datetime(2027, 1, 4, 20, 4)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        french.moment(naive)


@pytest.mark.parametrize(
    ("elapsed", "words"),
    [
        (timedelta(seconds=-3), "à l’instant"),
        (timedelta(seconds=59), "à l’instant"),
        (timedelta(minutes=1), "il y a 1 minute"),
        (timedelta(minutes=59), "il y a 59 minutes"),
        (timedelta(hours=2), "il y a 2 heures"),
        (timedelta(hours=20), "hier"),
        (timedelta(days=3), "il y a 3 jours"),
        (timedelta(days=59), "il y a 59 jours"),
        (timedelta(days=61), "il y a 2 mois"),
        (timedelta(days=400), "il y a 13 mois"),
    ],
)
def test_the_past_is_told_as_people_count_it(elapsed: timedelta, words: str) -> None:
    now = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
    assert plain(french.ago(now, now - elapsed)) == words


def test_just_before_midnight_is_minutes_ago_and_not_yesterday() -> None:
    after_midnight = datetime(2027, 1, 4, 23, 10, tzinfo=UTC)
    assert plain(french.ago(after_midnight, after_midnight - timedelta(minutes=20))) == (
        "il y a 20 minutes"
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [(-2, "dépassé de 2 jours"), (-1, "dépassé de 1 jour"), (0, "aujourd’hui"), (1, "demain"),
     (3, "dans 3 jours")],
)  # fmt: skip
def test_a_limit_is_told_by_its_distance(days: int, words: str) -> None:
    today = date(2027, 1, 4)
    assert plain(french.remaining(today, today + timedelta(days=days))) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 octet"),
        (12, "12 octets"),
        (186_368, "182 Ko"),
        (1024 * 1024 - 1, "1 Mo"),
        (1_258_291, "1,2 Mo"),
        (6 * 1024 * 1024, "6 Mo"),
    ],
)
def test_a_size_is_told_in_octets(count: int, words: str) -> None:
    assert plain(french.size(count)) == words


def test_zero_and_one_are_singular() -> None:
    assert plain(french.plural(0, "document")) == "0 document"
    assert plain(french.plural(1, "document")) == "1 document"
    assert plain(french.plural(2, "document")) == "2 documents"
    assert plain(french.plural(2, "mois")) == "2 mois"
    assert plain(french.plural(2, "point à regarder", "points à regarder")) == "2 points à regarder"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Léna", "de Léna"),
        ("Inès", "d’Inès"),
        ("Émile", "d’Émile"),
        ("Yves", "d’Yves"),
        ("Yanis", "de Yanis"),
        ("Hugo", "de Hugo"),
        ("Valbourg", "de Valbourg"),
        ("Orléans", "d’Orléans"),
        ("Le Havre", "du Havre"),
        ("Les Ulis", "des Ulis"),
        ("La Rochelle", "de La Rochelle"),
        ("L’Haÿ-les-Roses", "de L’Haÿ-les-Roses"),
    ],
)
def test_a_name_takes_its_de(name: str, words: str) -> None:
    assert french.of(name) == words
