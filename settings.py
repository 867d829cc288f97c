"""Everything that may differ from one town to the next, read from the environment once.

Nothing else in the project reads the environment. `Settings()` is built by the roots (the site, the
worker, the command line) and handed down. deploy/env.example lists every variable with its meaning.
"""

from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.documents import Limits
from storage.files import Bucket
from storage.sealed import EXAMPLE_KEYS, Keys

EXAMPLE_SECRET = "valbourg-exemple-ne-pas-utiliser-en-production"  # noqa: S105
_SHORTEST_SECRET = 32
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Settings(BaseSettings):
    """The settings of one town.

    Raises:
        pydantic.ValidationError: a value is wrong, or production would start on an example value.
    """

    # What is wrong is said without what was read: secrets and keys are among it.
    model_config = SettingsConfigDict(
        env_prefix="RIBAMBELLE_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    env: Literal["local", "production"] = "local"
    home: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    secret: SecretStr = SecretStr(EXAMPLE_SECRET)
    previous_secrets: SecretStr = SecretStr("")
    keys: SecretStr = SecretStr("")

    database_url: str = ""

    temporal_port: int = 7233
    temporal_ui_port: int = 8233
    temporal_address: str = ""
    temporal_namespace: str = "default"
    temporal_in_memory: bool = False

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 1025
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_start_tls: bool = False
    mail_from: str = "portail-famille@valbourg.example"

    files_url: str = Field(default="", pattern=r"^(s3://[a-z0-9][a-z0-9.-]{2,62}(/[\w./-]*)?)?$")
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_access_key: str = ""
    s3_secret_key: SecretStr = SecretStr("")
    clamd: str = Field(default="", pattern=r"^(unix:/.+|[^:/]+:\d+|\[[0-9a-fA-F:]+\]:\d+)?$")

    pdf_limit_bytes: int = 6 * 1024 * 1024
    photo_limit_bytes: int = 15 * 1024 * 1024
    files_per_piece: int = Field(default=10, ge=1, le=20)
    uploads_per_hour: int = Field(default=30, ge=1)
    family_limit_bytes: int = Field(default=200 * 1024 * 1024, ge=1)
    slowest_64_kb_seconds: float = Field(default=30.0, gt=0)

    proxies: str = ""

    franceconnect_issuer: str = ""
    franceconnect_client_id: str = ""
    franceconnect_client_secret: SecretStr = SecretStr("")
    franceconnect_quotient: bool = False

    api_particulier_url: str = ""
    api_particulier_token: SecretStr = SecretStr("")
    api_particulier_siret: str = Field(default="", pattern=r"^(\d{14})?$")

    activation_letters_per_minute: int = Field(default=100, ge=1, le=10_000)
    api_calls_per_minute: int = Field(default=600, ge=1)

    @model_validator(mode="after")
    def _on_a_known_database(self) -> Self:
        # The address itself is not told: it may hold a password.
        kind = self.database_url.partition("://")[0]
        if kind not in {"", "sqlite+aiosqlite", "postgresql", "postgresql+psycopg"}:
            raise ValueError(
                "RIBAMBELLE_DATABASE_URL : l’adresse commence par postgresql:// "
                "ou par sqlite+aiosqlite:///."
            )
        return self

    @model_validator(mode="after")
    def _behind_known_proxies(self) -> Self:
        try:
            for one in self.proxies.split(",") if self.proxies else ():
                ip_network(one.strip())
        except ValueError:
            raise ValueError(
                "RIBAMBELLE_PROXIES : des adresses ou des réseaux séparés par des virgules, "
                "par exemple 10.0.0.5, 10.1.0.0/16."
            ) from None
        return self

    @model_validator(mode="after")
    def _with_all_of_france_connect(self) -> Self:
        secret = self.franceconnect_client_secret.get_secret_value()
        given = [bool(self.franceconnect_issuer), bool(self.franceconnect_client_id), bool(secret)]
        issuer = urlsplit(self.franceconnect_issuer)
        is_safe = issuer.scheme == "https" or issuer.hostname in _LOOPBACK
        if any(given) and not (all(given) and is_safe and issuer.hostname):
            raise ValueError(
                "RIBAMBELLE_FRANCECONNECT_ISSUER (en https), _CLIENT_ID et _CLIENT_SECRET : "
                "les trois, ou aucun."
            )
        return self

    @model_validator(mode="after")
    def _with_all_of_api_particulier(self) -> Self:
        token = self.api_particulier_token.get_secret_value()
        given = [bool(self.api_particulier_url), bool(token), bool(self.api_particulier_siret)]
        service = urlsplit(self.api_particulier_url)
        is_safe = service.scheme == "https" or service.hostname in _LOOPBACK
        if any(given) and not (all(given) and is_safe and service.hostname):
            raise ValueError(
                "RIBAMBELLE_API_PARTICULIER_URL (en https), _TOKEN et _SIRET : les trois, ou aucun."
            )
        return self

    @model_validator(mode="after")
    def _with_both_for_a_quotient_by_consent(self) -> Self:
        has_both = self.has_france_connect and self.has_api_particulier
        if self.franceconnect_quotient and not has_both:
            raise ValueError(
                "RIBAMBELLE_FRANCECONNECT_QUOTIENT : FranceConnect et API Particulier, réglés tous "
                "les deux, sont nécessaires."
            )
        return self

    @model_validator(mode="after")
    def _with_keys_that_seal(self) -> Self:
        try:
            keys = self.sealing_keys
        except ValueError:  # its words would show the key
            keys = None
        if keys is None:
            raise ValueError(
                "RIBAMBELLE_KEYS : des clés de 32 octets, séparées par des virgules, "
                "comme les écrit « ribambelle new-key »."
            )
        return self

    @model_validator(mode="after")
    def _fit_for_production(self) -> Self:
        if self.env != "production":
            return self
        secret = self.secret.get_secret_value()
        if secret == EXAMPLE_SECRET or len(secret) < _SHORTEST_SECRET:
            raise ValueError("RIBAMBELLE_SECRET : choisissez un secret d'au moins 32 caractères.")
        keys = self.sealing_keys
        if not keys.newest or keys.knows(Keys.listed(EXAMPLE_KEYS).newest):
            raise ValueError("RIBAMBELLE_KEYS : choisissez une clé : « ribambelle new-key ».")
        if self.temporal_in_memory:
            raise ValueError(
                "RIBAMBELLE_TEMPORAL_IN_MEMORY : un moteur en mémoire perd tous les dossiers."
            )
        if not self.base_url:
            raise ValueError("RIBAMBELLE_BASE_URL : l'adresse publique du portail est obligatoire.")
        if self.files_url and not (self.s3_access_key and self.s3_secret_key.get_secret_value()):
            raise ValueError("RIBAMBELLE_S3_ACCESS_KEY et _S3_SECRET_KEY : le stockage les exige.")
        endpoint = urlsplit(self.s3_endpoint)
        if endpoint.scheme == "http" and endpoint.hostname not in _LOOPBACK:
            raise ValueError("RIBAMBELLE_S3_ENDPOINT : hors de cette machine, en https seulement.")
        return self

    @property
    def is_local(self) -> bool:
        """Whether this is the town on one machine, with its example accounts and mail catcher."""
        return self.env == "local"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secret of today, then those that what was sent before still goes by."""
        before = self.previous_secrets.get_secret_value().split(",")
        return (self.secret.get_secret_value(), *(one.strip() for one in before if one.strip()))

    @property
    def sealing_keys(self) -> Keys:
        """What opens and seals the reserved columns; the example town has a key of its own."""
        listed = self.keys.get_secret_value()
        return Keys.listed(listed or (EXAMPLE_KEYS if self.is_local else ""))

    @property
    def has_france_connect(self) -> bool:
        """Whether parents may come in by FranceConnect."""
        return bool(self.franceconnect_issuer)

    @property
    def has_api_particulier(self) -> bool:
        """Whether parents may have their quotient fetched from the CAF or the MSA."""
        return bool(self.api_particulier_url)

    @property
    def site_url(self) -> str:
        """The address of the portal as families see it, without a final slash."""
        return (self.base_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def has_https(self) -> bool:
        """Whether cookies may be marked Secure and carry the `__Host-` prefix."""
        return self.site_url.startswith("https://")

    @property
    def sql_url(self) -> str:
        """The SQLAlchemy address of the database: a file in the home unless told otherwise."""
        return self.database_url or f"sqlite+aiosqlite:///{self.home / 'ribambelle.db'}"

    @property
    def engine_address(self) -> str:
        """Host and port of the Temporal frontend."""
        return self.temporal_address or f"127.0.0.1:{self.temporal_port}"

    @property
    def limits(self) -> Limits:
        """What this town takes of a document: said before choosing, held while reading."""
        return Limits(
            pdf_bytes=self.pdf_limit_bytes,
            photo_bytes=self.photo_limit_bytes,
            files_per_piece=self.files_per_piece,
            files_per_hour=self.uploads_per_hour,
            family_bytes=self.family_limit_bytes,
        )

    @property
    def files_folder(self) -> Path:
        """Where the documents of the families are kept, unless they are in a bucket."""
        return self.home / "files"

    @property
    def bucket(self) -> Bucket | None:
        """Where the documents of the families are kept instead; None for the folder."""
        if not self.files_url:
            return None
        address = urlsplit(self.files_url)
        return Bucket(
            name=address.netloc,
            prefix=address.path.strip("/"),
            endpoint=self.s3_endpoint.rstrip("/"),
            region=self.s3_region,
            access_key=self.s3_access_key,
            secret_key=self.s3_secret_key.get_secret_value(),
        )
