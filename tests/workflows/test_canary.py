"""Words of reserved answers are searched for everywhere: they are in the sealed columns alone."""

from pathlib import Path

import pytest

from api.logs import JsonLines
from domain.states import Action, State
from settings import Settings
from storage.sealed import EXAMPLE_KEYS
from tests.canaries import CLERK, all_mailed, all_the_engine_knows, comes_too_late, every_row, found
from tests.databases import on_both
from tests.living_town import LivingTown, eventually
from tests.programs import a_program
from tests.site import running_site

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
        draft = await town.opens()
        too_late = {"separated": SECRETS[0], "previous_school": SECRETS[1]}
        await comes_too_late(site, f"/dossiers/{draft.id}/situation", too_late)
        await town.asks(dossier, "court_ruling")
        await town.reaches(dossier, State.AWAITING_FAMILY)
        await town.answers(dossier, situation={**SITUATION, "separated": SECRETS[1]})
        await town.gives(dossier, "court_ruling")
        await town.replies(dossier)
        await town.reaches(dossier, State.UNDER_REVIEW)
        await town.decides(Action.APPROVE, dossier)
        await town.is_over(dossier)
        told = await all_the_engine_knows(town.handle(dossier))
        dump = await every_row(town.open_store)
    assert OPEN in dump
    async with town.open_store() as store:
        kept = [
            one["situation"]["separated"]
            for _, one in await store.dossiers.sent_answers(dossier.id)
        ]
    assert kept == list(SECRETS)  # they are there, for whoever has the keys
    await eventually(all_mailed(town.open_store))
    mailed = [str(mail) for mail in town.mail.accepted]
    logged = [JsonLines().format(record) for record in caplog.records]
    assert dossier.id in told
    assert len(mailed) >= 3
    places = {"pages": seen, "database": [dump], "engine": [told], "mails": mailed, "log": logged}
    assert found(places, SECRETS) == []
