"""Production refuses to start on what only the example town may use."""

import pytest
from pydantic import SecretStr, ValidationError

from settings import EXAMPLE_SECRET, Settings
from storage.sealed import EXAMPLE_KEYS, new_key

A_KEY = SecretStr(new_key())
A_SECRET = SecretStr("un-vrai-secret-de-plus-de-trente-deux-signes")


def test_a_well_set_production_starts() -> None:
    settings = Settings(
        env="production", secret=A_SECRET, keys=A_KEY, base_url="https://familles.v.example/"
    )
    assert settings.site_url == "https://familles.v.example"
    assert settings.has_https
    assert not settings.is_local


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"secret": SecretStr(EXAMPLE_SECRET)}, "RIBAMBELLE_SECRET"),
        ({"secret": SecretStr("court")}, "RIBAMBELLE_SECRET"),
        ({"keys": SecretStr("")}, "RIBAMBELLE_KEYS"),
        ({"keys": SecretStr(EXAMPLE_KEYS)}, "RIBAMBELLE_KEYS"),
        ({"keys": SecretStr(f"{new_key()}, {EXAMPLE_KEYS}")}, "RIBAMBELLE_KEYS"),
        ({"keys": SecretStr("trop-court")}, "RIBAMBELLE_KEYS"),
        ({"temporal_in_memory": True}, "RIBAMBELLE_TEMPORAL_IN_MEMORY"),
        ({"base_url": ""}, "RIBAMBELLE_BASE_URL"),
        ({"s3_endpoint": "http://s3.v.example"}, "RIBAMBELLE_S3_ENDPOINT"),
        ({"files_url": "s3://documents"}, "RIBAMBELLE_S3_ACCESS_KEY"),
    ],
)
def test_production_says_which_setting_keeps_it_from_starting(
    wrong: dict[str, object], named: str
) -> None:
    right = {
        "env": "production",
        "secret": A_SECRET,
        "keys": A_KEY,
        "base_url": "https://familles.v.example",
    }
    with pytest.raises(ValidationError, match=named) as refused:
        Settings.model_validate({**right, **wrong})
    assert A_KEY.get_secret_value() not in str(refused.value)


def test_the_secrets_of_before_come_after_the_one_of_today() -> None:
    settings = Settings(secret=SecretStr("neuf"), previous_secrets=SecretStr("hier, avant-hier"))
    assert settings.secrets == ("neuf", "hier", "avant-hier")
    assert Settings(secret=SecretStr("neuf")).secrets == ("neuf",)


@pytest.mark.parametrize("endpoint", ["https://s3.v.example", "http://127.0.0.1:9000", ""])
def test_a_bucket_may_be_far_by_https_or_on_this_machine(endpoint: str) -> None:
    settings = Settings(
        env="production",
        secret=A_SECRET,
        keys=A_KEY,
        base_url="https://familles.v.example",
        files_url="s3://documents/valbourg/",
        s3_endpoint=endpoint,
        s3_access_key="mairie",
        s3_secret_key=SecretStr("une-clef"),
    )
    assert settings.bucket is not None
    assert (settings.bucket.name, settings.bucket.prefix) == ("documents", "valbourg")
    assert "une-clef" not in repr(settings) + repr(settings.bucket)


def test_without_an_address_documents_stay_in_a_folder() -> None:
    assert Settings().bucket is None


@pytest.mark.parametrize(
    "wrong",
    [{"files_url": "ftp://x"}, {"files_url": "s3://ab"}, {"clamd": "3310"}, {"clamd": "unix:"}],
)
def test_an_address_that_means_nothing_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(wrong)


@pytest.mark.parametrize("proxies", ["", "10.0.0.5", "10.1.0.0/16, ::1"])
def test_proxies_are_addresses_or_networks(proxies: str) -> None:
    assert Settings(proxies=proxies).proxies == proxies


@pytest.mark.parametrize("proxies", ["*", "proxy.v.example", "10.0.0.0/33", "10.0.0.5,"])
def test_nobody_is_believed_by_mistake_about_addresses(proxies: str) -> None:
    with pytest.raises(ValidationError, match="RIBAMBELLE_PROXIES"):
        Settings(proxies=proxies)


@pytest.mark.parametrize(
    ("issuer", "client", "secret", "is_right"),
    [
        ("", "", "", True),
        ("https://fc.example/api/v2", "id", "secret", True),
        ("http://127.0.0.1:4000", "id", "secret", True),
        ("http://fc.example/api/v2", "id", "secret", False),
        ("https://fc.example/api/v2", "", "secret", False),
        ("https://fc.example/api/v2", "id", "", False),
        ("", "id", "secret", False),
        ("https:///api/v2", "id", "secret", False),
    ],
)
def test_france_connect_is_set_whole_and_by_https_or_not_at_all(
    issuer: str, client: str, secret: str, *, is_right: bool
) -> None:
    given = {
        "franceconnect_issuer": issuer,
        "franceconnect_client_id": client,
        "franceconnect_client_secret": SecretStr(secret),
    }
    if is_right:
        assert Settings.model_validate(given).has_france_connect is bool(issuer)
        return
    with pytest.raises(ValidationError, match="RIBAMBELLE_FRANCECONNECT_ISSUER"):
        Settings.model_validate(given)


def test_a_wrong_setting_never_shows_the_secrets_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a real machine: read from the environment, where nothing says what is secret."""
    for name, value in {
        "ENV": "production",
        "SECRET": A_SECRET.get_secret_value(),
        "KEYS": A_KEY.get_secret_value() + ",court",
        "PREVIOUS_SECRETS": "un-ancien-secret-de-la-mairie",
    }.items():
        monkeypatch.setenv(f"RIBAMBELLE_{name}", value)
    with pytest.raises(ValidationError, match="RIBAMBELLE_KEYS") as refused:
        Settings()
    for secret in (A_SECRET.get_secret_value(), A_KEY.get_secret_value(), "un-ancien-secret"):
        assert secret not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "token", "siret"),
    [
        ("https://particulier.api.gouv.fr", "", "13002526500013"),
        ("", "jeton", ""),
        ("http://particulier.api.gouv.fr", "jeton", "13002526500013"),
        ("https://particulier.api.gouv.fr", "jeton", "130025265"),
    ],
)
def test_api_particulier_is_set_wholly_and_by_https_or_not_at_all(
    url: str, token: str, siret: str
) -> None:
    given = {
        "api_particulier_url": url,
        "api_particulier_token": SecretStr(token),
        "api_particulier_siret": siret,
    }
    with pytest.raises(ValidationError, match=r"(?i)api_particulier"):
        Settings.model_validate(given)
    assert not Settings().has_api_particulier


def test_a_quotient_by_consent_needs_both_services() -> None:
    assert not Settings().franceconnect_quotient
    with pytest.raises(ValidationError, match="FRANCECONNECT_QUOTIENT"):
        Settings(franceconnect_quotient=True)
    both = Settings(
        franceconnect_quotient=True,
        franceconnect_issuer="https://fc.example/api/v2",
        franceconnect_client_id="mairie",
        franceconnect_client_secret=SecretStr("secret"),
        api_particulier_url="https://particulier.api.gouv.fr",
        api_particulier_token=SecretStr("jeton"),
        api_particulier_siret="13002526500013",
    )
    assert both.franceconnect_quotient
