"""One dossier with three documents, page by page, as a family and an agent live it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import uuid4

from bench.visitor import Page, Visitor
from tests import samples
from tests.typed import PAGES, START, YOU

_ASKED_EVERY: Final = 1.0


@dataclass(frozen=True)
class Paper:
    """A file that a family gives for a piece."""

    piece: str
    name: str
    content: bytes


@cache
def papers() -> Sequence[Paper]:
    """What most families send: a scan of two pages, and two photos of a telephone."""
    return (
        Paper("child_identity", "acte.pdf", samples.pdf(2)),
        Paper("guardian_identity", "carte.jpg", samples.telephone_jpeg()),
        Paper("proof_of_address", "facture.heic", samples.HEIC.read_bytes()),
    )


def opens(parent: Visitor) -> str:
    """Fill in every page of questions; gives the dossier's id."""
    page = parent.sends(parent.opens(START), START, **YOU)
    dossier_id = _dossier_in(page)
    for code, typed in PAGES.items():
        page = parent.sends(page, f"/dossiers/{dossier_id}/{code}", **typed)
    return dossier_id


def opens_unread(parent: Visitor) -> str:
    """The same, without looking at the pages."""
    page = parent.posts(START, act_id=uuid4().hex, **YOU)
    dossier_id = page.location.removeprefix("/dossiers/")[:32]
    for code, typed in PAGES.items():
        parent.posts(f"/dossiers/{dossier_id}/{code}", **typed)
    return dossier_id


def _dossier_in(page: Page) -> str:
    _, _, rest = page.text.partition('action="/dossiers/')
    return rest[:32]


def gives(parent: Visitor, dossier_id: str, given: Sequence[Paper]) -> None:
    """Upload these papers and wait until the portal has looked at each."""
    place = f"/dossiers/{dossier_id}/documents"
    for paper in given:
        parent.uploads(f"{place}/{paper.piece}", paper.name, paper.content)
    for paper in given:
        card = f"{place}/{paper.piece}/etat"
        while "data-poll" in parent.opens(card).text:
            time.sleep(_ASKED_EVERY)


def sends(parent: Visitor, dossier_id: str) -> None:
    """Read everything once more, and send."""
    action = f"/dossiers/{dossier_id}/verifier"
    parent.sends(parent.opens(action), action)


def approves(agent: Visitor, dossier_id: str) -> None:
    """Open the desk once the dossier is there, and approve it."""
    path = f"/agent/dossiers/{dossier_id}"
    action = f"{path}/valider"
    page = agent.opens(path)
    while f'action="{action}"' not in page.text:
        time.sleep(_ASKED_EVERY)
        page = agent.opens(path)
    agent.sends(page, action)
