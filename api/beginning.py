"""What a new dossier takes over from the last one of the same family: nobody types twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.access.rules import covers
from api.acts import Acts
from api.known_family import may_know, other_parent_in, people_of
from domain.errors import NotFound
from domain.kinds.catalogue import RULES
from domain.questions import Answers, Values
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.family_record import FamilyRecord, RecordedChild
from storage.store import OpenStore, Store
from storage.town import Procedure

FAMILY_PAGES = ("vous", "adresse", "autre-parent", "contacts")
"""The pages about the family, the same for the next child."""
_OF_GUARDIAN = ("first_name", "last_name", "relation", "phone")
_OF_CHILD = ("first_name", "last_name", "birth_date", "birth_place")
JUST_OPENED = 1
"""The version of a dossier of which only the first page was saved."""


@dataclass(frozen=True)
class Known:
    """What a family need not type again, and its record, if there is one."""

    answers: Answers
    record: FamilyRecord | None

    @property
    def unregistered(self) -> Sequence[RecordedChild]:
        """The children that the town knows and that no dossier has registered yet."""
        return [one for one in self.record.children if not one.dossier_id] if self.record else ()


async def known_of(
    store: Store,
    account_id: str,
    procedure: Procedure,
    *,
    agent: Account | None = None,
    dossiers: Sequence[Dossier] | None = None,
) -> Known:
    """The family's answers in its latest dossier of this kind; nothing for a new family.

    What its record says today counts for more. For an `agent` at the desk, in the latest that the
    agent's duties open, and of the record what `may_know` says. `dossiers` are those of the family,
    the latest first, if they were read.
    """
    if dossiers is None:
        dossiers = await store.dossiers.of_account(account_id)
    latest = next(
        (
            one
            for one in dossiers
            if one.kind == procedure.kind and (agent is None or covers(agent, one.department))
        ),
        None,
    )
    if latest is None:
        known = await _vouched_answers(store, account_id, procedure)
    else:
        answers = await store.dossiers.answers(latest.id)
        known = {code: answers[code] for code in FAMILY_PAGES if code in answers}
    record = await store.family_record.of(account_id) if may_know(agent, dossiers) else None
    return Known(known if record is None else {**known, **_recorded(record, known)}, record)


async def known_answers(
    store: Store, account_id: str, procedure: Procedure, *, agent: Account | None = None
) -> Answers:
    """The answers alone; see `known_of`."""
    return (await known_of(store, account_id, procedure, agent=agent)).answers


def _recorded(record: FamilyRecord, known: Answers) -> Answers:
    """The pages about which the town knows more: where the family lives, and who asks."""
    home = {name: getattr(record, name) for name in ("street", "postal_code", "city", "country")}
    pages: dict[str, Values] = {}
    if record.street:
        pages["adresse"] = {**known.get("adresse", {}), **home}
    pages |= other_parent_in(record, known)
    people = next((one.contacts for one in record.children if one.contacts), ())
    if people and "contacts" not in known:
        pages["contacts"] = people_of([one for one in people if one.until is None])
    if record.owner is not None:
        mine = {name: getattr(record.owner, name) for name in _OF_GUARDIAN}
        said = {name: text for name, text in mine.items() if text}
        pages["vous"] = {**known.get("vous", {}), **said}
    return pages


async def _vouched_answers(store: Store, account_id: str, procedure: Procedure) -> Answers:
    """What FranceConnect said of a new family: the names, to be looked at like all answers."""
    known = next(iter(await store.identities.of(account_id)), None)
    page = RULES[procedure.kind].sections[0]
    if known is None or page.code not in FAMILY_PAGES:
        return {}
    said = {"first_name": known.first_name, "last_name": known.last_name}
    asked = {one.name for one in page.fields}
    return {page.code: {name: value for name, value in said.items() if name in asked and value}}


async def open_procedure(store: Store, slug: str) -> Procedure:
    """The procedure of that slug, if families may begin it today; NotFound otherwise."""
    procedure = await store.town.procedure(slug=slug)
    if not procedure.is_open:
        raise NotFound
    return procedure


async def begin(
    store: Store,
    writing: OpenStore,
    acts: Acts,
    procedure: Procedure,
    values: Values | None,
    *,
    act_id: str,
    account_id: str,
    agent: Account | None = None,
) -> Dossier:
    """Open a dossier with its first page, right or wrong, and with what the family said before.

    Without `values` the first page too is what the family said before. Twice with the same
    `act_id`: one dossier.

    Raises:
        NotFound: that act opened the dossier of somebody else.
    """
    first_page = RULES[procedure.kind].sections[0].code
    known = await known_answers(store, account_id, procedure, agent=agent)
    first = known.get(first_page, {}) if values is None else values
    dossier = await acts.open(procedure, first_page, first, act_id=act_id, owner_id=account_id)
    if dossier.account_id != account_id:
        raise NotFound
    await _take_over(writing, dossier, known, first_page)
    return dossier


async def begin_filled(
    writing: OpenStore,
    acts: Acts,
    procedure: Procedure,
    known: Answers,
    *,
    act_id: str,
    account_id: str,
) -> Dossier:
    """Open a dossier of a kind that starts filled in, with all that the town knows of the family.

    A family has one open dossier of such a procedure: a second beginning leads to the first, and
    fills it in where a failure left it empty.

    Raises:
        NotFound: that act opened the dossier of somebody else.
    """
    first_page = RULES[procedure.kind].sections[0].code
    dossier = await acts.open(
        procedure, first_page, known[first_page], act_id=act_id, owner_id=account_id, is_only=True
    )
    if dossier.account_id != account_id:
        raise NotFound
    async with writing() as store:
        now = await store.dossiers.hold(dossier.id)
        if now.version == JUST_OPENED and await store.dossiers.beginning(now.id) is None:
            await keep_beginning(store, now, known)
            for code, values in known.items():
                if code != first_page:
                    await store.dossiers.save_answers(now, code, values, now.last_saved_at)
    return dossier


async def fill_child(writing: OpenStore, dossier: Dossier, child: RecordedChild) -> None:
    """Fill in the page of a child that the town knows. What is written there already stays."""
    async with writing() as store:
        now = await store.dossiers.hold(dossier.id)
        if "enfant" not in await store.dossiers.answers(now.id):
            values = {name: getattr(child, name) for name in _OF_CHILD}
            await store.dossiers.save_answers(now, "enfant", values, now.last_saved_at)


async def keep_beginning(store: Store, dossier: Dossier, known: Answers) -> None:
    """Keep what the town knew when this dossier was opened. Twice: the first stands.

    Staff reads what was sent beside it, and an approval writes only what differs from it.
    """
    await store.dossiers.keep_beginning(dossier, known, dossier.opened_at)


async def _take_over(writing: OpenStore, dossier: Dossier, known: Answers, first_page: str) -> None:
    """Fill the other family pages of a dossier that was just opened.

    Twice: only once, since the dossier has been saved again by then.
    """
    async with writing() as store:
        now = await store.dossiers.hold(dossier.id)
        if now.version > JUST_OPENED:
            return
        if "adresse" in known:
            await keep_beginning(store, now, known)
        for code, values in known.items():
            if code != first_page:
                await store.dossiers.save_answers(now, code, values, now.last_saved_at)
