"""Words of a child's health, and of a ruling, are in their sealed columns and nowhere else."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.states import Action, State
from settings import Settings
from storage.sealed import EXAMPLE_KEYS
from storage.tables import metadata
from tests.builders import REGISTRATION
from tests.canaries import (
    CLAIRE,
    CLERK,
    all_mailed,
    all_the_engine_knows,
    comes_too_late,
    every_row,
    found,
)
from tests.databases import on_both
from tests.living_town import LivingTown, eventually
from tests.programs import a_program
from tests.site import ADMIN, AGENT, GUARDIAN, Browser, Site, running_site

pytestmark = on_both

TYPED = {
    "concern": "yes",
    "allergies": "Canari-Arachide",
    "conduct": "Canari-Stylo",
    "pai": "changed",
    "diet": "no_gluten",
    "vaccines": "exempt",
    "doctor": "Canari-Docteur",
    "doctor_phone": "06 98 76 54 32",
    "emergency": "Canari-Urgence",
    "support": "yes",
}
DOSE = {"six_1_day": "29", "six_1_month": "2", "six_1_year": "2024"}
BARRED = "Canari-Zibeline"
LATE = "Canari-Retard"
SECRETS = (
    *(text for text in TYPED.values() if text.startswith("Canari")),
    *(TYPED["doctor_phone"], TYPED["diet"], "gluten", "2024-02-29", BARRED, LATE),
)
RULING = {"decided_day": "2", "decided_month": "11", "decided_year": "2025", "other": BARRED}


async def test_health_is_nowhere_but_where_it_is_sealed(
    town: LivingTown, sql_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(home=tmp_path / "home", keys=EXAMPLE_KEYS)
    async with running_site(settings, sql_url, gateway=town.gateway) as site:
        dossier = await town.opens()
        await town.gives(dossier)
        await town.submits(dossier)
        await town.reaches(dossier, State.UNDER_REVIEW)
        agent = await site.signed_in(AGENT)
        rulings = f"/agent/dossiers/{dossier.id}/jugements"
        assert await _sends(agent, rulings, RULING) == 303
        await town.decides(Action.APPROVE, dossier)
        await town.is_over(dossier)
        child = await _child_of(site, dossier.id)
        record = f"/famille/enfants/{child}/sante"
        claire = await site.signed_in(CLAIRE)
        assert await _sends(claire, f"{record}/modifier", TYPED) == 303
        assert await _sends(claire, f"{record}/vaccins", DOSE) == 303
        assert (await claire.send_form(record, version="2")).status_code == 303
        for secret in (TYPED["allergies"], TYPED["emergency"], "2024"):
            assert secret in (await claire.get(record)).text  # what is seen can be searched
        await _is_followed(site, dossier.id)
        await _is_said_again(site, child)
        await comes_too_late(site, f"{record}/modifier", {**TYPED, "emergency": LATE})
        seen = await _seen_by_others(site, dossier.id, child)
        assert any("Fiche santé" in page for page in seen)
        dump = await every_row(site.writing)
    await eventually(all_mailed(town.open_store))
    places = {
        "pages": seen,
        "database": [dump],
        "engine": [await all_the_engine_knows(town.handle(dossier))],
        "mails": [str(mail) for mail in town.mail.accepted],
        "log": [capfd.readouterr().err],
    }
    assert all(places.values())
    assert dossier.id in places["engine"][0]
    assert found(places, SECRETS) == []


async def _sends(browser: Browser, path: str, typed: dict[str, str]) -> int:
    page = (await browser.opens(path)).text
    version = page.partition('name="version" value="')[2].partition('"')[0]
    return (await browser.send_form(path, version=version, **typed)).status_code


async def _child_of(site: Site, dossier_id: str) -> str:
    children = metadata.tables["children"]
    async with site.writing() as store:
        query = select(children.c.id).where(children.c.dossier_id == dossier_id)
        return str((await store.connection.execute(query)).scalar_one())


async def _is_followed(site: Site, dossier_id: str) -> None:
    """Luc sees the child as well. While a ruling binds, staff lets him in."""
    luc, agent = await site.account(GUARDIAN), await site.account(AGENT)
    async with site.writing() as store:
        access = await store.guardian_accesses.invite(dossier_id, luc.email, agent.id, site.clock())
        assert await store.guardian_accesses.accept(access.id, luc.id, site.clock())


async def _is_said_again(site: Site, child: str) -> None:
    """The same words in an actualisation: known when it was opened, answered, and sent."""
    claire, at = await site.account(CLAIRE), site.clock()
    pages = {
        "enfants": {"child_1": child, "name_1": "Léna", "update_1": "yes"},
        "sante-1": TYPED,
    }
    async with site.writing() as store:
        procedure = replace(REGISTRATION, id="a" * 32, slug="actualisation", kind="actualisation")
        await store.town.put_procedure(procedure)
        dossier = await store.dossiers.open_new(procedure, claire.id, at)
        await store.dossiers.keep_beginning(dossier, pages, at)
        for code, values in pages.items():
            await store.dossiers.save_answers(dossier, code, values, at)
        await store.dossiers.keep_snapshot(dossier.id, 1, at)
        kept = [
            await store.dossiers.beginning(dossier.id),
            await store.dossiers.answers(dossier.id),
        ]
    assert [one and one["sante-1"]["allergies"] for one in kept] == [TYPED["allergies"]] * 2


async def _seen_by_others(site: Site, dossier_id: str, child: str) -> list[str]:
    """What a clerk, a program of hers, an admin and the other guardian's own data say."""
    clerk, program = await site.signed_in(CLERK), await a_program(site, CLERK)
    admin, luc = await site.signed_in(ADMIN), await site.signed_in(GUARDIAN)
    claire = await site.account(CLAIRE)
    desk, family = f"/agent/dossiers/{dossier_id}", f"/agent/familles/{claire.id}"
    pages = [
        await clerk.get(address)
        for address in (
            *(desk, f"{desk}/historique", f"{desk}/jugements", family),
            f"{family}/enfants/{child}/sante",
            "/agent/dossiers?file=tous&q=canari",
            "/agent/familles?q=canari",
            "/agent",
        )
    ]
    pages += [
        await program.reads(f"/dossiers/{dossier_id}{rest}")
        for rest in ("", "/answers", "/events", "/letters")
    ]
    pages += [await admin.get(one) for one in ("/admin/journal", "/admin/mails")]
    pages.append(await admin.send_form("/admin/journal/export"))
    pages += [await luc.get(one) for one in ("/compte/mes-donnees", f"/enfants/{dossier_id}")]
    taken = await luc.send_form("/compte/mes-donnees/export")
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        own = [archive.read(name).decode("utf-8") for name in archive.namelist()]
    return [*(one.text for one in pages), *own]
