"""An agents' office for one test: dossiers to review, the site, and an agent's browser."""

import re
from dataclasses import dataclass
from datetime import timedelta

import httpx2

from domain.messages import Outcome
from domain.states import Action, State
from storage.documents import Document
from storage.dossiers import Dossier
from tests.builders import REGISTRATION, Someone
from tests.reviews import PIECES, a_review
from tests.site import AGENT, CLAIRE, Browser, Site

KARIM = Someone("karim@v.example", "agent", "Karim Benali", "Service scolaire", "scolaire")
"""A colleague of Nadia's."""
REFUSAL = "Les écoles sont complètes pour les enfants des autres communes."

_FORM = re.compile(r'<form[^>]*action="([^"]*)".*?</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@dataclass
class Office:
    """Nadia's office: `dossiers` came one day after the other, the oldest first."""

    site: Site
    agent: Browser
    dossiers: list[Dossier]

    @property
    def first(self) -> Dossier:
        """The dossier whose legal date comes first."""
        return self.dossiers[0]

    def path(self, dossier: Dossier, rest: str = "") -> str:
        """An address under the desk of this dossier."""
        return f"/agent/dossiers/{dossier.id}{'/' + rest if rest else ''}"

    async def form(self, dossier: Dossier, action: str, page: str = "") -> dict[str, str]:
        """The hidden fields of the form that leads to `action`, on the desk or on another page."""
        answer = await self.agent.opens(self.path(dossier, page))
        return fields_of(answer, self.path(dossier, action))

    async def sends(self, dossier: Dossier, action: str, **typed: str) -> httpx2.Response:
        """Fill in the form of the desk that leads to `action`, and send it."""
        hidden = await self.form(dossier, action)
        return await self.agent.send_form(self.path(dossier, action), **{**hidden, **typed})

    async def sends_refusal(self, dossier: Dossier, words: str) -> httpx2.Response:
        """Refuse for want of places, without looking at the letter again."""
        hidden = await self.form(dossier, "refuser/verifier", "refuser")
        path = self.path(dossier, "refuser")
        return await self.agent.send_form(path, **hidden, reason="capacity", words=words)

    async def marks(self, dossier: Dossier, *pieces: str, mark: str = "conform") -> None:
        """Give an opinion on these pieces."""
        await self.agent.opens(self.path(dossier))
        for piece in pieces:
            answer = await self.agent.send_form(self.path(dossier, "avis"), piece=piece, mark=mark)
            assert answer.status_code == 303

    def answers(
        self, action: Action, state: State, *, applied: bool = True, code: str = ""
    ) -> None:
        """Have the engine answer this act."""
        self.site.gateway.outcomes[action] = Outcome(applied=applied, state=state, code=code)

    async def decided(self, dossier: Dossier, state: State, by: str) -> None:
        """Somebody else decides."""
        async with self.site.writing() as store:
            account = await store.accounts.by_email(by)
            assert account is not None
            await store.dossiers.move(
                dossier.id,
                {State.UNDER_REVIEW},
                state,
                self.site.clock(),
                decided_at=self.site.clock(),
                decided_by=account.id,
                decision_basis="decision",
            )

    async def gives(self, document: Document) -> None:
        """The family adds a document."""
        async with self.site.writing() as store:
            await store.documents.add(document)


def fields_of(answer: httpx2.Response, action: str) -> dict[str, str]:
    """The hidden fields of the form of a page that leads to `action`."""
    for form in _FORM.finditer(answer.text):
        if form.group(1) == action:
            return dict(_HIDDEN.findall(form.group(0)))
    raise AssertionError(f"no form leads to {action}")


async def an_office(site: Site, *names: str) -> Office:
    """An office with one dossier for each name, the first of which came first."""
    agent = await site.signed_in(AGENT)
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        procedure = await store.town.procedure(slug=REGISTRATION.slug)
        dossiers = [
            await a_review(
                store,
                procedure,
                claire,
                site.clock() - timedelta(days=len(names) - number),
                first_name=name,
                pieces=PIECES,
            )
            for number, name in enumerate(names)
        ]
    return Office(site, agent, dossiers)
