"""Visits that nobody left: the portal writes down their end, and ends no other."""

from datetime import timedelta

from sqlalchemy import select

from domain.audit import What
from domain.visits import Mode
from storage.clock import now
from storage.records import new_id
from storage.sessions import Session
from storage.tables import audit_log
from storage.visits import Visit
from tests.activities.test_sweeping import a_reconciler
from tests.office import Office


async def a_visit(office: Office, *, lasts: timedelta) -> Visit:
    """Sophie looks at Claire's pages, in a browser of its own."""
    at = now()
    session = Session(
        token_hash=new_id(),
        account_id=office.sophie.id,
        csrf_token="",
        created_at=at,
        seen_at=at,
        expires_at=at + timedelta(hours=8),
    )
    async with office.open_store() as store:
        await store.sessions.add(session)
        return await store.visits.begin(
            session.id,
            agent_id=office.sophie.id,
            family_id=office.claire.id,
            mode=Mode.VIEW,
            at=at,
            until=at + lasts,
        )


async def test_a_visit_that_nobody_left_ends_with_its_time_and_leaves_one_line(
    office: Office,
) -> None:
    over = await a_visit(office, lasts=timedelta())
    going_on = await a_visit(office, lasts=timedelta(minutes=15))
    for _ in range(2):
        await a_reconciler(office).run()
    async with office.open_store() as store:
        assert await store.visits.current(over.session_id) is None
        assert await store.visits.current(going_on.session_id) == going_on
        ended = audit_log.c.what == What.VISIT_ENDED.value
        rows = (await store.connection.execute(select(audit_log).where(ended))).all()
    assert [(row.actor_id, row.subject) for row in rows] == [(office.sophie.id, office.claire.id)]
