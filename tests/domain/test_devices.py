"""A browser is named in words that its owner recognises."""

import pytest

from domain.devices import UNKNOWN, device_of

_APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)"


_WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36"
_GECKO = "Gecko/132.0 Firefox/132.0"


@pytest.mark.parametrize(
    ("words", "user_agent"),
    [
        ("Firefox sur Android", f"Mozilla/5.0 (Android 15; Mobile; rv:132.0) {_GECKO}"),
        ("Firefox sur Linux", f"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) {_GECKO}"),
        ("Chrome sur Windows", _WINDOWS),
        ("Edge sur Windows", f"{_WINDOWS} Edg/131.0.0.0"),
        ("Opera sur Mac", f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_CHROME} OPR/115"),
        ("Safari sur iPhone", f"{_PHONE} {_APPLE} Version/18.1 Mobile/15E148 Safari/604.1"),
        ("Chrome sur iPhone", f"{_PHONE} {_APPLE} CriOS/131.0 Mobile/15E148 Safari/604.1"),
        ("Samsung Internet sur Android", f"(Linux; Android 14) SamsungBrowser/27 {_CHROME}"),
        ("Chrome sur Chromebook", f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_CHROME}"),
        ("Navigateur sur Windows", "Mozilla/5.0 (Windows NT 6.1; Trident/7.0)"),
        (UNKNOWN, "curl/8.5.0"),
        (UNKNOWN, ""),
    ],
)
def test_a_browser_is_named_as_its_owner_would(words: str, user_agent: str) -> None:
    assert device_of(user_agent) == words


def test_no_word_of_the_header_itself_is_repeated() -> None:
    assert device_of("<script>alert(1)</script> Firefox/1 Windows") == "Firefox sur Windows"
