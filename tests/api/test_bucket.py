"""The site of a town whose documents are in a bucket, there and away."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.messages import Outcome
from domain.states import Action, State
from settings import Settings
from storage.documents import PENDING
from tests.buckets import BucketServer, Detour, Trouble
from tests.families import a_filled_draft
from tests.papers import PDF, documents_of, send
from tests.samples import jpeg
from tests.site import ADMIN, CLAIRE, Browser, Site, running_site


@pytest.fixture
async def detour(bucket_server: BucketServer) -> AsyncIterator[Detour]:
    async with Detour(bucket_server).open() as detour:
        yield detour


@pytest.fixture
async def site(
    tmp_path: Path, sql_url: str, bucket_server: BucketServer, detour: Detour
) -> AsyncIterator[Site]:
    """The site of a town that keeps its documents in a bucket."""
    bucket = bucket_server.new_bucket()
    settings = Settings(
        home=tmp_path / "home",
        files_url=f"s3://{bucket.name}/valbourg",
        s3_endpoint=detour.address,
        s3_access_key=bucket.access_key,
        s3_secret_key=bucket.secret_key,
    )
    async with running_site(settings, sql_url) as site:
        outcome = Outcome(applied=True, state=State.DRAFT)
        site.gateway.outcomes[Action.ADD_DOCUMENT] = outcome
        yield site


@pytest.fixture
async def claire(site: Site) -> Browser:
    return await site.signed_in(CLAIRE)


async def test_what_a_family_gives_comes_back_from_the_bucket(site: Site, claire: Browser) -> None:
    dossier = await a_filled_draft(site)
    photo = jpeg()
    answer = await send(claire, dossier, ("facture.pdf", PDF), ("photo.jpg", photo))
    assert answer.status_code == 303
    bill, photo_kept = await documents_of(site, dossier)
    assert {bill.status, photo_kept.status} == {PENDING}
    for document, content in ((bill, PDF), (photo_kept, photo)):
        answer = await claire.get(f"/dossiers/{dossier.id}/fichiers/{document.id}")
        assert answer.content == content
        assert answer.headers["content-length"] == str(len(content))
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]
    assert not site.settings.files_folder.exists()
    assert list((site.settings.home / "benches").iterdir()) == []


@pytest.mark.parametrize("trouble", [Trouble.REFUSED, Trouble.BROKEN, Trouble.CUT_ON_THE_WAY_IN])
async def test_a_bucket_that_is_away_is_told_in_french_and_nothing_is_half_kept(
    site: Site, claire: Browser, detour: Detour, trouble: Trouble
) -> None:
    dossier = await a_filled_draft(site)
    detour.trouble = trouble
    answer = await send(claire, dossier, ("facture.pdf", PDF))
    assert answer.status_code == 503
    assert "Ce fichier n’a pas pu être gardé" in answer.text
    assert await documents_of(site, dossier) == []
    assert site.gateway.acts == []
    detour.trouble = Trouble.NONE
    assert (await send(claire, dossier, ("facture.pdf", PDF))).status_code == 303
    assert len(await documents_of(site, dossier)) == 1


async def test_a_document_out_of_reach_is_told_to_be_kept(
    site: Site, claire: Browser, detour: Detour
) -> None:
    dossier = await a_filled_draft(site)
    await send(claire, dossier, ("facture.pdf", PDF))
    [document] = await documents_of(site, dossier)
    path = f"/dossiers/{dossier.id}/fichiers/{document.id}"
    detour.trouble = Trouble.BROKEN
    answer = await claire.get(path)
    assert answer.status_code == 503
    assert "ne peut pas être ouvert" in answer.text
    assert "Le document est gardé." in answer.text
    detour.trouble = Trouble.CUT_ON_THE_WAY_BACK
    # The answer breaks off before its end, and its reader objects: a half is no whole.
    with pytest.raises(AssertionError):
        await claire.get(path)
    detour.trouble = Trouble.NONE
    assert (await claire.get(path)).content == PDF


async def test_a_bucket_that_is_away_is_named_where_one_looks(site: Site, detour: Detour) -> None:
    ready = (await site.browser().get("/readyz")).json()
    assert ready["parts"]["files"] == "ok"
    detour.trouble = Trouble.BROKEN
    ready = (await site.browser().get("/readyz")).json()
    assert ready["parts"]["files"] == "missing"
    assert "files" in ready["degraded"]
    page = await (await site.signed_in(ADMIN)).get("/admin/supervision")
    assert "Rangement des documents" in page.text
    assert "Aucun document ne peut être ajouté ni ouvert" in page.text
