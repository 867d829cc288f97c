"""What Claire gave once: an insurance of last year, and a quotient that nobody has looked at yet.

What else is in her wallet comes from her dossiers by itself.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from deploy.example.families import CLAIRE
from deploy.example.papers import Paper
from deploy.example.sharing import account_of
from domain.deadlines import paris_day
from domain.quotient import Quotient, Source, latest_month
from domain.wallet import Kept, first_day, valid_until
from storage.accounts import Account
from storage.documents import FILE, GOOD, Document
from storage.files import Files
from storage.households import Child
from storage.records import new_id
from storage.store import OpenStore, Store

_INSURANCE = Paper(
    "assurance-lena.pdf",
    "ATTESTATION D’ASSURANCE SCOLAIRE",
    ("Léna MARTIN", "Responsabilité civile et individuelle accident", "Spécimen"),
)
_MOST_BYTES = 1024 * 1024


async def tell_of_papers(writing: OpenStore, files: Files, at: datetime) -> None:
    """Claire's wallet and quotient. Twice: nothing more; nothing before Léna is registered."""
    async with writing() as store:
        claire = await account_of(store, CLAIRE)
        lena = next(
            (
                one
                for one in await store.households.children_of(claire.id)
                if one.first_name == "Léna" and one.dossier_id
            ),
            None,
        )
        if lena is None or await store.quotients.of_account(claire.id):
            return
        await _declare(store, claire, at)
        await _insure(store, files, claire, lena, at)


async def _declare(store: Store, claire: Account, at: datetime) -> None:
    month = latest_month(paris_day(at))
    quotient = Quotient(new_id(), 612, month, Source.DECLARED, at)
    await store.quotients.give(claire.id, quotient, by=claire.id)


async def _insure(store: Store, files: Files, claire: Account, lena: Child, at: datetime) -> None:
    kept = await files.keep(_stream(_INSURANCE.content()), limit_bytes=_MOST_BYTES)
    given_at = at - timedelta(days=365)
    last_year = paris_day(given_at).replace(day=1)
    document = Document(
        id=kept.document_id,
        dossier_id=lena.dossier_id or "",
        piece="school_insurance",
        form=FILE,
        status=GOOD,
        original_name=_INSURANCE.name,
        media_type="application/pdf",
        size_bytes=kept.size_bytes,
        sha256=kept.sha256,
        given_at=given_at,
        given_by=claire.id,
        pages=1,
        remarks=[{"code": "readable_page", "values": {"pages": 1}}],
        inspected_at=given_at,
    )
    await store.documents.add(document)
    school_year = f"{first_day('', last_year).year}-{first_day('', last_year).year + 1}"
    await store.wallet.put(
        Kept(
            document.id,
            claire.id,
            lena.id,
            document.piece,
            valid_until(document.piece, last_year, school_year),
            "",
            given_at,
        )
    )


async def _stream(content: bytes) -> AsyncIterator[bytes]:
    yield content
