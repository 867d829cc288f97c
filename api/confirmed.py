"""A dossier that starts filled in: which of its pages the family has looked at, and still must."""

from collections.abc import Collection, Sequence
from datetime import datetime

from api.answers import refuse_if_read_only
from domain.deadlines import paris_day
from domain.errors import Stale
from domain.kinds.actualisation_questions import CHILDREN, chosen
from domain.kinds.catalogue import RULES
from domain.questions import Answers, Section, unfinished
from storage.dossiers import Dossier
from storage.store import OpenStore, Store


def to_confirm(dossier: Dossier, answers: Answers) -> Sequence[Section]:
    """The pages that the family must have looked at; none for a kind that starts empty."""
    rules = RULES[dossier.kind]
    if not rules.starts_filled:
        return ()
    return [one for one in rules.sections_for(answers) if not one.with_sending]


async def unconfirmed(store: Store, dossier: Dossier, answers: Answers) -> tuple[str, ...]:
    """The codes of the pages that nobody has confirmed or changed yet, in their order."""
    pages = to_confirm(dossier, answers)
    done = await store.confirmations.of(dossier.id) if pages else {}
    return tuple(one.code for one in pages if one.code not in done)


async def confirm(
    writing: OpenStore,
    dossier: Dossier,
    codes: Collection[str],
    *,
    version_seen: int,
    by: str,
    at: datetime,
) -> tuple[str, ...]:
    """Say of these pages (of all of them, where none is named) that they are right as they are.

    Gives the codes of those that cannot be, because an answer is missing or wrong. Twice: the last
    time counts.

    Raises:
        Stale: an answer changed since `version_seen`: nothing is confirmed.
        TransitionNotAllowed: the dossier takes no answers any more.
    """
    async with writing() as store:
        now = await store.dossiers.hold(dossier.id)
        refuse_if_read_only(now)
        if now.version != version_seen:
            raise Stale(version=now.version, seen=version_seen, dossier_id=dossier.id)
        answers = await store.dossiers.answers(now.id)
        pages = [one for one in to_confirm(now, answers) if not codes or one.code in codes]
        lists = await store.town.lists()
        left = unfinished(pages, answers, lists, today=paris_day(at))
        right = [one.code for one in pages if one.code not in left]
        await store.confirmations.add(now.id, right, at, by)
    return left


async def gone_children(store: Store, dossier: Dossier, answers: Answers) -> Sequence[str]:
    """The names of the children that the dossier is about and that left the family meanwhile."""
    wanted = chosen(answers)
    if not wanted:
        return ()
    here = {one.id for one in await store.households.children_of(dossier.account_id)}
    return [
        answers[CHILDREN].get(f"name_{place}", "")
        for place, child in wanted.items()
        if child not in here and await store.family_changes.child_now(child) not in here
    ]
