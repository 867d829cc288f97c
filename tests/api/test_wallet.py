"""Documents that serve twice: the family's page, the next dossier, the other guardian, the desk."""

from datetime import date

import pytest
from sqlalchemy import select

from domain.audit import What
from domain.deadlines import paris_day
from domain.kinds import actualisation
from domain.states import State
from domain.wallet import Kept, address_mark
from storage.documents import Document
from storage.dossiers import Dossier
from storage.tables import audit_log
from tests.families import ANSWERS, a_filled_draft, a_paper, a_sent_dossier
from tests.guardians import is_shared
from tests.site import AGENT, CLAIRE, GUARDIAN, NURSERY_AGENT, OTHER_PARENT, Site

HERE = "/documents"


async def keeps(site: Site, document: Document, **changes: object) -> Kept:
    """This document is in Claire's wallet, until next August unless told otherwise."""
    claire = await site.account(CLAIRE)
    facts: dict[str, object] = {
        "document_id": document.id,
        "account_id": claire.id,
        "child_id": None,
        "piece": document.piece,
        "valid_until": date(2027, 8, 31),
        "proves": address_mark(ANSWERS) if document.piece == "proof_of_address" else "",
        "put_at": site.clock(),
    }
    kept = Kept(**{**facts, **changes})  # type: ignore[arg-type]
    async with site.writing() as store:
        assert await store.wallet.put(kept)
    return kept


async def given_before(site: Site, piece: str, **changes: object) -> Document:
    """Claire gave a document for this piece with a dossier that is decided, and it is kept."""
    dossier = await a_sent_dossier(site, State.APPROVED)
    document = await a_paper(site, dossier, piece, original_name="facture.pdf")
    await keeps(site, document, **changes)
    return document


async def test_a_family_without_documents_is_told_how_they_come_here(site: Site) -> None:
    page = (await (await site.signed_in(CLAIRE)).get(HERE)).text
    assert "Aucun document." in page


async def test_a_family_reads_until_when_each_document_holds_expired_ones_first(
    site: Site,
) -> None:
    await given_before(site, "guardian_identity", valid_until=date(2031, 11, 23))
    await given_before(site, "proof_of_address", valid_until=date(2026, 8, 31))
    page = (await (await site.signed_in(CLAIRE)).get(HERE)).text
    assert "Expiré depuis le 31\u00a0août\u00a02026." in page
    assert "Valable jusqu’au 23\u00a0nov.\u00a02031." in page
    assert page.index("Justificatif de domicile") < page.index("Votre identité")


async def test_the_next_dossier_shows_what_was_given_before_and_asks_it_no_more(
    site: Site,
) -> None:
    known = await given_before(site, "proof_of_address")
    draft = await a_filled_draft(site)
    browser = await site.signed_in(CLAIRE)
    page = (await browser.get(f"/dossiers/{draft.id}/documents")).text
    assert "valable jusqu’au 31\u00a0août\u00a02027." in page
    assert "Le remplacer" in page
    assert f"{HERE}/{known.id}" in page
    recap = (await browser.get(f"/dossiers/{draft.id}/verifier")).text
    assert "Identité de l’enfant" in recap
    assert "Justificatif de domicile" in recap


async def test_a_family_that_moved_is_asked_for_its_domicile_again(site: Site) -> None:
    await given_before(site, "proof_of_address")
    draft = await a_filled_draft(site)
    async with site.writing() as store:
        moved = {"street": "3 quai Vieux", "postal_code": "01000", "city": "Valbourg"}
        await store.dossiers.save_answers(draft, "adresse", moved, site.clock())
    page = (await (await site.signed_in(CLAIRE)).get(f"/dossiers/{draft.id}/documents")).text
    assert "Déjà donné" not in page


async def test_what_is_given_anew_takes_the_place_of_what_was_given_before(site: Site) -> None:
    await given_before(site, "proof_of_address")
    draft = await a_filled_draft(site)
    await a_paper(site, draft, "proof_of_address", original_name="nouvelle.pdf")
    page = (await (await site.signed_in(CLAIRE)).get(f"/dossiers/{draft.id}/documents")).text
    assert "Déjà donné" not in page
    assert "nouvelle.pdf" in page


async def test_nobody_else_opens_a_document_of_the_wallet(site: Site) -> None:
    document = await given_before(site, "proof_of_address")
    for who in (OTHER_PARENT, AGENT, NURSERY_AGENT):
        browser = await site.signed_in(who)
        assert (await browser.get(f"{HERE}/{document.id}")).status_code == 404


async def a_shared_child(site: Site) -> Dossier:
    """Claire's dossier with its child, which Luc follows as well."""
    dossier = await a_sent_dossier(site, State.APPROVED)
    async with site.writing() as store:
        answers = await store.dossiers.answers(dossier.id)
        await store.households.admit(dossier, answers, CLAIRE.email, site.clock())
    await is_shared(site, dossier, GUARDIAN)
    return dossier


async def child_of(site: Site, dossier: Dossier) -> str:
    """The id of the child of this dossier."""
    async with site.writing() as store:
        children = await store.households.children_of(dossier.account_id)
    return next(one.id for one in children if one.dossier_id == dossier.id)


async def test_the_other_guardian_sees_the_childs_documents_and_none_of_the_family(
    site: Site,
) -> None:
    dossier = await a_shared_child(site)
    child_id = await child_of(site, dossier)
    insurance = await a_paper(site, dossier, "child_identity", original_name="acte.pdf")
    await keeps(site, insurance, child_id=child_id)
    domicile = await a_paper(site, dossier, "proof_of_address", original_name="maison.pdf")
    await keeps(site, domicile)
    ruling = await a_paper(site, dossier, "court_ruling", original_name="jugement.pdf")
    await keeps(site, ruling, child_id=child_id)
    luc = await site.signed_in(GUARDIAN)
    page = (await luc.get(HERE)).text
    assert "Donnés par l’autre parent" in page
    assert "acte.pdf" in page
    assert "maison.pdf" not in page
    assert "jugement.pdf" not in page
    for hidden in (domicile, ruling):
        assert (await luc.get(f"{HERE}/{hidden.id}")).status_code == 404


async def test_a_child_registered_once_more_shows_its_documents_to_whoever_followed_it(
    site: Site,
) -> None:
    dossier = await a_shared_child(site)
    child_id = await child_of(site, dossier)
    identity = await a_paper(site, dossier, "child_identity", original_name="acte.pdf")
    await keeps(site, identity, child_id=child_id)
    again = await a_sent_dossier(site, State.APPROVED)
    async with site.writing() as store:
        answers = await store.dossiers.answers(again.id)
        assert await store.households.admit(again, answers, "", site.clock()) == child_id
    luc = await site.signed_in(GUARDIAN)
    assert "acte.pdf" in (await luc.get(HERE)).text


@pytest.mark.parametrize("piece", ["school_insurance", "care_plan"])
async def test_a_childs_paper_that_says_where_a_guardian_lives_is_for_that_guardian(
    site: Site, piece: str
) -> None:
    dossier = await a_shared_child(site)
    paper = await a_paper(site, dossier, f"{piece}_1", original_name="papier.pdf")
    await keeps(site, paper, piece=piece, child_id=await child_of(site, dossier))
    assert "papier.pdf" in (await (await site.signed_in(CLAIRE)).get(HERE)).text
    luc = await site.signed_in(GUARDIAN)
    assert "papier.pdf" not in (await luc.get(HERE)).text
    for rest in ("", "/page/1.webp"):
        assert (await luc.get(f"{HERE}/{paper.id}{rest}")).status_code == 404


async def test_an_access_that_has_ended_opens_no_document(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.APPROVED)
    async with site.writing() as store:
        answers = await store.dossiers.answers(dossier.id)
        await store.households.admit(dossier, answers, CLAIRE.email, site.clock())
    await is_shared(site, dossier, GUARDIAN, until=paris_day(site.clock()))
    identity = await a_paper(site, dossier, "child_identity", original_name="acte.pdf")
    await keeps(site, identity, child_id=await child_of(site, dossier))
    luc = await site.signed_in(GUARDIAN)
    assert "acte.pdf" not in (await luc.get(HERE)).text


@pytest.fixture
async def used(site: Site) -> tuple[Dossier, Document]:
    """A dossier under review in which a document of an earlier one stands for the domicile."""
    known = await given_before(site, "proof_of_address")
    draft = await a_filled_draft(site)
    at = site.clock()
    async with site.writing() as store:
        await store.wallet.note_use(draft.id, known.piece, known.id, at)
        await store.dossiers.move(draft.id, (State.DRAFT,), State.UNDER_REVIEW, at, submitted_at=at)
        return await store.dossiers.find(draft.id), known


async def test_the_desk_says_since_when_a_document_serves_and_opens_it(
    site: Site, used: tuple[Dossier, Document]
) -> None:
    dossier, known = used
    agent = await site.signed_in(AGENT)
    page = (await agent.get(f"/agent/dossiers/{dossier.id}?piece=proof_of_address")).text
    assert "Déjà donné le 23\u00a0nov.\u00a02026, dossier" in page
    assert "valable jusqu’au 31\u00a0août\u00a02027" in page
    alone = f"/agent/dossiers/{dossier.id}/fichiers/{known.id}/seul"
    assert (await agent.get(alone)).status_code == 200


async def test_what_was_not_used_is_not_the_towns_to_see(
    site: Site, used: tuple[Dossier, Document]
) -> None:
    dossier, _ = used
    other = await given_before(site, "guardian_identity")
    agent = await site.signed_in(AGENT)
    page = (await agent.get(f"/agent/dossiers/{dossier.id}")).text
    assert other.id not in page
    alone = f"/agent/dossiers/{dossier.id}/fichiers/{other.id}/seul"
    assert (await agent.get(alone)).status_code == 404


async def test_a_document_taken_away_from_its_dossier_stays_where_it_was_used(
    site: Site, used: tuple[Dossier, Document]
) -> None:
    dossier, known = used
    async with site.writing() as store:
        await store.documents.remove(known.id, site.clock())
        assert known.id in await store.documents.with_bytes([known.id])
        assert [one.document.id for one in await store.wallet.of_account(dossier.account_id)] == []
    agent = await site.signed_in(AGENT)
    page = (await agent.get(f"/agent/dossiers/{dossier.id}?piece=proof_of_address")).text
    assert "Déjà donné le" in page


async def test_every_opening_by_another_guardian_is_written_down(site: Site) -> None:
    dossier = await a_shared_child(site)
    identity = await a_paper(site, dossier, "child_identity", page_images=["page-01.jpg"])
    await keeps(site, identity, child_id=await child_of(site, dossier))
    pages = site.app.state.house.files.pages(identity.id)
    pages.mkdir(parents=True)
    (pages / "page-01.jpg").write_bytes(b"JPEG")
    for who, lines in ((CLAIRE, 0), (GUARDIAN, 1)):
        browser = await site.signed_in(who)
        answer = await browser.get(f"{HERE}/{identity.id}/page/page-01.jpg")
        assert (answer.status_code, answer.content) == (200, b"JPEG")
        async with site.writing() as store:
            query = select(audit_log.c.actor_id).where(
                audit_log.c.what == What.DOCUMENT_OPENED, audit_log.c.subject == identity.id
            )
            assert len((await store.connection.execute(query)).all()) == lines


async def test_a_family_reads_the_same_page_without_seeing_what_serves_once(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.APPROVED)
    await a_paper(site, dossier, "leaving_certificate", original_name="radiation.pdf")
    page = (await (await site.signed_in(CLAIRE)).get(HERE)).text
    assert "radiation.pdf" not in page


def test_what_must_be_new_is_never_lent() -> None:
    new = {rule.piece.code for rule in actualisation.RULES.pieces if rule.new}
    assert "court_ruling" in new
