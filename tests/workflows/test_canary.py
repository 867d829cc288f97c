"""Words of reserved answers are searched for everywhere: they are in the sealed columns alone."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from api.logs import JsonLines
from domain.states import Action, State
from settings import Settings
from storage.sealed import EXAMPLE_KEYS
from storage.tables import metadata
from tests.builders import Someone
from tests.databases import on_both
from tests.histories import readable
from tests.living_town import LivingTown, eventually
from tests.programs import a_program
from tests.site import Browser, Site, running_site

pytestmark = on_both

SECRETS = ("Canari-Zygomorphe", "Canari-Xylophage")
OPEN = "Ecole-Ornithorynque"
SITUATION = {
    "separated": SECRETS[0],
    "court_ruling": "yes",
    "hosted": "",
    "from_other_school": "yes",
    "previous_school": OPEN,
}
CLERK = Someone(
    "accueil@v.example", "agent", "Jeanne Morel", "Accueil", "scolaire", True, frozenset()
)
CLAIRE = Someone("claire.martin@exemple.fr", name="Claire Martin")


async def test_reserved_words_are_nowhere_but_where_they_are_sealed(
    town: LivingTown, sql_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(home=tmp_path / "home", keys=EXAMPLE_KEYS)
    async with running_site(settings, sql_url, gateway=town.gateway) as site:
        dossier = await town.opens(situation=SITUATION)
        await town.gives(dossier)
        await town.gives(dossier, "court_ruling")
        await town.submits(dossier)
        await town.reaches(dossier, State.UNDER_REVIEW)
        clerk, program = await site.signed_in(CLERK), await a_program(site, CLERK)
        desk = f"/agent/dossiers/{dossier.id}"
        seen = [
            (await clerk.get(address)).text
            for address in (
                desk,
                f"{desk}?piece=court_ruling",
                f"{desk}/historique",
                f"{desk}/refuser",
                "/agent/dossiers?file=tous&q=canari",
                "/agent/familles?q=canari",
                "/agent/familles?q=martin",
                "/agent",
            )
        ]
        seen += [
            (await program.reads(f"/dossiers/{dossier.id}{rest}")).text
            for rest in ("", "/answers", "/documents", "/events", "/letters")
        ]
        assert any(OPEN in page for page in seen)  # what is seen can be searched
        await _comes_too_late(site, town)
        await town.asks(dossier, "court_ruling")
        await town.reaches(dossier, State.AWAITING_FAMILY)
        await town.answers(dossier, situation={**SITUATION, "separated": SECRETS[1]})
        await town.gives(dossier, "court_ruling")
        await town.replies(dossier)
        await town.reaches(dossier, State.UNDER_REVIEW)
        await town.decides(Action.APPROVE, dossier)
        await town.is_over(dossier)
        history = await town.handle(dossier).fetch_history()
        told = json.dumps([readable(event) for event in history.events], ensure_ascii=False)
        dump = await _dump(town)
    assert OPEN in dump
    async with town.open_store() as store:
        kept = [
            one["situation"]["separated"]
            for _, one in await store.dossiers.sent_answers(dossier.id)
        ]
    assert kept == list(SECRETS)  # they are there, for whoever has the keys
    await eventually(_all_mailed(town))
    mailed = [str(mail) for mail in town.mail.accepted]
    logged = [JsonLines().format(record) for record in caplog.records]
    assert dossier.id in told
    assert len(mailed) >= 3
    places = {"pages": seen, "database": [dump], "engine": [told], "mails": mailed, "log": logged}
    found = [
        (place, secret)
        for place, texts in places.items()
        for secret in SECRETS
        for text in texts
        if secret.lower() in text.lower()
    ]
    assert found == []


async def _comes_too_late(site: Site, town: LivingTown) -> None:
    """Claire sends a page of answers once her session has ended: it is kept for her, sealed."""
    draft = await town.opens()
    late: Browser = await site.signed_in(CLAIRE)
    async with site.writing() as store:
        account = await store.accounts.by_email(CLAIRE.email)
        assert account is not None
        await store.accounts.end_sessions_of(account.id)
    path = f"/dossiers/{draft.id}/situation"
    answer = await late.post(
        path,
        data={"csrf": late.csrf, "separated": SECRETS[0], "previous_school": SECRETS[1]},
        headers={"Referer": f"{site.settings.site_url}{path}"},
    )
    assert answer.status_code in {303, 401}
    async with site.writing() as store:
        kept = (await store.connection.execute(select(metadata.tables["kept_forms"]))).all()
    assert len(kept) == 1


async def _dump(town: LivingTown) -> str:
    """Every row of every table."""
    async with town.open_store() as store:
        rows = [
            str(row)
            for table in metadata.sorted_tables
            for row in await store.connection.execute(select(table))
        ]
    return "\n".join(rows)


def _all_mailed(town: LivingTown):  # type: ignore[no-untyped-def]  # noqa: ANN202
    async def is_so() -> bool:
        async with town.open_store() as store:
            rows = await store.connection.execute(
                select(metadata.tables["letters"].c.status).distinct()
            )
            return set(rows.scalars()) <= {"accepted", "to_print"}

    return is_so
