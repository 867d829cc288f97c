"""Campaigns and the families they are for, made as rows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from domain.campaigns import Plan, Position
from domain.paper import paper_address
from domain.states import State
from storage.accounts import PARENT
from storage.campaigns import Campaign
from storage.records import new_id, sort_key
from storage.store import Store
from storage.tables import children, families
from tests.builders import REGISTRATION

SCHOOL = "e" * 32
ACTUALISATION = replace(
    REGISTRATION,
    id="a" * 32,
    slug="actualisation-2026-2027",
    kind="actualisation",
    title="Actualiser mon dossier 2026-2027",
    is_open=False,
)
OPENS, CLOSES = date(2026, 12, 1), date(2027, 2, 28)
MORNING = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
"""8 h in Paris on the first day."""


def a_plan(**changes: Any) -> Plan:
    """Three months, a reminder to each position, twenty letters at once."""
    plan = Plan(
        OPENS,
        CLOSES,
        reminders={
            Position.NOT_BEGUN: (date(2026, 12, 15), date(2027, 1, 20)),
            Position.BEGUN: (date(2027, 1, 5),),
            Position.MISSING: (date(2027, 1, 12),),
        },
        words={"invitation": "Pensez à l’attestation d’assurance."},
        batch_size=20,
        batch_pause=60,
    )
    return replace(plan, **changes)


async def a_campaign(store: Store, by: str, at: datetime, plan: Plan | None = None) -> Campaign:
    """A planned campaign of the procedure of actualisation, which is made if need be."""
    await store.town.put_procedure(ACTUALISATION)
    procedure = await store.town.procedure(slug=ACTUALISATION.slug)
    campaign_id = new_id()
    await store.campaigns.add(
        campaign_id, procedure.id, "Actualisation 2026-2027", plan or a_plan(), by=by, at=at
    )
    return await store.campaigns.find(campaign_id)


async def a_family(
    store: Store,
    name: str,
    at: datetime,
    *,
    grade: str = "cp",
    school: str | None = SCHOOL,
    has_mail: bool = True,
) -> str:
    """A family with one child at school; the id of its account."""
    account_id, family_id = new_id(), new_id()
    address = f"{sort_key(name)}@exemple.fr" if has_mail else paper_address(account_id)
    await store.accounts.add(address, PARENT, at, name=f"Anne {name}", account_id=account_id)
    await store.connection.execute(
        families.insert().values(
            id=family_id,
            account_id=account_id,
            street="3 rue des Lilas",
            postal_code="01000",
            city="Valbourg",
            created_at=at,
        )
    )
    await store.connection.execute(
        children.insert().values(
            id=new_id(),
            family_id=family_id,
            first_name="Léna",
            last_name=name,
            sort_key=sort_key(name, "Léna"),
            birth_date="2020-03-12",
            birth_place="Valbourg",
            grade=grade,
            school_id=school,
        )
    )
    return account_id


async def a_dossier(store: Store, account_id: str, state: State, at: datetime) -> str:
    """The family's dossier of the campaign's procedure, in this state; its id."""
    procedure = await store.town.procedure(slug=ACTUALISATION.slug)
    dossier = await store.dossiers.open_new(procedure, account_id, at)
    if state is not State.DRAFT:
        await moves(store, dossier.id, state, at)
    return dossier.id


async def moves(store: Store, dossier_id: str, state: State, at: datetime) -> None:
    """The dossier is in another state from now on; sent, unless it never was."""
    was_sent = state not in (State.DRAFT, State.ABANDONED)
    sent = {"submitted_at": at} if was_sent else {}
    await store.dossiers.move(dossier_id, tuple(State), state, at, **sent)
