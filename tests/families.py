"""Families of the example town for the tests of their room: answers, dossiers, papers."""

from collections.abc import Mapping
from datetime import datetime

from domain.states import State
from storage.documents import FILE, GOOD, Document
from storage.dossiers import Dossier
from storage.records import new_id
from tests.builders import REGISTRATION
from tests.site import CLAIRE, Site

SCHOOL = "e" * 32
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "vous": {
        "first_name": "Claire",
        "last_name": "Martin",
        "relation": "mother",
        "phone": "06 12 34 56 78",
    },
    "adresse": {"street": "12 rue des Lilas", "postal_code": "01000", "city": "Valbourg"},
    "autre-parent": {"has_other": "no"},
    "enfant": {
        "first_name": "Léna",
        "last_name": "Martin",
        "birth_date": "2023-03-12",
        "birth_place": "Valbourg",
    },
    "ecole": {"grade": "ps", "school": SCHOOL},
    "situation": {},
    "contacts": {},
}
NEEDED = ("child_identity", "guardian_identity", "proof_of_address")


async def a_filled_draft(site: Site, *, without: tuple[str, ...] = ()) -> Dossier:
    """Claire's draft with every page filled, except those left out."""
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        procedure = await store.town.procedure(slug=REGISTRATION.slug)
        dossier = await store.dossiers.open_new(procedure, claire.id, site.clock())
        for code, values in ANSWERS.items():
            if code not in without:
                await store.dossiers.save_answers(dossier, code, values, site.clock())
        return await store.dossiers.find(dossier.id)


async def a_sent_dossier(site: Site, state: State, **changes: object) -> Dossier:
    """Claire's dossier with all its pieces, in this state."""
    dossier = await a_filled_draft(site)
    for piece in NEEDED:
        await a_paper(site, dossier, piece)
    async with site.writing() as store:
        await store.dossiers.move(
            dossier.id,
            (State.DRAFT,),
            state,
            site.clock(),
            **{"submitted_at": site.clock(), **changes},
        )
        if not state.is_closed:
            await store.dossiers.refresh_due(dossier.id)
        return await store.dossiers.find(dossier.id)


async def is_asked(site: Site, dossier: Dossier, until: datetime, **item: str) -> None:
    """The town asked this of the family."""
    async with site.writing() as store:
        await store.requests.add(
            dossier.id, asked_at=site.clock(), until=until, items=[item], words="Merci d’avance."
        )
        await store.dossiers.refresh_due(dossier.id)


async def a_paper(site: Site, dossier: Dossier, piece: str, **changes: object) -> Document:
    """A good PDF given for this piece, as its inspection left it; `changes` make it another."""
    facts: dict[str, object] = {
        "id": new_id(),
        "dossier_id": dossier.id,
        "piece": piece,
        "form": FILE,
        "status": GOOD,
        "original_name": "piece.pdf",
        "media_type": "application/pdf",
        "size_bytes": 1234,
        "sha256": new_id(),
        "given_at": site.clock(),
        "given_by": dossier.account_id,
        "pages": 2,
        "remarks": [{"code": "readable_pages", "values": {"pages": 2}}],
    }
    document = Document(**{**facts, **changes})  # type: ignore[arg-type]
    async with site.writing() as store:
        await store.documents.add(document)
    return document
