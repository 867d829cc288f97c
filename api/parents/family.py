"""The family's file: who is in it, where it lives, its children, and what waits for the town."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.rules import OwnChild, Parent
from api.dependencies import Now, PagesDep, Reading
from api.health_readers import reads_health
from api.health_sheets import health_of
from api.known_family import may_know
from api.parents.child_cards import shared_card
from api.parents.family_subjects import subjects_offered
from api.parents.family_view import (
    address_of,
    child_rows,
    contact_cards,
    custody_rows,
    ended_rows,
    images_in_words,
    links_of,
    payers_of,
    person_rows,
    relation_of,
    school_rows,
    waiting_rows,
)
from api.parents.visited import changes_for, recorded_for
from domain.deadlines import paris_day
from domain.questions import Values
from storage.changes import AskedChange
from storage.consents import ImageRights
from storage.family_record import FamilyRecord, RecordedChild, RecordedGuardian
from storage.guardian_accesses import Share

router = APIRouter()

REFUSALS_SHOWN = timedelta(days=30)


@router.get("/famille")
async def show(
    request: Request, visitor: Parent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """The whole file, with the way to change each part and what waits."""
    account = visitor.account
    dossiers = await store.dossiers.of_account(account.id) if visitor.behind else ()
    is_open = may_know(visitor.behind, dossiers)
    record = await store.family_record.of(account.id) if is_open else None
    waiting = await store.changes.of_account(account.id, refused_since=at - REFUSALS_SHOWN)
    asked = changes_for(visitor, waiting, dossiers)
    shares: Sequence[Share] = ()
    if visitor.behind is None:  # what another household shares is for this person alone
        shares = await store.guardian_accesses.concerning(account.id, account.email, at)
    children = recorded_for(visitor, record.children if record else (), dossiers)
    rights = await store.consents.of_children([one.id for one in children], at) if children else {}
    return pages.render(
        request,
        "parents/family.html",
        record=record,
        address=address_of(record) if record else "",
        guardians=[
            {
                "name": one.name,
                "relation": relation_of(one),
                "is_you": record is not None and one == record.owner,
                "is_payer": one.is_payer,
                "rows": person_rows(one) if record and one == record.owner else (),
            }
            for one in _you_first(record)
        ],
        payers=payers_of(record) if record else "",
        children=[_card(one, rights[one.id], account.id, at) for one in children],
        shared=[shared_card(one.dossier) for one in shares if one.access.accepted_at],
        waiting=waiting_rows(asked, at),
        may_change=await subjects_offered(store, visitor),
        links=links_of(request),
    )


@router.get("/famille/enfants/{child_id}")
async def show_child(
    request: Request, visitor: Parent, child: OwnChild, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """One child: who it is, its school, who may fetch it, and the other pages about it.

    Another guardian reads the child and its school, and nothing that is the first one's.
    """
    record = None if child.is_shared else await store.family_record.of(child.account_id)
    own = record.child(child.id) if record else None
    today = paris_day(at)
    asked: Sequence[AskedChange] = ()
    custody: Values = {}
    if own is not None:
        account_id = visitor.account.id
        since = at - REFUSALS_SHOWN
        dossiers = await store.dossiers.of_account(account_id) if visitor.behind else ()
        waiting = await store.changes.of_account(account_id, refused_since=since)
        asked = changes_for(visitor, waiting, dossiers)
        if visitor.behind is None:
            custody = (await store.custody.of([child.id])).get(child.id, {})
    return pages.render(
        request,
        "parents/child.html",
        child=child,
        rows=child_rows(child),
        school=school_rows(child),
        custody=custody_rows(custody),
        guardians=[
            (one.name, relation_of(one))
            for one in (record.guardians if record else ())
            if own is not None and one.id in own.guardian_ids
        ],
        contacts=contact_cards(own.contacts, today) if own else (),
        ended=ended_rows(own.contacts, today) if own else (),
        waiting=[one for one in waiting_rows(asked, at) if one["child_id"] == child.id],
        may_change=await subjects_offered(store, visitor) if own else frozenset(),
        links=links_of(request, child.id),
        health=await health_of(store, child, at, is_open=visitor.behind is None),
        reads_health=visitor.behind is None or reads_health(visitor.behind, child),
    )


def _you_first(record: FamilyRecord | None) -> Sequence[RecordedGuardian]:
    if record is None:
        return ()
    return [*([record.owner] if record.owner else []), *record.others]


def _card(
    child: RecordedChild, rights: ImageRights, account_id: str, at: datetime
) -> Mapping[str, Any]:
    today = paris_day(at)
    people = [one for one in child.contacts if one.counts_on(today)]
    return {
        "id": child.id,
        "name": child.name,
        "first_name": child.first_name,
        "rows": [*child_rows(child)[1:2], *school_rows(child.on(today))],
        "people": [one.name for one in people],
        "images": images_in_words(rights, account_id, today),
    }
