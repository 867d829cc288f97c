"""A child's health record in words: the same for its guardians and for the staff who read it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from domain.deadlines import paris_day
from domain.french import moment, short_day
from domain.health import (
    FIELDS,
    HealthRecord,
    Missing,
    announces_pai,
    gate,
    is_checked,
    problems_of,
)
from domain.questions import as_day, shown
from domain.vaccinations import calendar_of, ordinal
from storage.family_record import FollowedChild
from storage.store import Store


async def sheet_of(
    store: Store, child: FollowedChild, at: datetime, *, reader: str = ""
) -> Mapping[str, Any]:
    """What the page of a record shows; `reader` is the account of a guardian who reads their own.

    Nobody is named: the guardians know each other, and the journal tells staff who it was.
    """
    today = paris_day(at)
    record = await store.health_records.of(child.id)
    return {
        "child": child,
        "record": record,
        "answers": answer_rows(record),
        "vaccines": vaccine_rows(record, as_day(child.birth_date), today),
        "lacks": await lacks_of(store, child, record, today),
        "is_checked": record is not None and is_checked(record.checked_at, today),
        "may_check": record is not None and not problems_of(record.values, today),
        "changed": await changed_words(store, record, child, reader),
    }


async def health_of(
    store: Store, child: FollowedChild, at: datetime, *, is_open: bool
) -> Mapping[str, Any]:
    """Where the record of a child stands, for its sheet: that it is there, and for which year.

    With `is_open` also what is missing before activities, which tells something of the child.
    """
    today = paris_day(at)
    if not is_open:
        checked = await store.health_records.checked([child.id])
        is_there = child.id in checked
        return {"is_there": is_there, "is_checked": is_checked(checked.get(child.id), today)}
    record = await store.health_records.of(child.id)
    return {
        "is_there": record is not None,
        "is_checked": record is not None and is_checked(record.checked_at, today),
        "lacks": await lacks_of(store, child, record, today),
    }


async def lacks_of(
    store: Store, child: FollowedChild, record: HealthRecord | None, today: date
) -> Sequence[Missing]:
    """What is missing before this child may be enrolled in activities: `domain.health.gate`."""
    papers: frozenset[str] = frozenset()
    if record is not None and announces_pai(record.values):
        papers = await _papers_of(store, child, record, today)
    return gate(child, record, today, papers=papers)


async def _papers_of(
    store: Store, child: FollowedChild, record: HealthRecord, today: date
) -> frozenset[str]:
    """The codes of the papers of this child that hold today, of those given since its care plan."""
    held = await store.wallet.valid_for(child.account_id, [child.id], today)
    since = as_day(record.values.get("pai_on", ""))
    return frozenset(
        one.kept.piece
        for one in held
        if one.kept.child_id == child.id and (since is None or paris_day(one.kept.put_at) >= since)
    )


def answer_rows(record: HealthRecord | None) -> Sequence[Mapping[str, str]]:
    """The answers that count, by question."""
    if record is None:
        return ()
    return [
        {"label": one.label, "value": shown(one, record.values.get(one.name, ""), {})}
        for one in FIELDS
        if one.asked(record.values)
    ]


def vaccine_rows(
    record: HealthRecord | None, born: date | None, today: date
) -> Sequence[Mapping[str, str]]:
    """The mandatory vaccines of this child with the days of their doses, "" where none is noted."""
    if record is None:
        return ()
    return [
        {"label": vaccine.name, "value": _days(record.doses.get(vaccine.code, ()))}
        for vaccine in calendar_of(born or today)
    ]


def _days(days: Sequence[date]) -> str:
    return ", ".join(f"{ordinal(n)} dose le {short_day(one)}" for n, one in enumerate(days, 1))


def health_facts(
    record: HealthRecord | None, birth_date: str, today: date
) -> Mapping[str, str] | None:
    """A record by its questions, for the family to take away; None while there is none."""
    if record is None:
        return None
    rows = [*answer_rows(record), *vaccine_rows(record, as_day(birth_date), today)]
    return {row["label"]: row["value"] for row in rows}


async def changed_words(
    store: Store, record: HealthRecord | None, child: FollowedChild, reader: str
) -> str:
    """When the record changed, and by whom; "" while there is none."""
    if record is None:
        return ""
    by = await _author(store, record, child, reader)
    return f"Modifiée le {moment(record.changed_at)} par {by}."


async def _author(store: Store, record: HealthRecord, child: FollowedChild, reader: str) -> str:
    if record.changed_by == reader:
        return "vous"
    author = await store.accounts.by_id(record.changed_by)
    if author is not None and author.role != "parent":
        return "la mairie"
    if reader or record.changed_by != child.account_id:
        return "l’autre parent"
    return "le parent qui tient le dossier de la famille"
