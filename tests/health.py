"""Children with a health record, for tests of who reads it and what it asks."""

from dataclasses import dataclass
from datetime import date

from domain.health import HealthRecord
from domain.states import State
from storage.dossiers import Dossier
from tests.families import a_sent_dossier
from tests.site import CLAIRE, Site

HEALTHY = {
    "concern": "no",
    "diet": "no_pork",
    "vaccines": "yes",
    "vaccines_on": "2024-10-01",
    "doctor": "Docteur Ravel",
    "doctor_phone": "05 53 00 00 00",
    "emergency": "",
    "support": "",
}
"""What is told of a child to whom nothing is the matter. Léna was born on 12 March 2023."""


@dataclass(frozen=True)
class Ward:
    """Léna, registered by Claire."""

    id: str
    dossier: Dossier

    def page(self, rest: str = "") -> str:
        """Her record on her family's pages."""
        return f"/famille/enfants/{self.id}/sante{f'/{rest}' if rest else ''}"

    @property
    def staff_page(self) -> str:
        """Her record as staff reads it."""
        return f"/agent/familles/{self.dossier.account_id}/enfants/{self.id}/sante"


async def a_ward(site: Site) -> Ward:
    """Léna is registered at a school of the town."""
    dossier = await a_sent_dossier(site, State.APPROVED, decided_at=site.clock())
    async with site.writing() as store:
        answers = await store.dossiers.answers(dossier.id)
        child_id = await store.households.admit(dossier, answers, CLAIRE.email, site.clock())
    return Ward(child_id, dossier)


async def is_told(
    site: Site, ward: Ward, doses: dict[str, list[date]] | None = None, **changes: str
) -> HealthRecord:
    """Claire fills the record in, all of it true today."""
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        before = await store.health_records.of(ward.id)
        await store.health_records.keep(
            ward.id,
            {**HEALTHY, **changes},
            doses or {},
            seen=before.version if before else 0,
            by=claire.id,
            at=site.clock(),
            checks=True,
        )
        record = await store.health_records.of(ward.id)
    assert record is not None
    return record
