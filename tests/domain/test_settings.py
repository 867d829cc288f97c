"""Production refuses to start on what only the example town may use."""

import pytest
from pydantic import SecretStr, ValidationError

from settings import EXAMPLE_SECRET, Settings

A_SECRET = SecretStr("un-vrai-secret-de-plus-de-trente-deux-signes")


def test_a_well_set_production_starts() -> None:
    settings = Settings(env="production", secret=A_SECRET, base_url="https://familles.v.example/")
    assert settings.site_url == "https://familles.v.example"
    assert settings.has_https
    assert not settings.is_local


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"secret": SecretStr(EXAMPLE_SECRET)}, "RIBAMBELLE_SECRET"),
        ({"secret": SecretStr("court")}, "RIBAMBELLE_SECRET"),
        ({"temporal_in_memory": True}, "RIBAMBELLE_TEMPORAL_IN_MEMORY"),
        ({"base_url": ""}, "RIBAMBELLE_BASE_URL"),
    ],
)
def test_production_says_which_setting_keeps_it_from_starting(
    wrong: dict[str, object], named: str
) -> None:
    right = {"env": "production", "secret": A_SECRET, "base_url": "https://familles.v.example"}
    with pytest.raises(ValidationError, match=named):
        Settings.model_validate({**right, **wrong})
