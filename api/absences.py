"""Saying that somebody is away and who stands in: the same for the person and for an admin."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import Request

from api.audit import line_of
from api.form_acts import act_id_of
from api.forms import Form
from domain.audit import What
from domain.deadlines import PARIS, end_of_day, last_day, paris_day
from domain.french import day, short_day
from domain.questions import as_day
from domain.rights import GROUP_WORDS, FieldGroup, groups_words
from storage.absences import Absence
from storage.accounts import Account
from storage.store import Store

_LONGEST = timedelta(days=366)


async def colleagues(store: Store, account: Account) -> Sequence[tuple[str, str]]:
    """Who may stand in for somebody: any agent whose access is open, as options."""
    return [
        (one.id, f"{one.name}, {one.title}" if one.title else one.name)
        for one in await store.staff.everybody()
        if one.role == "agent" and one.id != account.id and one.disabled_at is None
    ]


def group_choices(account: Account) -> Sequence[Mapping[str, str]]:
    """The reserved groups that could be let to the cover: those that the person reads."""
    own = frozenset().union(*(one.fields for one in account.duties))
    return [{"value": one.value, "label": GROUP_WORDS[one]} for one in FieldGroup if one in own]


def absence_rows(absences: Sequence[Absence], at: datetime) -> Sequence[Mapping[str, Any]]:
    """Absences that are on or to come, in words."""
    return [
        {
            "id": one.id,
            "words": f"Du {day(one.begins_at)} au {day(last_day(one.ends_at))}",
            "cover": one.cover_name or "personne",
            "reserved": groups_words(one.fields),
            "is_on": one.is_on(at),
        }
        for one in absences
    ]


def away_words(absence: Absence) -> str:
    """« Absence jusqu’au 12 janv. 2027, remplacement : Paul Roux »."""
    cover = f", remplacement\u00a0: {absence.cover_name}" if absence.cover_name else ""
    return f"Absence jusqu’au {short_day(last_day(absence.ends_at))}{cover}"


async def say_absence(
    request: Request,
    store: Store,
    account: Account,
    form: Form,
    *,
    by: Account,
    at: datetime,
) -> dict[str, str]:
    """Write down the absence that a form tells, or give one sentence for each field that is wrong.

    Reserved groups are let to the cover by an admin only. The same form twice: one absence.
    """
    await store.absences.take_turn(account.id)
    absence, errors = _read(form, account, by=by, at=at)
    if absence is None:
        return errors
    if await store.absences.find(absence.id) is not None:
        return {}
    covers = dict(await colleagues(store, account))
    if absence.cover_id and absence.cover_id not in covers:
        return {"cover": "Choisissez une personne de la liste."}
    if other := _overlapping(absence, await store.absences.coming(account.id, at)):
        return {"begins": f"Une absence est déjà notée {_span(other)}."}
    if absence.cover_id:
        theirs = await store.absences.coming(absence.cover_id, at)
        if other := _overlapping(absence, theirs):
            return {"cover": f"{other.name} est en absence {_span(other)}. Choisissez quelqu’un."}
    await store.absences.say(absence, by=by.id, at=at)
    await store.audit.add(
        line_of(
            request,
            What.ABSENCE_SAID,
            subject=account.id,
            cover=absence.cover_id,
            begins=paris_day(absence.begins_at).isoformat(),
            ends=last_day(absence.ends_at).isoformat(),
            fields=" ".join(sorted(absence.fields)),
        )
    )
    return {}


async def end_absence(
    request: Request, store: Store, account: Account, absence_id: str, at: datetime
) -> bool:
    """End an absence now, or call it off. False when it is over already, or somebody else's."""
    is_ended = await store.absences.end(absence_id, account.id, at)
    if is_ended:
        await store.audit.add(line_of(request, What.ABSENCE_ENDED, subject=account.id))
    return is_ended


def _read(
    form: Form, account: Account, *, by: Account, at: datetime
) -> tuple[Absence | None, dict[str, str]]:
    today = paris_day(at)
    first, last = (as_day(form.get(name, "").strip()) for name in ("begins", "ends"))
    errors = {}
    if first is None:
        errors["begins"] = "Écrivez le premier jour d’absence, par exemple 12/01/2027."
    elif first < today:
        errors["begins"] = "Ce jour est passé. Écrivez aujourd’hui ou un jour à venir."
    if last is None:
        errors["ends"] = "Écrivez le dernier jour d’absence, par exemple 19/01/2027."
    elif first is not None and last < first:
        errors["ends"] = "Le retour vient avant le départ. Corrigez l’un des deux jours."
    elif last - today > _LONGEST:
        errors["ends"] = "Une absence se note pour un an au plus."
    if first is None or last is None or errors:
        return None, errors
    may_lend = by.role == "admin"
    ticked = form.getlist("fields") if may_lend else []
    lent = [one["value"] for one in group_choices(account) if one["value"] in ticked]
    return (
        Absence(
            id=act_id_of(form),
            account_id=account.id,
            cover_id=form.get("cover", ""),
            begins_at=max(_start_of(first), at),
            ends_at=end_of_day(last),
            fields=frozenset(FieldGroup(one) for one in lent),
        ),
        {},
    )


def _start_of(first: date) -> datetime:
    return datetime.combine(first, time.min, tzinfo=PARIS)


def _overlapping(absence: Absence, others: Sequence[Absence]) -> Absence | None:
    return next(
        (
            one
            for one in others
            if one.begins_at < absence.ends_at and absence.begins_at < one.ends_at
        ),
        None,
    )


def _span(absence: Absence) -> str:
    return f"du {day(absence.begins_at)} au {day(last_day(absence.ends_at))}"
