"""Asking for a change of a family's file: what is known, the dossier with it, and its sending.

Pages and programs come through here. A change is one dossier, opened and filled in at once; where
no document is asked for, it is sent at once as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.acts import Acts
from api.beginning import keep_beginning
from api.gateway import Kept
from domain.errors import NotFound
from domain.kinds.catalogue import RULES
from domain.kinds.change_subjects import ABOUT, BOTH, CHILD_PAGE, OTHER, YOU, Subject
from domain.kinds.rules import Rules
from domain.messages import Outcome
from domain.questions import Answers, Section, Values
from domain.states import Action, State
from storage.changes import AskedChange
from storage.dossiers import Dossier
from storage.family_record import Contact, FamilyRecord, RecordedChild
from storage.store import OpenStore, Store
from storage.town import Procedure

CHANGE: Rules = RULES["change"]


@dataclass(frozen=True)
class Wanted:
    """What is to be changed: a subject, of one child where it is of a child, of one person."""

    subject: Subject
    child: RecordedChild | None = None
    contact: Contact | None = None

    @property
    def about(self) -> dict[str, str]:
        """The page that the portal writes."""
        return {
            "subject": self.subject.value,
            "child": self.child.id if self.child else "",
            "contact": self.contact.id if self.contact else "",
        }

    @property
    def pages(self) -> Answers:
        """The pages that nobody types: what it is about, and whom."""
        if self.child is None:
            return {ABOUT: self.about}
        names = {"first_name": self.child.first_name, "last_name": self.child.last_name}
        return {ABOUT: self.about, CHILD_PAGE: names}

    @property
    def section(self) -> Section:
        """The one page of questions."""
        return CHANGE.sections_for(self.pages)[0]

    def same_as(self, asked: Sequence[AskedChange]) -> Sequence[AskedChange]:
        """Those that wait and change the same thing; a new person is nobody else's change."""
        if self.subject is Subject.CONTACTS and self.contact is None:
            return ()
        mine = tuple(self.about.values())
        return [one for one in asked if one.is_waiting and one.of == mine]


@dataclass(frozen=True)
class Asked:
    """What came of asking. `others` wait already about the same thing: nothing was sent.

    `outcome` is that of the sending; None where nothing was sent, or had been before. Without
    `dossier` nothing was even opened.
    """

    dossier: Dossier | None
    others: Sequence[AskedChange] = ()
    outcome: Outcome | Kept | None = None


def known_values(record: FamilyRecord, wanted: Wanted, custody: Values) -> dict[str, str]:
    """What the town knows today of this subject, as answers of its page.

    Raises:
        NotFound: the town knows no guardian of this account.
    """
    known = _KNOWN[wanted.subject](record, wanted)
    values = dict(custody) if wanted.subject is Subject.CUSTODY else known
    return {one.name: str(values.get(one.name) or "") for one in wanted.section.fields}


def _details(record: FamilyRecord, _wanted: Wanted) -> Mapping[str, Any]:
    if record.owner is None:
        raise NotFound
    return vars(record.owner)


def _payer(record: FamilyRecord, _wanted: Wanted) -> Mapping[str, Any]:
    if record.owner is None or not record.others:
        raise NotFound
    theirs = any(one.is_payer for one in record.others)
    if record.owner.is_payer:
        return {"payer": BOTH if theirs else YOU}
    return {"payer": OTHER if theirs else ""}


def _contact(_record: FamilyRecord, wanted: Wanted) -> Mapping[str, Any]:
    if wanted.contact is None:
        return {}
    return {
        **vars(wanted.contact),
        "pick_up": "yes" if wanted.contact.may_pick_up else "",
        "emergency": "yes" if wanted.contact.is_emergency else "",
    }


def _school(_record: FamilyRecord, wanted: Wanted) -> Mapping[str, Any]:
    child = wanted.child
    if child is None:
        return {}
    return {
        "grade": child.grade,
        "school": child.school_id,
        "other_school": child.other_school,
        "elsewhere": "yes" if child.other_school else "",
    }


def _identity(record: FamilyRecord, wanted: Wanted) -> Mapping[str, Any]:
    return vars(wanted.child) if wanted.child else _details(record, wanted)


_KNOWN: Mapping[Subject, Any] = {
    Subject.CONTACT_DETAILS: _details,
    Subject.ADDRESS: lambda record, _wanted: vars(record),
    Subject.CUSTODY: lambda _record, _wanted: {},
    Subject.PAYER: _payer,
    Subject.CONTACTS: _contact,
    Subject.SCHOOL: _school,
    Subject.IDENTITY: _identity,
}


def is_sent_at_once(wanted: Wanted, values: Values) -> bool:
    """Whether no document is asked for with these answers."""
    return not CHANGE.needs({**wanted.pages, wanted.section.code: values})


async def ask_for_change(
    writing: OpenStore,
    acts: Acts,
    procedure: Procedure,
    wanted: Wanted,
    values: Values,
    *,
    known: Values,
    act_id: str,
    account_id: str,
    at: datetime,
    replaces: bool = False,
) -> Asked:
    """Open the dossier of a change with its answers, and send it where no document is asked for.

    Twice with the same `act_id`: one dossier. When something waits already about the same thing,
    nothing is sent, unless it `replaces` that, which is withdrawn.

    Raises:
        NotFound: that act opened the dossier of somebody else.
        TransitionNotAllowed: what was to be replaced was decided meanwhile.
    """
    async with writing() as store:
        act = await store.acts.find(act_id)
        others = (
            []
            if replaces
            else await _others(store, account_id, wanted, act.dossier_id if act else "", at)
        )
    if others:
        return Asked(None, others)
    dossier = await acts.open(procedure, ABOUT, wanted.about, act_id=act_id, owner_id=account_id)
    if dossier.account_id != account_id:
        raise NotFound
    async with writing() as store:
        await store.family_changes.in_turn(account_id)
        dossier = await store.dossiers.hold(dossier.id)
        if dossier.state is not State.DRAFT:
            return Asked(dossier)
        # Two forms sent at once: the second sees the first here at the latest.
        others = await _others(store, account_id, wanted, dossier.id, at)
        await _fill(store, dossier, wanted, values, known)
        dossier = await store.dossiers.find(dossier.id)
    if others and not replaces:
        return Asked(dossier, others)
    for one in others:
        await acts.give(Action.WITHDRAW, one.dossier_id, act_id=f"replaced-{one.dossier_id}")
    if not is_sent_at_once(wanted, values):
        return Asked(dossier)
    outcome = await acts.give(
        Action.SUBMIT, dossier.id, act_id=f"send-{dossier.id}", version_seen=dossier.version
    )
    return Asked(dossier, outcome=outcome)


async def open_change(
    writing: OpenStore,
    acts: Acts,
    procedure: Procedure,
    wanted: Wanted,
    known: Values,
    *,
    act_id: str,
    account_id: str,
) -> Dossier:
    """Open the dossier of a change as it is known today, to be changed and sent later.

    Twice with the same `act_id`: one dossier, and what was changed in it meanwhile stays.

    Raises:
        NotFound: that act opened the dossier of somebody else.
    """
    dossier = await acts.open(procedure, ABOUT, wanted.about, act_id=act_id, owner_id=account_id)
    if dossier.account_id != account_id:
        raise NotFound
    async with writing() as store:
        now = await store.dossiers.hold(dossier.id)
        if await store.dossiers.beginning(now.id) is None:
            await _fill(store, now, wanted, known, known)
        return await store.dossiers.find(now.id)


async def _others(
    store: Store, account_id: str, wanted: Wanted, mine: str, at: datetime
) -> Sequence[AskedChange]:
    asked = await store.changes.of_account(account_id, refused_since=at)
    return [one for one in wanted.same_as(asked) if one.dossier_id != mine]


async def _fill(
    store: Store, dossier: Dossier, wanted: Wanted, values: Values, known: Values
) -> None:
    """Write what is known, whom it is about and what is asked; what is there already is not."""
    code, at = wanted.section.code, dossier.last_saved_at
    await keep_beginning(store, dossier, {**wanted.pages, code: known})
    kept = await store.dossiers.answers(dossier.id)
    for page, some in {**wanted.pages, code: values}.items():
        if kept.get(page) != some:
            await store.dossiers.save_answers(dossier, page, some, at)
