"""What a parent typed on a page of questions, and what was already kept of that page."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from domain.errors import TransitionNotAllowed
from domain.questions import Section, Values, as_day
from domain.states import Action, State, why_not
from storage.dossiers import Dossier
from storage.store import OpenStore

WRITABLE = frozenset({State.DRAFT, State.AWAITING_FAMILY})
"""Where answers may be corrected; what is kept at a sending is a copy of them."""


def typed_on(section: Section, form: Mapping[str, str]) -> dict[str, str]:
    """The texts of this page's fields; the three parts of a day are put together."""
    return {
        one.name: _day(one.name, form) if one.kind == "date" else form.get(one.name, "")
        for one in section.fields
    }


def _day(name: str, form: Mapping[str, str]) -> str:
    if name in form:
        return form[name]
    parts = [form.get(f"{name}_{part}", "").strip() for part in ("year", "month", "day")]
    # Half a date stays as it was typed: the page shows it again in its three fields.
    text = "-".join(part.replace("-", " ") for part in parts) if any(parts) else ""
    day = as_day(text)
    return day.isoformat() if day else text


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
        now = await store.dossiers.find(dossier.id)
        refuse_if_read_only(now)
        kept = (await store.dossiers.answers(dossier.id)).get(section.code, {})
        if seen and fingerprint(kept) not in (seen, fingerprint(values)):
            return kept
        await store.dossiers.save_answers(now, section.code, values, at)
    return None


async def greet_as(writing: OpenStore, dossier: Dossier, you: Values) -> None:
    """Greet the parent by the name of this dossier's first page. Twice: the same."""
    async with writing() as store:
        name = f"{you['first_name']} {you['last_name']}"
        await store.accounts.set_name(dossier.account_id, name)
