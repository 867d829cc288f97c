"""Dossiers as agents find them: sent, with their documents, waiting for somebody to look."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.questions import Answers
from domain.states import State
from storage.accounts import Account
from storage.documents import FILE, GOOD, STATEMENT, Document
from storage.dossiers import Dossier
from storage.records import new_id
from storage.store import Store
from storage.town import Procedure

PIECES = ("child_identity", "guardian_identity", "proof_of_address")


def answers_for(first_name: str, last_name: str = "Martin") -> Answers:
    """Everything that a registration asks, answered."""
    return {
        "vous": {
            "first_name": "Claire",
            "last_name": "Martin",
            "relation": "mother",
            "phone": "06 12 34 56 78",
        },
        "adresse": {"street": "12 rue des Lilas", "postal_code": "01000", "city": "Valbourg"},
        "autre-parent": {"has_other": "no"},
        "enfant": {
            "first_name": first_name,
            "last_name": last_name,
            "birth_date": "2023-03-12",
            "birth_place": "Agen",
        },
        "ecole": {"grade": "ps", "school": "e" * 32, "school_reason": ""},
        "situation": {
            "separated": "no",
            "court_ruling": "no",
            "hosted": "no",
            "from_other_school": "no",
        },
        "contacts": {},
    }


def a_document(dossier: Dossier, piece: str, at: datetime, **changes: object) -> Document:
    """A good PDF of one page, looked at, unless told otherwise."""
    document = Document(
        id=new_id(),
        dossier_id=dossier.id,
        piece=piece,
        form=FILE,
        status=GOOD,
        original_name=f"{piece}.pdf",
        media_type="application/pdf",
        size_bytes=186_000,
        sha256="",
        given_at=at,
        given_by=dossier.account_id,
        pages=1,
        page_images=["page-01.jpg", "thumbnail.jpg"],
        remarks=[{"code": "readable_page", "values": {"pages": 1}}],
    )
    return replace(document, **changes)  # type: ignore[arg-type]


def a_statement(dossier: Dossier, piece: str, at: datetime) -> Document:
    """A sworn statement in place of the piece."""
    return a_document(
        dossier,
        piece,
        at,
        form=STATEMENT,
        statement="Je déclare sur l’honneur habiter ici.",
        page_images=[],
        remarks=[{"code": "sworn_statement", "values": {}}],
    )


async def a_review(
    store: Store,
    procedure: Procedure,
    owner: Account,
    at: datetime,
    *,
    first_name: str = "Léna",
    pieces: Sequence[str] = PIECES,
    state: State = State.UNDER_REVIEW,
) -> Dossier:
    """A dossier that its family sent at this moment, with one good document for each piece."""
    dossier = await store.dossiers.open_new(procedure, owner.id, at - timedelta(hours=1))
    for section, values in answers_for(first_name).items():
        await store.dossiers.save_answers(dossier, section, values, at)
    for piece in pieces:
        await store.documents.add(a_document(dossier, piece, at - timedelta(minutes=5)))
    await store.dossiers.move(dossier.id, (State.DRAFT,), state, at, submitted_at=at)
    dossier = await store.dossiers.find(dossier.id)
    await store.dossiers.keep_snapshot(dossier.id, dossier.version, at)
    await store.dossiers.refresh_due(dossier.id)
    return await store.dossiers.find(dossier.id)
