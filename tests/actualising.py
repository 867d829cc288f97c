"""A family that looks again at what the town knows of it: the procedures, and one that is begun."""

from dataclasses import replace

from httpx2 import Response

from storage.dossiers import Dossier
from storage.town import Procedure
from tests.builders import REGISTRATION
from tests.families import SCHOOL
from tests.family_file import a_known_family, the_child
from tests.health import HEALTHY
from tests.site import CLAIRE, Browser, Site

UPDATE = replace(
    REGISTRATION,
    id="u" * 32,
    slug="actualisation-2026-2027",
    kind="actualisation",
    title="Actualisation 2026-2027",
)
REENROLMENT = replace(
    UPDATE,
    id="r" * 32,
    slug="reinscription-2027-2028",
    title="Réinscription 2027-2028",
    school_year="2027-2028",
)


async def is_offered(site: Site, *procedures: Procedure) -> None:
    """The town offers these procedures, the annual update if none is named."""
    async with site.writing() as store:
        for procedure in procedures or (UPDATE,):
            await store.town.put_procedure(procedure)


async def a_whole_family(site: Site) -> Dossier:
    """Claire's family as the town knows it, Léna's health record with it: nothing is missing."""
    dossier = await a_known_family(site)
    lena, claire = await the_child(site), await site.account(CLAIRE)
    async with site.writing() as store:
        await store.health_records.keep(
            lena.id, HEALTHY, {}, seen=0, by=claire.id, at=site.clock(), checks=True
        )
        await store.family_changes.change_child(lena.id, {"grade": "ms", "school_id": SCHOOL})
    return dossier


async def begins(site: Site, browser: Browser, procedure: Procedure = UPDATE) -> Dossier:
    """The family opens it with one button."""
    answer = await browser.send_form(f"/actualisation/{procedure.slug}")
    assert answer.status_code == 303
    place = answer.headers["location"]
    async with site.writing() as store:
        return await store.dossiers.find(place.removeprefix("/dossiers/"))


async def now(site: Site, dossier: Dossier) -> Dossier:
    """The dossier as it stands."""
    async with site.writing() as store:
        return await store.dossiers.find(dossier.id)


async def says_all_is_right(site: Site, browser: Browser, dossier: Dossier) -> Response:
    """The one button of the list, pressed by somebody who sees the answers of now."""
    version = (await now(site, dossier)).version
    return await browser.send_form(f"/dossiers/{dossier.id}/exact", version=str(version))


async def sends_it(site: Site, browser: Browser, dossier: Dossier, **fields: str) -> Response:
    """The form at the foot of the recap, with the house rules accepted."""
    version = (await now(site, dossier)).version
    said = {"accepted": "yes", "version": str(version), **fields}
    return await browser.send_form(f"/dossiers/{dossier.id}/verifier", **said)
