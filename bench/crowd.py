"""Thousands of families as rows, as the portal itself would have left them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import Table, insert

from deploy.example.valbourg import REGISTRATION, SCHOOL_DEPARTMENT
from domain.deadlines import ends
from domain.states import State
from storage.records import new_id, sort_key
from storage.search_words import words_of_account, words_of_dossier
from storage.store import Store
from storage.tables import (
    account_words,
    accounts,
    answers,
    documents,
    dossier_words,
    dossiers,
    events,
)
from storage.town import TERMS
from tests.reviews import PIECES, answers_for

_AT_ONCE: Final = 2_000
_WORDS: Final = (account_words, dossier_words)
_FIRST: Final = ("Léna", "Noé", "Inès", "Élie", "Zoé", "Adam", "Louise", "Gabin", "Sofia", "Maylis")
_LAST: Final = ("Martin", "Haddad", "Petit", "Lefèvre", "Moreau", "Chérif", "Nguyen", "Cohen")
_TERMS: Final = TERMS.dump_python(REGISTRATION.terms, mode="json")
_MINUTES: Final = 365 * 24 * 60


async def add_families(
    store: Store, count: int, at: datetime, *, prefix: str, open_ones: int
) -> Sequence[str]:
    """So many families with one dossier each, the `open_ones` latest under review; gives their ids.

    The others were approved within the year. Everybody gave three documents.
    """
    ids = [new_id() for _ in range(count)]
    for begin in range(0, count, _AT_ONCE):
        part = range(begin, min(begin + _AT_ONCE, count))
        rows: dict[Table, list[dict[str, Any]]] = {
            table: [] for table in (accounts, dossiers, answers, documents, events, *_WORDS)
        }
        for number in part:
            is_open = number >= count - open_ones
            sent = at - timedelta(minutes=1 + _MINUTES * (count - number) // count)
            if is_open:
                sent = at - timedelta(days=2 + number % 20)
            _add(rows, f"{prefix}{number:06}", ids[number], number, sent, is_open=is_open)
        for table, values in rows.items():
            if values:
                await store.connection.execute(insert(table), values)
    return ids


def _add(
    rows: dict[Table, list[dict[str, Any]]],
    name: str,
    dossier_id: str,
    number: int,
    sent: datetime,
    *,
    is_open: bool,
) -> None:
    first, last = _FIRST[number % len(_FIRST)], f"{_LAST[number % 7]} {name}"
    owner = new_id()
    rows[accounts].append(
        {"id": owner, "email": f"{name}@exemple.fr", "role": "parent", "created_at": sent}
        | {"name": f"Claire {last}", "title": "", "password_hash": None}
    )
    address = words_of_account(f"{name}@exemple.fr")
    rows[account_words] += [{"account_id": owner, "word": word} for word in address]
    state = State.UNDER_REVIEW if is_open else State.APPROVED
    values: dict[str, Any] = {
        "id": dossier_id,
        "number": f"2025-{name}",
        "kind": REGISTRATION.kind,
        "procedure_id": REGISTRATION.id,
        "department": SCHOOL_DEPARTMENT.code,
        "account_id": owner,
        "terms": _TERMS,
        "state": state,
        "state_since": sent,
        "version": 7,
        "opened_at": sent,
        "last_saved_at": sent,
        "submitted_at": sent,
        "due_at": ends(sent, REGISTRATION.terms.silence_delay) if is_open else None,
        "decided_at": None if is_open else sent + timedelta(minutes=1),
        "decision_basis": "" if is_open else "decision",
        "reason_code": "",
        "reason_words": "",
        "draft_notices": 0,
        "child_name": f"{first} {last}",
        "child_first_name": first,
        "sort_key": sort_key(last, first),
    }
    rows[dossiers].append(values)
    words = words_of_dossier(values["number"], values["child_name"])
    rows[dossier_words] += [{"dossier_id": dossier_id, "word": word} for word in words]
    rows[documents] += [_document(dossier_id, owner, piece, sent) for piece in PIECES]
    if not is_open:
        return  # nobody opens it here: lists read neither answers nor timelines
    rows[answers] += [
        {"dossier_id": dossier_id, "section": code, "values": dict(said), "saved_at": sent}
        for code, said in answers_for(first, last).items()
    ]
    rows[events].append(
        {"id": token_hex(16), "dossier_id": dossier_id, "key": "act:submit", "at": sent}
        | {"what": "submitted", "actor": "parent", "actor_id": owner, "state": state, "detail": {}}
    )


def _document(dossier_id: str, owner: str, piece: str, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "dossier_id": dossier_id,
        "piece": piece,
        "form": "file",
        "status": "good",
        "original_name": f"{piece}.pdf",
        "media_type": "application/pdf",
        "size_bytes": 186_000,
        "sha256": "",
        "pages": 1,
        "page_images": ["page-01.jpg", "thumbnail.jpg"],
        "remarks": [{"code": "readable_page", "values": {"pages": 1}}],
        "given_at": at - timedelta(minutes=5),
        "given_by": owner,
    }
