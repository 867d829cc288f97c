"""What is reserved: read by the family and by who has the group, said to be there to the others."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from api.answers_view import Groups, groups
from api.pieces import Piece
from api.reserved import pieces_for
from api.reviewing import STILL_RESERVED, why_not_yet
from domain.audit import What
from domain.kinds.catalogue import RULES
from domain.kinds.rules import Piece as PieceAsked
from domain.kinds.rules import PieceRule, Requirement, always
from domain.questions import Values
from domain.rights import EVERY_GROUP, FieldGroup
from domain.scopes import BY_ROLE, Scope
from domain.states import Action, State
from settings import Settings
from storage.documents import Document, Mark
from storage.records import new_id
from storage.sealed import new_key
from tests.api.reserving import CLERK, NAME, RULING, SEPARATED, TOLD, Counter, a_counter, told
from tests.programs import CANTEEN, a_program
from tests.questions import counted
from tests.reviews import a_document
from tests.samples import jpeg
from tests.site import AGENT, Browser, Site, running_site


@pytest.fixture
async def counter(site: Site) -> Counter:
    return await a_counter(site)


async def test_who_has_the_group_reads_the_answer_and_the_others_that_it_is_reserved(
    counter: Counter,
) -> None:
    mine = (await counter.office.agent.get(counter.path())).text
    theirs = await counter.page()
    assert await told(mine) == "Oui"
    assert await told(theirs) == "Réservé"
    assert await told(theirs, "Hébergés par quelqu’un") == "Non"
    assert "Demandez à Nadia Petit." in theirs
    assert "Demandez à" not in mine


async def test_a_reserved_answer_says_the_same_whatever_it_is(counter: Counter, site: Site) -> None:
    before = await told(await counter.page())
    async with site.writing() as store:
        values = {**SEPARATED, "separated": "", "court_ruling": ""}
        await store.dossiers.save_answers(counter.dossier, "situation", values, site.clock())
    assert await told(await counter.page()) == before == "Réservé"


def test_which_questions_follow_from_a_reserved_answer_is_not_told() -> None:
    care = {"concern": "yes", "allergies": "Arachide", "pai": "same"}
    assert _rows_of(care, EVERY_GROUP) > _rows_of({"concern": "no"}, EVERY_GROUP)
    assert _rows_of(care, frozenset()) == _rows_of({"concern": "no"}, frozenset())
    assert "concern" in _rows_of(care, frozenset())


def _rows_of(health: Values, read: Groups) -> set[str]:
    """The questions that stand on the page about a child's health, for whoever reads these."""
    answers = {"enfants": {"child_1": "c", "first_1": "Léna", "update_1": "yes"}}
    pages = groups(
        RULES["actualisation"],
        {**answers, "sante-1": health},
        {},
        today=date(2026, 11, 21),
        read=read,
    )
    return {row.name for page in pages if page.code == "sante-1" for row in page.rows}


async def test_a_reserved_piece_says_that_it_is_there_and_nothing_else(counter: Counter) -> None:
    mine = (await counter.office.agent.get(f"{counter.path()}?piece={RULING}")).text
    theirs = await counter.page(query=f"?piece={RULING}")
    assert NAME in mine
    assert "Décision de justice" in theirs
    assert "Le document et ses pages ne s’ouvrent pas ici." in theirs
    assert "un collègue qui a cet accès la regarde" in theirs
    for secret in (NAME, counter.ruling.id, "page-01.jpg", "lisible"):
        assert secret not in theirs


@pytest.mark.parametrize("rest", ["", "/page/page-01.jpg", "/page/thumbnail.jpg", "/seul"])
async def test_nothing_of_a_reserved_document_opens(counter: Counter, rest: str) -> None:
    address = counter.path(f"fichiers/{counter.ruling.id}{rest}")
    expected = 404 if "thumbnail" in rest else 200  # none was drawn in this test
    assert (await counter.office.agent.get(address)).status_code == expected
    assert (await counter.clerk.get(address)).status_code == 404


async def test_a_reserved_document_is_neither_turned_nor_marked_by_who_cannot_see_it(
    counter: Counter, site: Site
) -> None:
    await counter.page()
    turned = await counter.clerk.send_form(counter.path(f"fichiers/{counter.ruling.id}/tourner"))
    marked = await counter.clerk.send_form(counter.path("avis"), piece=RULING, mark="conform")
    assert (turned.status_code, marked.status_code) == (404, 422)
    async with site.writing() as store:
        document = await store.documents.find(counter.ruling.id)
        assert document is not None
        assert document.rotation == 0
        assert RULING not in await store.documents.marks_of(counter.dossier.id)


async def test_photos_of_a_reserved_piece_are_no_album_for_everybody(
    counter: Counter, site: Site
) -> None:
    files, at = site.app.state.house.files, site.clock()
    async with site.writing() as store:
        await store.documents.remove(counter.ruling.id, at)
        for _ in range(2):
            photo = a_document(counter.dossier, RULING, at, media_type="image/jpeg")
            await store.documents.add(photo)
            files.pages(photo.id).mkdir(parents=True)
            (files.pages(photo.id) / "page-01.jpg").write_bytes(jpeg(300, 400))
    address = counter.path(f"pieces/{RULING}/pdf")
    assert (await counter.office.agent.get(address)).status_code == 200
    assert (await counter.clerk.get(address)).status_code == 404


async def test_what_changed_of_a_reserved_answer_is_not_told(counter: Counter, site: Site) -> None:
    dossier, at = counter.dossier, site.clock()
    async with site.writing() as store:
        await store.dossiers.keep_snapshot(dossier.id, dossier.version, at)
        fresh = await store.dossiers.find(dossier.id)
        values = {**SEPARATED, "separated": ""}
        version = await store.dossiers.save_answers(fresh, "situation", values, at)
        await store.dossiers.keep_snapshot(dossier.id, version, at)
    mine = (await counter.office.agent.get(counter.path())).text
    assert "La famille a modifié" in mine
    assert "La famille a modifié" not in await counter.page()
    late = {"version": str(dossier.version), "act_id": new_id()}
    page = await counter.clerk.send_form(counter.path("valider"), **late)
    assert page.status_code == 409
    assert "Une réponse réservée a changé. Accès réservé (séparation et décisions" in page.text
    assert TOLD not in page.text


async def test_an_optional_reserved_piece_does_not_hold_up_who_cannot_see_it(
    counter: Counter, site: Site
) -> None:
    page = await counter.page()
    assert "pièce facultative et réservée, que personne n’a encore marquée" in page
    counter.office.answers(Action.APPROVE, State.APPROVED)
    answer = await counter.clerk.send_form(
        counter.path("valider"), version=str(counter.dossier.version), act_id=new_id()
    )
    assert answer.status_code == 303
    assert [one.action for one in site.gateway.acts] == [Action.APPROVE]


async def test_a_program_reads_what_is_reserved_by_a_scope_of_its_own(
    counter: Counter, site: Site
) -> None:
    everything = await a_program(site, CANTEEN)
    usual = await a_program(site, CANTEEN, *set(BY_ROLE["system"]) - {Scope.READ_RESERVED})
    clerks = await a_program(site, CLERK)
    root = f"/dossiers/{counter.dossier.id}"
    for program, is_open in ((everything, True), (usual, False), (clerks, False)):
        pages = (await program.reads(f"{root}/answers")).json()["pages"]
        answers = {
            one["name"]: one
            for page in pages
            if page["code"] == "situation"
            for one in page["answers"]
        }
        assert answers["separated"]["value"] == ("yes" if is_open else "")
        assert answers["separated"]["reserved"] is not is_open
        assert answers["hosted"]["reserved"] is False
        content = await program.reads(f"{root}/documents/{counter.ruling.id}/content")
        assert content.status_code == (200 if is_open else 404)
        whole, listed = (await program.reads(root)).text, await program.reads(f"{root}/documents")
        assert (NAME in whole, NAME in listed.text) == (is_open, is_open)
        pieces = {one["code"]: one for one in (await program.reads(root)).json()["pieces"]}
        assert pieces[RULING]["reserved"] is not is_open
        assert bool(pieces[RULING]["why"]) is is_open


async def test_no_token_reads_what_is_reserved_unless_it_was_asked_for(as_admin: Browser) -> None:
    page = (await as_admin.get("/admin/acces")).text
    box = page[page.index('value="reserved:read"') - 120 : page.index('value="reserved:read"') + 60]
    assert "checked" not in box


async def test_reading_what_is_reserved_leaves_a_line_and_looking_beside_it_none(
    counter: Counter, site: Site
) -> None:
    async def lines() -> list[tuple[str, str, str]]:
        async with site.writing() as store:
            found = await store.journal.of_dossier(counter.dossier.id, [What.RESERVED_READ])
        return [(one.actor_id, one.dossier_id, one.detail["groups"]) for one in found]

    await counter.page()
    assert await lines() == []
    await counter.office.agent.get(counter.path())
    await counter.office.agent.get(f"{counter.path()}?piece={RULING}")
    nadia = (await site.account(AGENT)).id
    assert await lines() == [(nadia, counter.dossier.id, "custody")]
    site.clock.waits(timedelta(minutes=2))
    await counter.office.agent.get(counter.path())
    assert len(await lines()) == 2
    await counter.office.agent.get(counter.path(f"fichiers/{counter.ruling.id}"))
    assert len(await lines()) == 3


async def test_a_missing_key_closes_the_page_and_is_named_in_the_log_only(
    counter: Counter, site: Site, sql_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    lost = Settings(home=site.settings.home, keys=new_key())
    async with running_site(lost, sql_url) as later:
        browser = await later.signed_in(AGENT)
        page = await browser.get(counter.path())
        program = await a_program(later, AGENT)
        answer = await program.reads(f"/dossiers/{counter.dossier.id}/answers")
        listed = await browser.get("/agent/dossiers?file=tous")
    assert (page.status_code, answer.status_code) == (503, 503)
    assert listed.status_code == 200
    key_id = site.settings.sealing_keys.newest
    assert key_id not in page.text + answer.text
    assert f"key_unknown {key_id}" in [vars(one).get("failure") for one in caplog.records]


async def test_saying_who_can_look_keeps_the_desk_within_ten_questions(counter: Counter) -> None:
    await counter.page()
    with counted() as asked:
        await counter.page()
    assert len(asked) <= 10, asked


def test_a_mandatory_reserved_piece_waits_for_who_may_look_at_it() -> None:
    """No kind asks for one yet; the first that does must not be approved blindly."""
    rule = PieceRule(
        PieceAsked("health_file", "Fiche sanitaire", "", group=FieldGroup.HEALTH),
        Requirement.MANDATORY,
        "",
        "",
        always,
    )
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    given = Document(
        "f" * 32, "d" * 32, "health_file", "file", "good", "x.pdf", "", 1, "", at, "a" * 32
    )
    piece = Piece(rule, (given,))
    (mine,), (theirs,) = (
        pieces_for([piece], groups) for groups in (frozenset(FieldGroup), frozenset())
    )
    assert why_not_yet([mine]) == ""
    assert why_not_yet([theirs]) == STILL_RESERVED
    marked = replace(piece, mark=Mark("health_file", "good", "", "", "a" * 32, at))
    assert why_not_yet(pieces_for([marked], frozenset())) == ""
