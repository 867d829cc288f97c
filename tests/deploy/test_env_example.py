"""`deploy/env.example` lists every setting with its real default, so that nobody has to guess."""

from pathlib import Path

import pytest

from settings import EXAMPLE_SECRET, Settings

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "env.example"


def listed() -> dict[str, str]:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    pairs = (line[1:].split("=", 1) for line in lines if line.startswith("#RIBAMBELLE_"))
    return {name.removeprefix("RIBAMBELLE_").lower(): value for name, value in pairs}


def test_every_setting_is_listed_and_nothing_else() -> None:
    assert set(listed()) == set(Settings.model_fields)


def test_the_listed_values_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RIBAMBELLE_{name.upper()}", raising=False)
    defaults = Settings()
    for name, value in listed().items():
        monkeypatch.setenv(
            f"RIBAMBELLE_{name.upper()}", value or EXAMPLE_SECRET * (name == "secret")
        )
    assert Settings() == defaults
