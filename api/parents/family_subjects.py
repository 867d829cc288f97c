"""What may be changed of a family's file, by whom, and what the town knows of it today."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends

from api.access.rules import OwnChild, Parent, Visitor
from api.changing import Wanted, known_values
from api.dependencies import Now, Reading
from api.known_family import may_know
from api.parents.family_view import HERE
from api.parents.visited import procedures_for
from domain.deadlines import Validation, paris_day
from domain.errors import NotFound
from domain.kinds.change_subjects import WORDS, Subject, slug_of
from domain.questions import Lists, Values
from storage.store import Store
from storage.town import Procedure


@dataclass(frozen=True)
class Change:
    """One page of change: what is wanted, what is known, and how the town deals with it."""

    wanted: Wanted
    known: Values
    procedure: Procedure
    lists: Lists
    department: str
    address: str
    back: str

    @property
    def is_automatic(self) -> bool:
        """Whether the portal approves it by itself."""
        return self.procedure.terms.validation is Validation.AUTOMATIC


async def family_change(subject: str, visitor: Parent, store: Reading, at: Now) -> Change:
    """What this parent may change of the family as a whole.

    Raises:
        NotFound: no such subject, or the town offers it to nobody; or no family is known.
    """
    return await _change(store, visitor, subject, at, of_child=False)


async def child_change(
    subject: str, visitor: Parent, child: OwnChild, store: Reading, at: Now, personne: str = ""
) -> Change:
    """What this parent may change of one child; never of one that somebody else shares.

    Raises:
        NotFound: as `family_change`, or there is no such person on the child's list.
    """
    if child.is_shared:
        raise NotFound
    return await _change(
        store, visitor, subject, at, of_child=True, child_id=child.id, person=personne
    )


FamilyChange = Annotated[Change, Depends(family_change)]
ChildChange = Annotated[Change, Depends(child_change)]


async def _change(
    store: Store,
    visitor: Visitor,
    code: str,
    at: datetime,
    *,
    of_child: bool,
    child_id: str = "",
    person: str = "",
) -> Change:
    if code not in await subjects_offered(store, visitor):
        raise NotFound
    subject = Subject(code)
    may_be_of_child = WORDS[subject].of_child or subject is Subject.IDENTITY
    record = await store.family_record.of(visitor.account.id)
    is_misplaced = WORDS[subject].of_child and not of_child
    if record is None or is_misplaced or (of_child and not may_be_of_child):
        raise NotFound
    agent = visitor.behind
    if agent and not may_know(agent, await store.dossiers.of_account(visitor.account.id)):
        raise NotFound
    record = record.on(paris_day(at))
    child = record.child(child_id) if of_child else None
    people = child.contacts if child else ()
    contact = next((one for one in people if one.id == person), None)
    if (of_child and child is None) or (person and contact is None):
        raise NotFound
    wanted = Wanted(subject, child, contact)
    custody: Values = {}
    if subject is Subject.CUSTODY and child is not None:
        custody = (await store.custody.of([child.id])).get(child.id, {})
    back = f"{HERE}/enfants/{child.id}" if child else HERE
    query = f"?personne={contact.id}" if contact else ""
    procedure = await store.town.procedure(slug=slug_of(subject))
    procedure = await store.procedure_rules.today(procedure, paris_day(at))
    return Change(
        wanted,
        known_values(record, wanted, custody),
        procedure,
        await store.town.lists(),
        (await store.town.department(procedure.department)).name,
        f"{back}/changer/{subject.value}{query}",
        back,
    )


async def subjects_offered(store: Store, visitor: Visitor) -> frozenset[str]:
    """The subjects for which the town has an open procedure, which whoever is there may begin.

    An agent at the desk never begins one about custody: the family's own words are reserved.
    """
    slugs = {one.slug for one in procedures_for(visitor, await store.town.changes_offered())}
    return frozenset(
        one.value
        for one in Subject
        if slug_of(one) in slugs and not (visitor.behind and one is Subject.CUSTODY)
    )
