"""Keeping what a family answers, whether a page or a program sends it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime

from api.house_rules import with_version
from domain.deadlines import paris_day
from domain.errors import Stale, TransitionNotAllowed
from domain.kinds.catalogue import RULES
from domain.questions import Answers, Lists, Section, Values, read
from domain.states import Action, State, why_not
from storage.dossiers import Dossier
from storage.store import OpenStore, Store

WRITABLE = frozenset({State.DRAFT, State.AWAITING_FAMILY})
"""Where answers may be corrected; what is kept at a sending is a copy of them."""
YOU = "vous"
"""The page of questions about whoever fills the dossier in."""


def fingerprint(values: Values) -> str:
    """The hidden `version` of a page: what its kept answers were when it was shown.

    It is the page's own, so that saving one page never makes another one stale.
    """
    text = json.dumps({name: value for name, value in sorted(values.items()) if value})
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def refuse_if_read_only(dossier: Dossier) -> None:
    """Refuse to change answers that the town is reading, or that are closed.

    Raises:
        TransitionNotAllowed: with the way back to the dossier.
    """
    if dossier.state not in WRITABLE:
        raise TransitionNotAllowed(
            why_not(dossier.state, Action.SUBMIT),
            dossier_id=dossier.id,
            next_href=f"/dossiers/{dossier.id}",
        )


async def keep(
    writing: OpenStore,
    dossier: Dossier,
    section: Section,
    values: Values,
    *,
    seen: str,
    at: datetime,
) -> Values | None:
    """Keep a page of answers, even wrong ones: nothing typed is lost.

    Twice the same values: kept once more, without harm. Gives None, or, when the page changed since
    it was shown (`seen` is its fingerprint then), the answers kept meanwhile; nothing is written.
    """
    async with writing() as store:
        now = await store.dossiers.hold(dossier.id)
        refuse_if_read_only(now)
        kept = (await store.dossiers.answers(dossier.id)).get(section.code, {})
        if seen and fingerprint(kept) not in (seen, fingerprint(values)):
            return kept
        await store.dossiers.save_answers(now, section.code, values, at)
    return None


async def keep_changes(
    writing: OpenStore,
    dossier: Dossier,
    changes: Answers,
    lists: Lists,
    *,
    version_seen: int,
    at: datetime,
) -> int:
    """Keep some answers of several pages at once, even wrong ones; gives the new version.

    What is not named in `changes` stays. All of it in one transaction; what changes nothing is not
    written, so that sending the same again gives the same version.

    Raises:
        Stale: the dossier is not at `version_seen` any more; `facts` carry both answers.
        TransitionNotAllowed: the town is reading the dossier, or it is closed.
    """
    async with writing() as store:
        now = await store.dossiers.hold(dossier.id)
        refuse_if_read_only(now)
        kept = await store.dossiers.answers(dossier.id)
        read_now = {
            code: await _read_on_top(
                store, now, code, kept=kept, some=some, lists=lists, today=paris_day(at)
            )
            for code, some in changes.items()
        }
        differing = {code: one for code, one in read_now.items() if one[0] != kept.get(code)}
        if differing and now.version != version_seen:
            raise Stale(
                version=now.version,
                seen=version_seen,
                dossier_id=dossier.id,
                answers={code: dict(kept.get(code, {})) for code in changes},
                changes=changes,
            )
        version = now.version
        for code, (values, problems) in differing.items():
            version = await store.dossiers.save_answers(now, code, values, at, version_seen=version)
            if code == YOU and not problems:
                await _greet(store, now, values)
        return version


async def _read_on_top(
    store: Store,
    dossier: Dossier,
    code: str,
    *,
    kept: Answers,
    some: Values,
    lists: Lists,
    today: date,
) -> tuple[Values, Mapping[str, str]]:
    section = RULES[dossier.kind].section(code)
    known = kept.get(code, {})
    mine = {name: known.get(name, "") for name in section.written_by_the_portal}
    values, problems = read(section, {**known, **some, **mine}, lists, today=today)
    return await with_version(store, section, some, values, today), problems


async def greet_as(writing: OpenStore, dossier: Dossier, you: Values) -> None:
    """Greet the parent by the name of this dossier's first page. Twice: the same."""
    async with writing() as store:
        await _greet(store, dossier, you)


async def _greet(store: Store, dossier: Dossier, you: Values) -> None:
    await store.accounts.set_name(dossier.account_id, f"{you['first_name']} {you['last_name']}")
