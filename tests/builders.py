"""A small town and its people, made as rows: what most tests begin with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.deadlines import Terms
from domain.rights import EVERY_GROUP, Duty, FieldGroup
from domain.states import State
from storage.accounts import Account
from storage.changes import usual_procedures
from storage.dossiers import Dossier
from storage.sealed import EXAMPLE_KEYS, Keys
from storage.store import Store
from storage.town import Department, Facility, Procedure, TownCard

KEYS = Keys.listed(EXAMPLE_KEYS)
SCHOOLS = Department(
    "scolaire", "Service scolaire", "1 place du Marché, 01000 Valbourg", "ecoles@v.example", "0102"
)
NURSERY = Department(
    "creche", "Petite enfance", "2 place du Marché, 01000 Valbourg", "creche@v.example", "0103"
)
REGISTRATION = Procedure(
    id="p" * 32,
    slug="inscription-scolaire",
    kind="registration",
    title="Inscrire mon enfant à l’école",
    school_year="2026-2027",
    department="scolaire",
    is_open=True,
    intro="",
    terms=Terms(),
)
CHANGES = usual_procedures(SCHOOLS.code, "2026-2027")


@dataclass(frozen=True)
class Someone:
    """Who to make: an account, with a password if its hash is given.

    `is_example`: it comes in without a second factor, as in the example town.
    """

    email: str
    role: str = "parent"
    name: str = ""
    title: str = ""
    department: str | None = None
    is_example: bool = False
    fields: frozenset[FieldGroup] = EVERY_GROUP

    @property
    def duties(self) -> tuple[Duty, ...]:
        """What they do for the town; without a department, for all of them."""
        return (Duty(self.department, self.fields),) if self.role in {"agent", "system"} else ()


async def a_town(store: Store) -> None:
    """Valbourg, two departments, a school and one open procedure. Twice: the same town."""
    await store.town.set_card(TownCard("Valbourg", "Vous pouvez contester cette décision."))
    for department in (SCHOOLS, NURSERY):
        await store.town.put_department(department)
    await store.town.put_facility(
        Facility("e" * 32, "École Jean-Moulin", "school", "3 rue des Écoles")
    )
    for procedure in (REGISTRATION, *CHANGES):
        await store.town.put_procedure(procedure)


async def an_account(
    store: Store, who: Someone, at: datetime, password_hash: str | None = None
) -> Account:
    """The account of this person, made if it is not there yet."""
    if await store.accounts.by_email(who.email) is None:
        await store.accounts.add(
            who.email,
            who.role,
            at,
            name=who.name,
            title=who.title,
            duties=who.duties,
            password_hash=password_hash,
            is_example=who.is_example,
        )
    account = await store.accounts.by_email(who.email)
    assert account is not None
    return account


async def a_dossier(
    store: Store, owner: Account, at: datetime, *, state: State = State.DRAFT
) -> Dossier:
    """A dossier of this parent in the example town, with only its first answers, in this state."""
    procedure = await store.town.procedure(slug=REGISTRATION.slug)
    dossier = await store.dossiers.open_new(procedure, owner.id, at)
    await store.dossiers.save_answers(
        dossier, "enfant", {"first_name": "Léna", "last_name": "Martin"}, at
    )
    if state is not State.DRAFT:
        await store.dossiers.move(dossier.id, (State.DRAFT,), state, at, submitted_at=at)
    return await store.dossiers.find(dossier.id)


async def a_waiting_letter(store: Store, kind: str, to: str, at: datetime, **values: Any) -> str:
    """The id of a letter to this address that waits to be sent; `values` are what else it says.

    Twice of one kind about the same dossier (or account, or link): the same letter.
    """
    about = values.get("dossier_id") or values.get("account_id") or values.get("link_id") or to
    n = values.pop("n", 1)
    usual = {"subject": "Un courrier", "text": "Bonjour", "html": "", "host": "v.example"}
    return await store.letters.add(
        key=f"{about}:{kind}:{n}", kind=kind, n=n, to_address=to, at=at, **{**usual, **values}
    )
