"""No page of the parents' room asks storage more than ten questions, however full it is."""

from datetime import timedelta

import pytest

from domain.states import State
from tests.families import a_filled_draft, a_paper, a_sent_dossier, is_asked
from tests.questions import counted
from tests.site import Browser, Site

MOST = 10


@pytest.mark.parametrize("state", [None, State.AWAITING_FAMILY, State.UNDER_REVIEW, State.APPROVED])
async def test_a_page_asks_ten_questions_at_most(
    site: Site, as_parent: Browser, state: State | None
) -> None:
    for _ in range(5):
        dossier = await a_filled_draft(site) if state is None else await a_sent_dossier(site, state)
        for _ in range(6):
            await a_paper(site, dossier, "child_identity")
        if state is State.AWAITING_FAMILY:
            until = site.clock() + timedelta(days=30)
            await is_asked(site, dossier, until, piece="child_identity", reason="missing")
    place = f"/dossiers/{dossier.id}"
    await as_parent.opens("/accueil")  # reads the town's card, kept for half a minute
    for path in (
        "/accueil",
        "/dossiers",
        "/courriers",
        place,
        f"{place}/documents",
        f"{place}/documents/child_identity/etat",
        f"{place}/verifier",
        f"{place}/recu",
        f"{place}/vous",
        f"{place}/acces",
        "/enfants",
        "/compte/mes-donnees",
        "/inscription/inscription-scolaire",
        "/inscription/inscription-scolaire/vous",
    ):
        with counted() as questions:
            await as_parent.get(path)
        assert len(questions) <= MOST, (path, questions)
