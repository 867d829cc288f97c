"""A family, from its first document to its letter, in a town with a bucket and an antivirus."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from activities.antivirus import Clamd
from api.gateway import Kept
from domain.documents import Scan
from domain.errors import Stale
from domain.states import Action, State
from storage.bucket_files import BucketFiles
from storage.documents import GOOD, REFUSED, Document
from storage.dossiers import Dossier
from tests import samples
from tests.buckets import BucketServer, Detour, Trouble, bucket_at
from tests.clamd import EICAR, RunningClamd
from tests.founding import living_town
from tests.living_town import LivingTown, eventually, in_one
from tests.town import Engine

CHILD, GUARDIAN, ADDRESS = "child_identity", "guardian_identity", "proof_of_address"


@dataclass
class RealTown:
    """A town whose parts may fail."""

    town: LivingTown
    bucket: Detour
    clamd: RunningClamd

    async def document(self, dossier: Dossier, piece: str) -> Document:
        async with self.town.open_store() as store:
            [found] = [one for one in await store.documents.of(dossier.id) if one.piece == piece]
        return found

    async def reconciles(self) -> None:
        await self.town.parts.reconciler.run()


@pytest.fixture
async def real(
    engine: Engine, tmp_path: Path, sql_url: str, bucket_server: BucketServer, clamd: RunningClamd
) -> AsyncIterator[RealTown]:
    async with Detour(bucket_server).open() as detour:
        bucket = bucket_at(detour.address, bucket_server.new_bucket().name, "valbourg")
        async with living_town(
            engine.address,
            tmp_path,
            sql_url=sql_url,
            files=BucketFiles(bucket, tmp_path / "benches", patience=timedelta(seconds=2)),
            antivirus=Clamd(clamd.address, seconds=2, rest=0),
        ) as town:
            yield RealTown(town, detour, clamd)


async def test_a_dossier_goes_from_its_documents_to_its_letter(real: RealTown) -> None:
    town = real.town
    dossier = await town.opens()
    await town.gives(dossier, GUARDIAN, ADDRESS)
    await town.gives(dossier, CHILD, content=samples.telephone_jpeg())
    photo = await real.document(dossier, CHILD)
    assert (photo.status, photo.scan) == (GOOD, Scan.CLEAN)
    for name in photo.page_images:
        assert (await town.parts.files.read_page(photo.id, name)).size_bytes > 0
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.decides(Action.APPROVE, dossier)
    assert await town.is_over(dossier) is State.APPROVED
    assert await town.letters(dossier) == ["acknowledgement", "approve"]


@pytest.mark.parametrize("trouble", [Trouble.BROKEN, Trouble.SILENT, Trouble.CUT_ON_THE_WAY_BACK])
async def test_a_bucket_that_goes_away_costs_time_and_no_document(
    real: RealTown, trouble: Trouble
) -> None:
    town = real.town
    dossier = await town.opens()
    await town.worker_stops()
    kept = await town.parts.files.keep(in_one(samples.pdf()), limit_bytes=10**7)
    given = await town.as_parent().give_file(dossier.id, CHILD, kept, name="acte.pdf")
    assert isinstance(given, Kept)
    real.bucket.trouble = trouble
    town.worker_starts()

    async def is_stuck() -> bool:
        async with town.open_store() as store:
            return "files_away" in {one.code for one in await store.supervision.open_incidents()}

    await eventually(is_stuck, seconds=30, what="the admins see that the bucket is away")
    real.bucket.trouble = Trouble.NONE
    await town.inspected(dossier, seconds=60)
    assert (await real.document(dossier, CHILD)).status == GOOD


async def test_an_infected_document_is_refused_and_the_rest_goes_on(real: RealTown) -> None:
    town = real.town
    dossier = await town.opens()
    await town.gives(dossier, GUARDIAN, ADDRESS)
    await town.gives(dossier, CHILD, content=samples.pdf() + EICAR)
    infected = await real.document(dossier, CHILD)
    assert (infected.status, infected.scan) == (REFUSED, Scan.INFECTED)

    async def is_erased() -> bool:  # after the row says so
        return await town.parts.files.digest(infected.id) is None

    await eventually(is_erased, what="its bytes are erased")
    await town.submits(dossier)
    # What is infected counts as missing: the family is asked for another.
    await town.reaches(dossier, State.AWAITING_FAMILY)
    async with town.open_store() as store:
        request = await store.requests.current(dossier.id)
    assert request is not None
    assert [item["piece"] for item in request.items] == [CHILD]


async def test_a_dossier_sent_while_the_antivirus_is_away_is_not_held_up(real: RealTown) -> None:
    town = real.town
    real.clamd.dies()
    dossier = await town.sent()
    assert (await real.document(dossier, CHILD)).is_withheld
    real.clamd.starts()
    await real.reconciles()
    assert (await real.document(dossier, CHILD)).scan == Scan.CLEAN
    await town.decides(Action.APPROVE, dossier)
    assert await town.is_over(dossier) is State.APPROVED


async def test_an_agent_does_not_approve_what_was_found_infected_meanwhile(real: RealTown) -> None:
    town = real.town
    real.clamd.dies()
    dossier = await town.opens()
    await town.gives(dossier, GUARDIAN, ADDRESS)
    await town.gives(dossier, CHILD, content=samples.pdf() + EICAR)
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    async with town.open_store() as store:
        seen = (await store.dossiers.find(dossier.id)).version
    real.clamd.starts()
    await real.reconciles()
    with pytest.raises(Stale):
        await town.decides(Action.APPROVE, dossier, version_seen=seen)
    assert "document_infected" in await town.timeline(dossier)
    await town.asks(dossier, CHILD)
    await town.reaches(dossier, State.AWAITING_FAMILY)
    await town.gives(dossier, CHILD)
    await town.replies(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
