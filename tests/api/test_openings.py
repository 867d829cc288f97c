"""Who opened what: every opening of a document leaves a line, and every refusal."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from domain.audit import What
from storage.audit import Line
from storage.documents import Document
from storage.journal import Entry, Search
from tests.api.office import Office, an_office
from tests.programs import CANTEEN, a_program
from tests.questions import counted
from tests.reviews import PIECES
from tests.samples import jpeg, pdf
from tests.site import ADMIN, AGENT, CLAIRE, NURSERY_AGENT, OTHER_PARENT, Browser, Site

CHILD = PIECES[0]


@pytest.fixture
async def office(site: Site) -> Office:
    return await an_office(site, "Léna", "Noé")


async def a_document(office: Office) -> Document:
    async with office.site.writing() as store:
        documents = await store.documents.of(office.first.id)
    document = next(one for one in documents if one.piece == CHILD)
    files = office.site.app.state.house.files
    files.pages(document.id).mkdir(parents=True)
    files.original(document.id).write_bytes(pdf())
    files.page(document.id, "page-01.jpg").write_bytes(jpeg(300, 400))
    return document


async def lines(site: Site, what: What) -> list[Entry]:
    async with site.writing() as store:
        return list(await store.journal.page(Search(what=what), limit=500))


async def test_each_opening_by_staff_leaves_one_line_and_nothing_of_the_document(
    office: Office, site: Site
) -> None:
    document, nadia = await a_document(office), await site.account(AGENT)
    root = office.path(office.first, f"fichiers/{document.id}")
    for n, path in enumerate([root, f"{root}/page/page-01.jpg", f"{root}/page/page-01.jpg"]):
        assert (await office.agent.get(path)).status_code == 200
        found = await lines(site, What.DOCUMENT_OPENED)
        assert len(found) == n + 1
    for one in found:
        assert (one.actor_id, one.dossier_id, one.subject) == (
            nadia.id,
            office.first.id,
            document.id,
        )
        assert one.place == "127.0.0.1"
        assert one.at == site.clock()
        assert set(one.detail) <= {"piece", "how", "page"}
        assert document.original_name not in str(one)
    assert [one.detail["how"] for one in found].count("page") == 2


async def test_what_was_not_sent_was_not_opened(office: Office, site: Site) -> None:
    document = await a_document(office)
    root = office.path(office.first, f"fichiers/{document.id}")
    for path in (f"{root}/page/page-09.jpg", office.path(office.first, f"fichiers/{'0' * 32}")):
        assert (await office.agent.get(path)).status_code == 404
    assert await lines(site, What.DOCUMENT_OPENED) == []


async def test_a_document_is_not_opened_when_the_line_cannot_be_written(
    office: Office, site: Site
) -> None:
    document = await a_document(office)
    async with site.writing() as store:
        await store.connection.exec_driver_sql("ALTER TABLE audit_log RENAME TO away")
    answer = await office.agent.get(office.path(office.first, f"fichiers/{document.id}"))
    assert answer.status_code == 503


async def test_the_family_and_a_program_of_the_town_are_told_apart(
    office: Office, site: Site
) -> None:
    document, claire = await a_document(office), await site.signed_in(CLAIRE)
    mine = f"/dossiers/{office.first.id}/fichiers/{document.id}"
    assert (await claire.get(mine)).status_code == 200
    assert (await claire.get(f"{mine}/page/page-01.jpg")).status_code == 200
    path = f"/dossiers/{office.first.id}/documents/{document.id}/content"
    assert (await (await a_program(site, CLAIRE)).reads(path)).status_code == 200
    assert await lines(site, What.DOCUMENT_OPENED) == []
    assert (await (await a_program(site, CANTEEN)).reads(path)).status_code == 200
    (line,) = await lines(site, What.DOCUMENT_OPENED)
    assert line.actor_id == (await site.account(CANTEEN)).id


async def test_an_opening_costs_one_statement_more(office: Office) -> None:
    document = await a_document(office)
    path = office.path(office.first, f"fichiers/{document.id}/page/page-01.jpg")
    await office.agent.get(path)
    with counted() as asked:
        image = await office.agent.get(path)
    assert Image.open(BytesIO(image.content)).format == "JPEG"
    assert sum("audit_log" in one for one in asked) == 1


@pytest.mark.parametrize("who", [OTHER_PARENT, NURSERY_AGENT])
async def test_asking_for_what_is_somebody_elses_leaves_a_line(
    office: Office, site: Site, who: object
) -> None:
    stranger = await site.signed_in(who)  # type: ignore[arg-type]
    room = "dossiers" if who is OTHER_PARENT else "agent/dossiers"
    for dossier_id in (office.first.id, "0" * 32):
        assert (await stranger.get(f"/{room}/{dossier_id}")).status_code == 404
    found = await lines(site, What.NOT_ALLOWED)
    assert {one.dossier_id for one in found} == {office.first.id, "0" * 32}
    for one in found:
        assert one.detail == {
            "code": "not_found",
            "method": "GET",
            "route": f"/{room}/{{dossier_id}}",
        }
        assert one.actor_id == (await site.account(who)).id  # type: ignore[arg-type]


async def test_a_form_from_elsewhere_and_another_room_leave_a_line(
    site: Site, as_parent: Browser
) -> None:
    await as_parent.post("/compte/mot-de-passe", data={"csrf": "0" * 64})
    await as_parent.get("/admin/supervision")
    assert {one.detail["code"] for one in await lines(site, What.NOT_ALLOWED)} == {
        "not_found",
        "stale_form",
    }


async def test_a_mistyped_address_and_a_stranger_without_account_leave_none(
    site: Site, as_parent: Browser
) -> None:
    assert (await as_parent.get("/nulle-part")).status_code == 404
    assert (await site.browser().get("/admin/supervision")).status_code == 303
    assert await lines(site, What.NOT_ALLOWED) == []


async def test_one_account_cannot_fill_the_journal_with_refusals(
    site: Site, as_parent: Browser
) -> None:
    for _ in range(70):
        assert (await as_parent.get("/admin/supervision")).status_code == 404
    assert len(await lines(site, What.NOT_ALLOWED)) == 60


async def test_the_staff_reads_on_the_history_who_opened_what_and_the_family_does_not(
    office: Office, site: Site
) -> None:
    document = await a_document(office)
    history = office.path(office.first, "historique")
    assert "Personne n’a encore ouvert un document" in (await office.agent.get(history)).text
    path = office.path(office.first, f"fichiers/{document.id}")
    for _ in range(3):
        await office.agent.get(path)
    page = (await office.agent.get(history)).text
    section = page.partition('id="lectures"')[2]
    assert section.count("Nadia Petit a ouvert 1\u00a0document") == 1
    claire = await site.signed_in(CLAIRE)
    assert "a ouvert" not in (await claire.get(f"/dossiers/{office.first.id}")).text


async def test_more_than_a_hundred_documents_in_an_hour_are_an_alarm(
    site: Site, as_admin: Browser
) -> None:
    nadia = await site.account(AGENT)
    async with site.writing() as store:
        for n in range(101):
            await store.audit.add(
                Line(site.clock(), What.DOCUMENT_OPENED, nadia.id, subject=f"{n:032x}")
            )
    page = (await as_admin.get("/admin/supervision")).text
    assert "Nadia Petit a ouvert 101 documents différents en une heure" in page
    site.clock.waits(timedelta(minutes=61))
    fresh = await site.signed_in(ADMIN)
    assert "documents différents" not in (await fresh.get("/admin/supervision")).text


async def test_a_refusal_tells_the_pattern_of_the_address_and_nothing_that_was_typed(
    site: Site, as_parent: Browser
) -> None:
    for path in ("/admin/supervision/Léna%20Martin", f"/admin/mails/{'0' * 32}"):
        await as_parent.get(path)
    assert {one.detail["route"] for one in await lines(site, What.NOT_ALLOWED)} == {
        "/admin/supervision/{incident_id}",
        "/admin/mails/{letter_id}",
    }
