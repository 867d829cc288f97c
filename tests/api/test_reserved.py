"""What is reserved: read by the family and by who has the group, said to be there to the others."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from api.pieces import Piece
from api.reserved import pieces_for
from api.reviewing import STILL_RESERVED, why_not_yet
from domain.audit import What
from domain.kinds.rules import Piece as PieceAsked
from domain.kinds.rules import PieceRule, Requirement, always
from domain.rights import Duty, FieldGroup
from domain.scopes import BY_ROLE, Scope
from domain.states import Action, State
from settings import Settings
from storage.documents import Document, Mark
from storage.dossiers import Dossier
from storage.records import new_id
from storage.sealed import new_key
from tests.api.office import Office, an_office
from tests.programs import CANTEEN, a_program
from tests.questions import counted
from tests.reviews import a_document
from tests.samples import jpeg, pdf
from tests.site import ADMIN, AGENT, CLAIRE, NURSERY_AGENT, Browser, Site, running_site

RULING = "court_ruling"
CLERK = replace(
    AGENT, email="accueil@v.example", name="Jeanne Morel", title="Accueil", fields=frozenset()
)
SEPARATED = {"separated": "yes", "court_ruling": "yes", "hosted": "no", "from_other_school": "no"}
TOLD = "Les parents sont séparés"
WORDS = "jugement-illisible-page-deux"
NAME = "ordonnance-du-juge.pdf"


@dataclass
class Counter:
    """Nadia's office, Jeanne's browser beside it, and a family that told of a ruling."""

    office: Office
    clerk: Browser
    ruling: Document

    @property
    def dossier(self) -> Dossier:
        return self.office.first

    def path(self, rest: str = "") -> str:
        return self.office.path(self.dossier, rest)

    async def page(self, rest: str = "", query: str = "") -> str:
        answer = await self.clerk.opens(f"{self.path(rest)}{query}")
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
async def counter(site: Site) -> Counter:
    office = await an_office(site, "Léna", "Noé")
    at = site.clock() - timedelta(hours=1)
    ruling = a_document(office.first, RULING, at, original_name=NAME)
    async with site.writing() as store:
        await store.dossiers.save_answers(office.first, "situation", SEPARATED, at)
        await store.documents.add(ruling)
        office.dossiers[0] = await store.dossiers.find(office.first.id)
    files = site.app.state.house.files
    files.pages(ruling.id).mkdir(parents=True)
    files.original(ruling.id).write_bytes(pdf())
    (files.pages(ruling.id) / "page-01.jpg").write_bytes(jpeg(300, 400))
    return Counter(office, await site.signed_in(CLERK), ruling)


async def told(page: str, question: str = TOLD) -> str:
    """What a page answers to this question."""
    _, _, after = page.partition(f"<dt>{question}</dt><dd>")
    return after.partition("<")[0]


async def test_who_has_the_group_reads_the_answer_and_the_others_that_it_is_reserved(
    counter: Counter,
) -> None:
    mine = (await counter.office.agent.get(counter.path())).text
    theirs = await counter.page()
    assert await told(mine) == "Oui"
    assert await told(theirs) == "Réservé"
    assert await told(theirs, "Nous sommes hébergés par quelqu’un") == "Non"
    assert "Demandez à Nadia Petit." in theirs
    assert "Demandez à" not in mine


async def test_a_reserved_answer_says_the_same_whatever_it_is(counter: Counter, site: Site) -> None:
    before = await told(await counter.page())
    async with site.writing() as store:
        values = {**SEPARATED, "separated": "", "court_ruling": ""}
        await store.dossiers.save_answers(counter.dossier, "situation", values, site.clock())
    assert await told(await counter.page()) == before == "Réservé"


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


async def _asks_for_the_ruling(counter: Counter, site: Site) -> None:
    """Nadia marks the ruling as unreadable, with words about it."""
    by = (await site.account(AGENT)).id
    async with site.writing() as store:
        mark = Mark(RULING, "replace", "unreadable", WORDS, by=by, at=site.clock())
        await store.documents.mark(counter.dossier.id, mark)


async def test_a_letter_keeps_a_colleague_s_words_about_a_reserved_piece_unseen(
    counter: Counter, site: Site
) -> None:
    await _asks_for_the_ruling(counter, site)
    page = await counter.page(query=f"?piece={RULING}")
    assert "motif réservé, écrit par un collègue" in page
    assert WORDS not in page
    counter.office.answers(Action.ASK_TO_COMPLETE, State.AWAITING_FAMILY)
    sent = await counter.clerk.send_form(
        counter.path("complement"),
        version=str(counter.dossier.version),
        act_id=new_id(),
        deadline="30",
        **{f"reason-{RULING}": "incorrect", f"words-{RULING}": "mots à la place"},
    )
    assert sent.status_code == 303
    async with site.writing() as store:
        act = await store.acts.find(site.gateway.acts[0].id)
    assert act is not None
    assert act.items == [{"piece": RULING, "reason": "unreadable", "words": WORDS}]


async def test_a_letter_about_a_reserved_piece_waits_for_the_reason_of_who_marked_it(
    counter: Counter,
) -> None:
    await counter.office.marks(counter.dossier, RULING, mark="to_replace")
    await counter.page()
    sent = await counter.clerk.send_form(
        counter.path("complement"),
        version=str(counter.dossier.version),
        act_id=new_id(),
        deadline="30",
    )
    assert sent.status_code == 422
    assert "le collègue qui l’a marquée choisit le motif" in sent.text


async def test_a_letter_with_words_about_a_reserved_piece_is_closed_with_it(
    counter: Counter, site: Site
) -> None:
    at, dossier = site.clock(), counter.dossier
    async with site.writing() as store:
        item = {"piece": RULING, "reason": "unreadable", "words": WORDS}
        await store.requests.add(
            dossier.id, asked_at=at, until=at + timedelta(days=30), items=[item], words=""
        )
        letters = {
            kind: await store.letters.add(
                key=f"{dossier.id}:{kind}:1",
                kind=kind,
                n=1,
                to_address=CLAIRE.email,
                subject="Dossier de Léna",
                text=f"Bonjour. {WORDS}",
                html="",
                host="v.example",
                at=at,
                dossier_id=dossier.id,
            )
            for kind in ("complement_request", "acknowledgement")
        }
    asked, received = (counter.path(f"lettres/{one}") for one in letters.values())
    assert WORDS in (await counter.office.agent.get(asked)).text
    assert WORDS not in (await counter.clerk.get(asked)).text
    assert "Réservé" in (await counter.clerk.get(asked)).text
    assert WORDS in (await counter.clerk.get(received)).text
    as_admin = await site.signed_in(ADMIN)
    seen_by_admin = await as_admin.get(f"/admin/mails/{letters['complement_request']}")
    assert seen_by_admin.status_code == 200
    assert WORDS not in seen_by_admin.text
    program = await a_program(site, CANTEEN, *set(BY_ROLE["system"]) - {Scope.READ_RESERVED})
    letter = (
        await program.reads(f"/dossiers/{dossier.id}/letters/{letters['complement_request']}")
    ).json()
    assert (letter["text"], letter["reserved"]) == ("", True)


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


async def test_a_group_that_is_taken_away_closes_at_the_next_request(
    counter: Counter, site: Site
) -> None:
    """T2: revoked, then the very next request of the same session."""
    address = counter.path(f"fichiers/{counter.ruling.id}")
    assert (await counter.office.agent.get(address)).status_code == 200
    nadia = await site.account(AGENT)
    await _now_does(site, nadia.id, Duty("scolaire"))
    assert (await counter.office.agent.get(address)).status_code == 404
    assert await told((await counter.office.agent.get(counter.path())).text) == "Réservé"
    await _now_does(site, nadia.id, Duty("creche", frozenset(FieldGroup)))
    for rest in ("", "historique", "refuser", f"fichiers/{counter.ruling.id}"):
        assert (await counter.office.agent.get(counter.path(rest))).status_code == 404
    assert "Aucun dossier" in (await counter.office.agent.get("/agent/dossiers?file=tous")).text


async def test_two_duties_open_two_departments_each_with_its_own_groups(
    counter: Counter, site: Site
) -> None:
    paul = await site.account(NURSERY_AGENT)
    browser = await site.signed_in(NURSERY_AGENT)
    assert (await browser.get(counter.path())).status_code == 404
    await _now_does(site, paul.id, Duty("creche", frozenset(FieldGroup)), Duty("scolaire"))
    assert await told((await browser.get(counter.path())).text) == "Réservé"
    listed = (await browser.get("/agent/dossiers?file=tous")).text
    assert "Léna" in listed
    assert "Noé" in listed


async def test_who_has_no_duty_sees_no_dossier_and_no_number_of_them(
    counter: Counter, site: Site
) -> None:
    nadia = await site.account(AGENT)
    await _now_does(site, nadia.id)
    pages = ["/agent", "/agent/dossiers?file=tous", "/agent/familles?q=martin"]
    for page in pages:
        shown = await counter.office.agent.get(page)
        assert shown.status_code == 200
        assert "Léna" not in shown.text
        assert "Noé" not in shown.text
    program = await a_program(site, AGENT)
    assert (await program.reads("/dossiers")).json()["items"] == []
    assert (await program.reads(f"/dossiers/{counter.dossier.id}")).status_code == 404


async def _now_does(site: Site, account_id: str, *duties: Duty) -> None:
    async with site.writing() as store:
        await store.staff.change(
            account_id, name=AGENT.name, title=AGENT.title, role="agent", duties=duties
        )


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
