"""Whether anybody is left whose signature a dossier could still get."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.custody import Effect, Ruling
from domain.deadlines import paris_day
from domain.guardian_access import WITH_RULING, GuardianAccess, Stage
from storage.dossiers import Dossier
from storage.store import Store

_MAY_SIGN = frozenset({Stage.OPEN, Stage.INVITED})


async def has_nobody_left(
    store: Store, dossier: Dossier, at: datetime, accesses: Sequence[GuardianAccess] | None = None
) -> bool:
    """Whether everybody who could sign beside the family was shut out, or a court said it is alone.

    False while somebody is in or invited, and where nobody ever was: they may still come.
    `accesses` are those around the dossier, from whoever has asked for them already.
    """
    if accesses is None:
        accesses = await store.guardian_accesses.around(dossier.id)
    if _may_somebody(accesses, at):
        return False
    has_ended = any(one.has_ended(paris_day(at)) for one in accesses)
    return has_ended or await _decides_alone(store, dossier, at)


async def acts_alone(store: Store, dossier: Dossier, at: datetime) -> bool:
    """Whether nobody else is to be asked, by a court's decision and by nothing else."""
    accesses, today = await store.guardian_accesses.around(dossier.id), paris_day(at)
    if _may_somebody(accesses, at):
        return False
    ended = [one for one in accesses if one.has_ended(today)]
    by_ruling = bool(ended) and all(one.reason_code in WITH_RULING for one in ended)
    return by_ruling or await _decides_alone(store, dossier, at)


def _may_somebody(accesses: Iterable[GuardianAccess], at: datetime) -> bool:
    return any(one.stage(at, paris_day(at)) in _MAY_SIGN for one in accesses)


async def _decides_alone(store: Store, dossier: Dossier, at: datetime) -> bool:
    children = await store.shared_dossiers.children_of(dossier.id)
    # Of several children each may have a ruling of its own: one of them does not speak for all.
    about = children if len(children) == 1 else ()
    rulings: Sequence[Ruling] = await store.court_rulings.of_dossier(dossier.id, about)
    return any(
        one.effect is Effect.SOLE_AUTHORITY
        and one.who is not None
        and one.who.account_id == dossier.account_id
        for ruling in rulings
        if ruling.counts_on(paris_day(at))
        for one in ruling.decisions
    )
