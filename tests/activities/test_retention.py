"""Nights: everything is kept the day before its time is over, and gone on the day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.paper import paper_address
from domain.retention import CATEGORIES, WARNED_BEFORE, Category, runs_out
from domain.states import State
from storage.letters import TO_PRINT
from storage.tables import accounts, children, dossiers, families, letters, wallet
from tests.builders import Someone, an_account
from tests.databases import on_both
from tests.office import NOW, SITE, Office
from tests.overdue import (
    Nights,
    a_child,
    a_closed_dossier,
    comes_back,
    count,
    leaves,
    row,
    was_last_here,
)
from tests.overdue_things import MAKES, a_table_nobody_decided_about, consents, many_traces
from tests.questions import counted

A_DAY = timedelta(days=1)
EVENT = date(2027, 8, 31)
FAR = date(2040, 1, 1)


@pytest.mark.parametrize("category", Category)
async def test_it_is_kept_the_day_before_and_gone_on_the_day(
    office: Office, category: Category
) -> None:
    if category not in (Category.KNOWN, Category.ACCOUNT):
        await comes_back(office, FAR)
    table, nights, last = (
        await MAKES[category](office, EVENT),
        Nights(office),
        runs_out(category, EVENT),
    )
    before = await count(office, table)
    for night in (last - WARNED_BEFORE, last - A_DAY):
        await nights.pass_one(night)
        assert await count(office, table) == before, night
    async with office.open_store() as store:
        assert (await store.retention.amounts(last))[category].today == 1
    await nights.pass_one(last)
    assert await count(office, table) == before - 1
    assert (await nights.erased(last))[category] == 1
    assert await nights.pass_one(last) is not None
    assert (await nights.erased(last))[category] == 1, "twice in a night: nothing more"


@on_both
async def test_the_preview_is_what_is_then_erased(office: Office) -> None:
    nights, day = Nights(office), date(2035, 1, 15)
    for category, make in MAKES.items():
        if category not in (Category.KNOWN, Category.ACCOUNT):
            await make(office, EVENT)
    await comes_back(office, FAR)
    await nights.pass_one(day - WARNED_BEFORE)
    # What goes without a warning went already: there is more of it.
    for category in (Category.DRAFT, Category.QUOTIENTS, Category.LETTERS, Category.TECHNICAL):
        await MAKES[category](office, EVENT)
    async with office.open_store() as store:
        foreseen = await store.retention.amounts(day)
    expected = {one.value: amount.today for one, amount in foreseen.items() if amount.today}
    assert len(expected) >= 9
    await nights.pass_one(day)
    assert await nights.erased(day) == expected
    async with office.open_store() as store:
        assert all(not one.today for one in (await store.retention.amounts(day)).values())
    await nights.pass_one(day)
    assert await nights.erased(day) == expected


async def test_a_family_is_told_once_of_all_that_goes_and_when(office: Office) -> None:
    await comes_back(office, FAR)
    nights, last = Nights(office), runs_out(Category.CLOSED, EVENT)
    dossiers = [await a_closed_dossier(office, EVENT) for _ in range(2)]
    for day in (last - WARNED_BEFORE - A_DAY, last - WARNED_BEFORE, last - A_DAY):
        await nights.pass_one(day)
    (text,) = await nights.told()
    assert "À partir du vendredi 1er septembre 2028" in text
    for dossier in dossiers:
        assert f"n° {dossier.number}" in text
    assert CATEGORIES[Category.CLOSED].how_long in text


@pytest.fixture
async def on_paper(office: Office) -> Office:
    """The office, in which Claire's place is taken by somebody without mail."""
    async with office.open_store() as store:
        someone = Someone(paper_address("a" * 32), name="Jeanne Lopez")
        return replace(office, claire=await an_account(store, someone, NOW))


async def test_a_family_without_mail_is_warned_on_paper_of_its_dossier(on_paper: Office) -> None:
    dossier = await a_closed_dossier(on_paper, EVENT)
    nights, last = Nights(on_paper), runs_out(Category.CLOSED, EVENT)
    for day in (last - WARNED_BEFORE, last - A_DAY):
        await nights.pass_one(day)
    (letter_id,) = nights.posted
    letter = await on_paper.letter(letter_id)
    assert (letter.status, letter.to_address, letter.dossier_id) == (TO_PRINT, "", dossier.id)
    assert f"n° {dossier.number}" in letter.text.replace("\u00a0", " ")
    assert "à l’accueil de la mairie avant cette date, avec ce courrier" in letter.text
    assert SITE not in letter.text + letter.html
    assert "portail" not in letter.text.lower()
    await nights.pass_one(last)
    assert await count(on_paper, dossiers) == 0
    assert await count(on_paper, letters) == 0, "what was printed of it goes with it"


async def test_on_paper_somebody_is_warned_of_a_child_without_dossier_where_they_live(
    on_paper: Office,
) -> None:
    await was_last_here(on_paper, seen=None, made=FAR)  # or the family would go as never seen
    await a_child(on_paper, birth_date="2015-12-31")
    nights, last = Nights(on_paper), runs_out(Category.ENROLLED, EVENT)
    await nights.pass_one(last - WARNED_BEFORE)
    async with on_paper.open_store() as store:
        (letter,) = await store.paper_letters.waiting(departments=["scolaire"])
        assert await store.paper_letters.address_of(on_paper.claire.id)
    assert (letter.dossier_id, letter.owner_name) == ("", "Jeanne Lopez")
    await nights.pass_one(last)
    assert await count(on_paper, children) == 0


async def test_nothing_is_printed_for_somebody_of_whom_no_address_is_known(
    on_paper: Office,
) -> None:
    await was_last_here(on_paper, seen=None, made=EVENT)
    nights, last = Nights(on_paper), runs_out(Category.ACCOUNT, EVENT)
    await nights.pass_one(last - WARNED_BEFORE)
    told = {(await on_paper.letter(one)).account_id for one in nights.posted}
    assert on_paper.claire.id not in told
    await nights.pass_one(last)
    async with on_paper.open_store() as store:
        account = await store.accounts.by_id(on_paper.claire.id)
    assert account is not None
    assert account.disabled_at is not None


async def test_a_night_that_comes_late_still_leaves_the_family_two_weeks(office: Office) -> None:
    await comes_back(office, FAR)
    nights, late = Nights(office), runs_out(Category.CLOSED, EVENT) + 40 * A_DAY
    await a_closed_dossier(office, EVENT)
    for day in (late, late + WARNED_BEFORE - A_DAY):
        await nights.pass_one(day)
        assert await count(office, dossiers) == 1
    await nights.pass_one(late + WARNED_BEFORE)
    assert await count(office, dossiers) == 0


async def test_whoever_signs_in_after_the_warning_keeps_the_account_and_is_warned_anew(
    office: Office,
) -> None:
    nights, last = Nights(office), runs_out(Category.ACCOUNT, EVENT)
    await comes_back(office, EVENT)
    await nights.pass_one(last - WARNED_BEFORE)
    assert "connectez-vous avant cette date" in (await nights.told())[0]
    back = last - A_DAY
    await comes_back(office, back)
    await nights.pass_one(last)
    assert await count(office, accounts) == 1
    again = runs_out(Category.ACCOUNT, back)
    await nights.pass_one(again)  # nobody was told a second time: it may not go yet
    assert await count(office, accounts) == 1
    assert len(nights.posted) == 2
    await nights.pass_one(again + WARNED_BEFORE)
    assert await count(office, accounts) == 0


async def test_a_new_dossier_keeps_the_account_and_what_is_known_of_the_children(
    office: Office,
) -> None:
    await comes_back(office, EVENT)
    child_id = await a_child(office)
    await leaves(office, child_id, EVENT)
    nights, last = Nights(office), runs_out(Category.ENROLLED, EVENT) + 800 * A_DAY
    await nights.pass_one(last - WARNED_BEFORE)
    await office.dossier()
    await nights.pass_one(last)
    assert (await count(office, accounts), await count(office, children)) == (1, 1)
    async with office.open_store() as store:
        (held,) = await store.retention.listing(Category.ENROLLED, last, limit=9)
    assert held.held == "open_dossier"


async def test_a_child_that_is_registered_again_has_not_left(office: Office) -> None:
    await comes_back(office, FAR)
    back = await a_closed_dossier(office, EVENT + 30 * A_DAY, State.APPROVED)
    await leaves(office, await a_child(office, dossier_id=back.id), EVENT)
    nights, last = Nights(office), runs_out(Category.ENROLLED, EVENT)
    for day in (last - WARNED_BEFORE, last):
        await nights.pass_one(day)
    assert await count(office, children) == 1
    assert not any("enfant inscrit" in text for text in await nights.told())


async def test_a_departure_taken_back_keeps_the_health_record(office: Office) -> None:
    await comes_back(office, FAR)
    table, nights = await MAKES[Category.HEALTH](office, EVENT), Nights(office)
    last = runs_out(Category.HEALTH, EVENT)
    await nights.pass_one(last - WARNED_BEFORE)
    async with office.open_store() as store:
        (only,) = (await store.connection.execute(select(children.c.id))).scalars()
        assert await store.departures.take_back(only)
        assert not await store.departures.take_back(only)
    await nights.pass_one(last)
    assert await count(office, table) == 1


async def test_a_grown_child_has_left_though_nobody_noted_it(office: Office) -> None:
    await comes_back(office, FAR)
    await a_child(office, birth_date="2015-12-31")
    nights, last = Nights(office), runs_out(Category.ENROLLED, date(2027, 8, 31))
    for day in (last - WARNED_BEFORE, last - A_DAY):
        await nights.pass_one(day)
        assert await count(office, children) == 1
    await nights.pass_one(last)
    assert await count(office, children) == 0
    assert await count(office, families) == 0, "nothing of the family stands for nobody"


async def test_a_suspended_dossier_stays_until_an_admin_lets_it_go(office: Office) -> None:
    await comes_back(office, FAR)
    nights, last = Nights(office), runs_out(Category.CLOSED, EVENT)
    dossier = await a_closed_dossier(office, EVENT)
    await nights.pass_one(last - WARNED_BEFORE)
    async with office.open_store() as store:
        for is_first in (True, False):
            begun = await store.legal_holds.begin(
                dossier.id, "Un recours.", by=office.sophie.id, at=NOW
            )
            assert begun is is_first
    await nights.pass_one(last)
    assert await count(office, dossiers) == 1
    async with office.open_store() as store:
        assert (await store.retention.amounts(last))[Category.CLOSED].held == 1
        (standing,) = await store.legal_holds.standing()
        assert await store.legal_holds.end(standing.id, by=office.sophie.id, at=NOW)
    await nights.pass_one(last + A_DAY)
    assert await count(office, dossiers) == 0


async def test_what_somebody_asked_to_have_erased_waits_for_the_answer(office: Office) -> None:
    await comes_back(office, FAR)
    nights, last = Nights(office), runs_out(Category.CLOSED, EVENT)
    await a_closed_dossier(office, EVENT)
    async with office.open_store() as store:
        await store.erasures.ask(office.claire.id, NOW, EVENT)
    for day in (last - WARNED_BEFORE, last):
        await nights.pass_one(day)
    assert await count(office, dossiers) == 1
    async with office.open_store() as store:
        (held,) = await store.retention.listing(Category.CLOSED, last, limit=9)
    assert (held.held, held.erases_on) == ("erasure_request", None)


async def test_a_child_whose_image_has_to_be_proved_keeps_its_name_and_nothing_else(
    office: Office,
) -> None:
    await comes_back(office, FAR)
    dossier = await a_closed_dossier(office, date(2026, 9, 1), State.APPROVED)
    child_id = await a_child(office, dossier_id=dossier.id)
    await consents(office, child_id, EVENT)
    await leaves(office, child_id, EVENT)
    nights, last = Nights(office), runs_out(Category.ENROLLED, EVENT)
    for day in (last - WARNED_BEFORE, last, last + A_DAY):
        await nights.pass_one(day)
    async with office.open_store() as store:
        row = (await store.connection.execute(select(children))).mappings().one()
        assert await store.households.children_of(office.claire.id) == []
    assert (row["first_name"], row["birth_place"], row["grade"]) == ("Léna", "", "")
    assert (await nights.erased(last)).get("enrolled") == 1
    assert (await nights.erased(last + A_DAY)) == {}
    await nights.pass_one(runs_out(Category.CONSENTS, EVENT))
    assert (await count(office, children), await count(office, families)) == (0, 0)


async def test_a_document_that_serves_another_dossier_is_that_ones_from_then_on(
    office: Office,
) -> None:
    await comes_back(office, FAR)
    old = await a_closed_dossier(office, EVENT)
    (document_id,) = await office.gives(old, "guardian_identity")
    serving = await office.dossier()
    await row(
        office,
        wallet,
        document_id=document_id,
        account_id=office.claire.id,
        piece="guardian_identity",
        valid_until=FAR,
        put_at=NOW,
    )
    async with office.open_store() as store:
        await store.wallet.note_use(serving.id, "guardian_identity", document_id, NOW)
    nights, last = Nights(office), runs_out(Category.CLOSED, EVENT)
    for day in (last - WARNED_BEFORE, last):
        await nights.pass_one(day)
    async with office.open_store() as store:
        (document,) = await store.documents.of(serving.id)
        assert await store.documents.with_bytes([document_id]) == {document_id}
    assert document.id == document_id
    assert await count(office, dossiers) == 1


async def test_one_that_cannot_be_erased_stops_no_other_and_the_night_says_so(
    office: Office,
) -> None:
    await comes_back(office, FAR)
    nights, last = Nights(office), runs_out(Category.DRAFT, EVENT)
    stuck = await a_closed_dossier(office, EVENT, State.ABANDONED, was_sent=False)
    await a_closed_dossier(office, EVENT, State.ABANDONED, was_sent=False)
    await a_table_nobody_decided_about(office, stuck.id)
    stage = await nights.pass_one(last)
    assert stage.failed == 1
    assert await count(office, dossiers) == 1
    async with office.open_store() as store:
        (night,) = await store.erasure_nights.latest(limit=1)
    assert night.ended_at is None


async def test_ten_thousand_rows_go_in_batches_of_some_hundreds(office: Office) -> None:
    await comes_back(office, FAR)
    await many_traces(office, EVENT, 10_000)
    nights, last = Nights(office), runs_out(Category.TECHNICAL, EVENT)
    with counted() as questions:
        await nights.pass_one(last)
    assert await nights.erased(last) == {"technical": 10_000}
    deletions = [one for one in questions if one.startswith("DELETE FROM incidents")]
    assert len(deletions) == 20
    assert len(questions) < 400
