"""Something of every category whose time runs out, made as rows on a day."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from sqlalchemy import Table, insert

from domain.retention import Category
from domain.school_years import school_year_of
from domain.states import State
from storage.records import new_id
from storage.tables import (
    acceptances,
    accounts,
    campaign_families,
    campaigns,
    children,
    court_rulings,
    documents,
    dossiers,
    erasure_requests,
    health_records,
    image_consents,
    incidents,
    interventions,
    letters,
    quotients,
    texts,
)
from tests.builders import REGISTRATION, a_waiting_letter
from tests.office import Office
from tests.overdue import a_child, a_closed_dossier, evening, leaves, row, was_last_here


async def _draft(office: Office, day: date) -> Table:
    await a_closed_dossier(office, day, State.ABANDONED, was_sent=False)
    return dossiers


async def _closed(office: Office, day: date) -> Table:
    await a_closed_dossier(office, day, State.CLOSED_WITHOUT_ACTION)
    return dossiers


async def _updated(office: Office, day: date) -> Table:
    await a_closed_dossier(office, day, State.APPROVED, kind="change")
    return dossiers


async def _enrolled(office: Office, day: date) -> Table:
    dossier = await a_closed_dossier(office, date(2026, 9, 1), State.APPROVED)
    await leaves(office, await a_child(office, dossier_id=dossier.id), day)
    return children


async def _document(office: Office, day: date) -> Table:
    dossier = await a_closed_dossier(office, date(day.year - 1, 9, 1), State.APPROVED)
    await a_child(office, dossier_id=dossier.id)
    await office.gives(dossier, "proof_of_address")
    return documents


async def _health(office: Office, day: date) -> Table:
    child_id = await a_child(office)
    await row(
        office,
        health_records,
        child_id=child_id,
        version=1,
        content="scellé",
        changed_at=evening(day),
        changed_by=office.claire.id,
    )
    await leaves(office, child_id, day)
    return health_records


async def _ruling(office: Office, day: date) -> Table:
    dossier = await a_closed_dossier(office, day, State.APPROVED)
    child_id = await a_child(office, dossier_id=dossier.id)
    await row(
        office,
        court_rulings,
        dossier_id=dossier.id,
        child_id=child_id,
        content="scellé",
        recorded_at=evening(day),
        recorded_by=office.sophie.id,
    )
    await leaves(office, child_id, day)
    return court_rulings


async def _consent(office: Office, day: date) -> Table:
    await consents(office, await a_child(office), day)
    return image_consents


async def consents(office: Office, child_id: str, day: date) -> None:
    """Claire said yes to an image of this child, that day."""
    await row(
        office,
        image_consents,
        child_id=child_id,
        account_id=office.claire.id,
        school_year=school_year_of(day),
        use="group",
        medium="press",
        n=1,
        is_given=True,
        at=evening(day),
    )


async def _acceptance(office: Office, day: date) -> Table:
    ids = [new_id(), new_id()]
    for version, text_id in enumerate(ids, 1):
        await row(
            office,
            texts,
            id=text_id,
            code="house_rules",
            version=version,
            title="Règlement",
            body="…",
            published_at=evening(day),
            published_by=office.sophie.id,
            effective_from=day,
        )
    for text_id in ids:
        await row(
            office,
            acceptances,
            text_id=text_id,
            account_id=office.claire.id,
            at=evening(day),
        )
    return acceptances


async def _quotient(office: Office, day: date) -> Table:
    return await row(
        office,
        quotients,
        account_id=office.claire.id,
        value=600,
        month="2026-10",
        source="declared",
        declared_at=evening(day),
        declared_by=office.claire.id,
    )


async def _campaign(office: Office, day: date) -> Table:
    campaign_id = new_id()
    await row(
        office,
        campaigns,
        id=campaign_id,
        procedure_id=REGISTRATION.id,
        title="Actualisation",
        opens_on=day,
        closes_on=day,
        audience={},
        words={},
        reminders=[],
        state="closed",
        batch_size=1,
        batch_pause=1,
        created_by=office.sophie.id,
        created_at=evening(day),
        version=1,
        closed_at=evening(day),
    )
    await row(
        office,
        campaign_families,
        campaign_id=campaign_id,
        account_id=office.claire.id,
        invited_at=evening(day),
    )
    return campaign_families


async def _known(office: Office, day: date) -> Table:
    await a_child(office)
    await was_last_here(office, seen=None, made=day)
    return children


async def _account(office: Office, day: date) -> Table:
    await was_last_here(office, seen=day, made=date(2026, 1, 1))
    return accounts


async def _letter(office: Office, day: date) -> Table:
    async with office.open_store() as store:
        await a_waiting_letter(
            store,
            "password_changed",
            office.claire.email,
            evening(day),
            account_id=office.claire.id,
        )
    return letters


async def _right(office: Office, day: date) -> Table:
    return await row(
        office,
        erasure_requests,
        account_id=office.claire.id,
        asked_at=evening(day),
        due_on=day,
        cancelled_at=evening(day),
    )


async def _journal(office: Office, day: date) -> Table:
    return await row(
        office,
        interventions,
        at=evening(day),
        admin_id=office.sophie.id,
        what="retry",
        reason="Une panne.",
    )


async def _trace(office: Office, day: date) -> Table:
    return await row(
        office,
        incidents,
        workflow_id="dossier-x",
        activity_id="1",
        step="inspect",
        code="timeout",
        attempt=1,
        first_at=evening(day),
        last_at=evening(day),
        cleared_at=evening(day),
    )


async def many_traces(office: Office, day: date, number: int) -> None:
    """So many incidents that ended that day."""
    what = {"step": "inspect", "code": "timeout", "attempt": 1, "activity_id": "1"}
    when = dict.fromkeys(("first_at", "last_at", "cleared_at"), evening(day))
    traces = [{"id": new_id(), "workflow_id": f"{n}", **what, **when} for n in range(number)]
    async with office.open_store() as store:
        await store.connection.execute(insert(incidents), traces)


async def a_table_nobody_decided_about(office: Office, dossier_id: str) -> None:
    """As a new table would be."""
    async with office.open_store() as store:
        for statement in (
            "CREATE TABLE nobodys (dossier_id VARCHAR(32) REFERENCES dossiers (id))",
            f"INSERT INTO nobodys VALUES ('{dossier_id}')",
        ):
            await store.connection.exec_driver_sql(statement)


MAKES: Mapping[Category, Callable[[Office, date], Awaitable[Table]]] = {
    Category.DRAFT: _draft,
    Category.CLOSED: _closed,
    Category.UPDATED: _updated,
    Category.ENROLLED: _enrolled,
    Category.DOCUMENTS: _document,
    Category.HEALTH: _health,
    Category.RULINGS: _ruling,
    Category.CONSENTS: _consent,
    Category.ACCEPTANCES: _acceptance,
    Category.QUOTIENTS: _quotient,
    Category.CAMPAIGNS: _campaign,
    Category.KNOWN: _known,
    Category.ACCOUNT: _account,
    Category.LETTERS: _letter,
    Category.RIGHTS: _right,
    Category.JOURNAL: _journal,
    Category.TECHNICAL: _trace,
}
"""Makes something whose event is that day, and gives the table in which it is seen."""
