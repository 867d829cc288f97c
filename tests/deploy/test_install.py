"""The installer hands pip's package index on to uv, and keeps it to itself."""

from deploy.install import index_settings


def test_a_machine_without_pip_settings_needs_nothing() -> None:
    assert index_settings("") == {}


def test_every_index_of_pip_reaches_uv() -> None:
    settings = index_settings(
        "global.index-url='https://packages.town.example/simple'\n"
        "global.extra-index-url='file:///one file:///two'\n"
        "install.find-links='/wheels\\n/more'\n"
        "global.cert='/etc/town.pem'\n"
        "global.timeout='60'\n"
    )
    assert settings == {
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_DEFAULT_INDEX": "https://packages.town.example/simple",
        "UV_INDEX": "file:///one file:///two",
        "UV_FIND_LINKS": "/wheels,/more",
        "SSL_CERT_FILE": "/etc/town.pem",
    }


def test_the_environment_wins_over_the_files() -> None:
    settings = index_settings(
        ":env:.index-url='https://chosen.example'\nglobal.index-url='https://other.example'\n"
    )
    assert settings["UV_DEFAULT_INDEX"] == "https://chosen.example"


def test_an_address_with_an_equals_sign_stays_whole() -> None:
    settings = index_settings("global.index-url='https://town.example/simple?key=a=b'\n")
    assert settings["UV_DEFAULT_INDEX"] == "https://town.example/simple?key=a=b"
