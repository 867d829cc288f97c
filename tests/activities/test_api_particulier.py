"""What API Particulier says of a quotient, and what it says instead."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from activities.api_particulier import ApiParticulier, Found, NotFound, Why
from api.logs import log_as_json
from domain.civil_identity import CivilIdentity
from tests.quotients import (
    EYMEN_FAKIR,
    JEANNE_ROUX,
    SIRET,
    SOPHIE_DUPONT,
    TOKEN,
    QuotientServer,
    quotient_server,
)


@pytest.fixture
def server() -> Iterator[QuotientServer]:
    with quotient_server() as running:
        yield running


@pytest.fixture
async def service(server: QuotientServer) -> AsyncIterator[ApiParticulier]:
    client = ApiParticulier(server.address, TOKEN, SIRET)
    yield client
    await client.close()


@pytest.mark.parametrize(
    ("who", "found"),
    [
        (SOPHIE_DUPONT, Found(900, "2023-06", "caf")),
        (JEANNE_ROUX, Found(150, "2023-05", "msa")),
        (EYMEN_FAKIR, Found(4270, "2023-06", "caf")),
    ],
)
async def test_a_known_family_has_its_quotient_with_its_month(
    service: ApiParticulier, who: CivilIdentity, found: Found
) -> None:
    assert await service.quotient_of(who) == found


async def test_the_question_is_that_of_the_published_examples(
    service: ApiParticulier, server: QuotientServer
) -> None:
    await service.quotient_of(JEANNE_ROUX)
    assert server.asked == [
        {
            "recipient": [SIRET],
            "nomNaissance": ["ROUX"],
            "prenoms[]": ["JEANNE", "STEPHANIE"],
            "sexeEtatCivil": ["F"],
            "anneeDateNaissance": ["1987"],
            "moisDateNaissance": ["6"],
            "jourDateNaissance": ["27"],
            "codeCogInseePaysNaissance": ["99100"],
            "codeCogInseeDepartementNaissance": ["08"],
            "nomCommuneNaissance": ["Vouziers"],
        }
    ]


async def test_no_log_says_who_was_asked_about_even_with_everything_turned_on(
    service: ApiParticulier, caplog: pytest.LogCaptureFixture
) -> None:
    log_as_json()
    with caplog.at_level(logging.DEBUG):
        await service.quotient_of(SOPHIE_DUPONT)
    assert "DUPONT" not in caplog.text
    assert "nomNaissance" not in caplog.text


async def test_a_consent_is_the_only_thing_shown_where_it_is_asked_with_one(
    service: ApiParticulier, server: QuotientServer
) -> None:
    server.consents = {"un-accord": "Angela Claire DUBOIS"}.get  # type: ignore[assignment]
    assert await service.quotient_by("un-accord") == Found(2550, "2024-02", "caf")
    assert server.asked == [{"recipient": [SIRET]}]
    assert server.shown == ["Bearer un-accord"]


async def test_a_consent_that_is_over_is_told_from_a_town_that_may_not_ask(
    service: ApiParticulier, server: QuotientServer
) -> None:
    assert await service.quotient_by("un-accord-d-hier") == NotFound(Why.EXPIRED)
    server.status = 403
    assert await service.quotient_by("un-accord") == NotFound(Why.NOT_ALLOWED)


async def test_a_birth_abroad_is_asked_without_a_french_town(
    service: ApiParticulier, server: QuotientServer
) -> None:
    await service.quotient_of(EYMEN_FAKIR)
    assert server.asked[0]["codeCogInseePaysNaissance"] == ["99350"]
    assert "nomCommuneNaissance" not in server.asked[0]


async def test_a_family_without_a_file_at_the_caf_is_unknown(service: ApiParticulier) -> None:
    stranger = CivilIdentity("PERSONNE", ("ANNE",), SOPHIE_DUPONT.birth_date, "F")
    assert await service.quotient_of(stranger) == NotFound(Why.UNKNOWN)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (400, Why.IDENTITY),
        (401, Why.NOT_ALLOWED),
        (403, Why.NOT_ALLOWED),
        (404, Why.UNKNOWN),
        (409, Why.BUSY),
        (422, Why.IDENTITY),
        (429, Why.BUSY),
        (500, Why.AWAY),
        (502, Why.AWAY),
        (503, Why.AWAY),
        (504, Why.AWAY),
        (302, Why.AWAY),
    ],
)
async def test_every_refusal_says_why(
    service: ApiParticulier, server: QuotientServer, status: int, why: Why
) -> None:
    server.status = status
    assert await service.quotient_of(SOPHIE_DUPONT) == NotFound(why)


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("30", timedelta(seconds=30)),
        ("999999", timedelta(days=1)),
        ("soon", None),
        ("-3", None),
        ("99999999999", None),
    ],
)
async def test_a_busy_service_says_how_long_to_wait(
    service: ApiParticulier, server: QuotientServer, said: str, waits: timedelta | None
) -> None:
    server.status, server.headers = 429, {"Retry-After": said}
    assert await service.quotient_of(SOPHIE_DUPONT) == NotFound(Why.BUSY, waits)


def _saying(**changes: object) -> bytes:
    said = {"fournisseur": "CNAF", "valeur": 900, "annee": 2026, "mois": 10, **changes}
    return json.dumps({"data": {"quotient_familial": said}}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>maintenance</html>",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'{"data": null}',
        b'{"data": {"quotient_familial": []}}',
        b'{"data": {}}',
        _saying(valeur="900"),
        _saying(valeur=True),
        _saying(valeur=-1),
        _saying(valeur=10**12),
        _saying(valeur=12.5),
        _saying(mois=13),
        _saying(mois=0),
        _saying(annee=1),
        _saying(fournisseur="AUTRE"),
        _saying(fournisseur=None),
        b"[" * 20_000,
        b" " * 70_000,
    ],
)
async def test_a_nonsense_is_no_answer(
    service: ApiParticulier, server: QuotientServer, body: bytes
) -> None:
    server.body = body
    assert await service.quotient_of(SOPHIE_DUPONT) == NotFound(Why.AWAY)


async def test_nobody_there_is_said_at_once() -> None:
    with quotient_server() as gone:
        address = gone.address
    client = ApiParticulier(address, TOKEN, SIRET)
    assert await client.quotient_of(SOPHIE_DUPONT) == NotFound(Why.AWAY)
    await client.close()
