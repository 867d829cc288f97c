"""A dossier that tells of a ruling, seen by who has the group and by who has not."""

from dataclasses import dataclass, replace
from datetime import timedelta

from storage.documents import Document
from storage.dossiers import Dossier
from tests.api.office import Office, an_office
from tests.reviews import a_document
from tests.samples import jpeg, pdf
from tests.site import AGENT, Browser, Site

RULING = "court_ruling"
CLERK = replace(
    AGENT, email="accueil@v.example", name="Jeanne Morel", title="Accueil", fields=frozenset()
)
SEPARATED = {"separated": "yes", "court_ruling": "yes", "hosted": "no", "from_other_school": "no"}
TOLD = "Les parents sont séparés"
WORDS = "jugement-illisible-page-deux"
NAME = "ordonnance-du-juge.pdf"


@dataclass
class Counter:
    """Nadia's office, Jeanne's browser beside it, and a family that told of a ruling."""

    office: Office
    clerk: Browser
    ruling: Document

    @property
    def dossier(self) -> Dossier:
        return self.office.first

    def path(self, rest: str = "") -> str:
        return self.office.path(self.dossier, rest)

    async def page(self, rest: str = "", query: str = "") -> str:
        answer = await self.clerk.opens(f"{self.path(rest)}{query}")
        assert answer.status_code == 200
        return answer.text


async def a_counter(site: Site) -> Counter:
    """Léna’s dossier tells of a ruling, whose document is at hand."""
    office = await an_office(site, "Léna", "Noé")
    at = site.clock() - timedelta(hours=1)
    ruling = a_document(office.first, RULING, at, original_name=NAME)
    async with site.writing() as store:
        await store.dossiers.save_answers(office.first, "situation", SEPARATED, at)
        await store.documents.add(ruling)
        office.dossiers[0] = await store.dossiers.find(office.first.id)
    files = site.app.state.house.files
    files.pages(ruling.id).mkdir(parents=True)
    files.original(ruling.id).write_bytes(pdf())
    (files.pages(ruling.id) / "page-01.jpg").write_bytes(jpeg(300, 400))
    return Counter(office, await site.signed_in(CLERK), ruling)


async def told(page: str, question: str = TOLD) -> str:
    """What a page answers to this question."""
    _, _, after = page.partition(f"<dt>{question}</dt><dd>")
    return after.partition("<")[0]
