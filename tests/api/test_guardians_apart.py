"""No byte of one guardian's reaches the other: canaries in every field, every page read."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi.routing import iter_route_contexts

from domain.kinds.catalogue import RULES
from domain.states import State
from storage.documents import STATEMENT
from storage.dossiers import Dossier
from tests.builders import Someone, a_waiting_letter
from tests.families import NEEDED, SCHOOL, a_paper, a_sent_dossier, is_asked
from tests.guardians import is_shared
from tests.programs import a_program
from tests.site import GUARDIAN, Browser, Site

OWNER = Someone("canari.adresse@example.org", name="Canari Compte")


@dataclass
class Household:
    """A guardian whose every own word is a canary, and a child that is not."""

    who: Someone
    dossier: Dossier
    ids: dict[str, str]


def own_words(section: str, name: str) -> str:
    """What this guardian types where anything can be typed."""
    return f"Canari {section} {name}"


async def a_household(site: Site, who: Someone, state: State) -> Household:
    """A dossier of this person's with canaries in each answer, document, letter and word."""
    claires = await a_sent_dossier(site, state)
    owner = await site.account(who)
    async with site.writing() as store:
        procedure = await store.town.procedure(id=claires.procedure_id)
        dossier = await store.dossiers.open_new(procedure, owner.id, site.clock())
        for section in RULES["registration"].sections:
            values = {one.name: own_words(section.code, one.name) for one in section.fields}
            if section.code == "enfant":
                values |= {"first_name": "Léna", "last_name": "Martin"}
                values |= {"birth_date": "2023-03-12", "birth_place": "Valbourg"}
            if section.code == "ecole":
                values |= {"grade": "ps", "school": SCHOOL}
            await store.dossiers.save_answers(dossier, section.code, values, site.clock())
        await store.dossiers.keep_snapshot(dossier.id, 1, site.clock())
    ids = {}
    for piece in NEEDED:
        name = f"canari {piece}.pdf"
        paper = await a_paper(site, dossier, piece, original_name=name, given_by=owner.id)
        ids[f"document {piece}"] = paper.id
    sworn = {"form": STATEMENT, "statement": "Canari déclaration", "original_name": ""}
    ids["document sworn"] = (
        await a_paper(site, dossier, "proof_of_address", given_by=owner.id, **sworn)
    ).id
    async with site.writing() as store:
        at = site.clock()
        changes: dict[str, object] = {"submitted_at": at}
        if state in {State.APPROVED, State.REFUSED}:
            decided = {"decided_at": at, "reason_code": "other", "reason_words": "Canari décision"}
            changes |= decided
        await store.dossiers.move(dossier.id, {State.DRAFT}, state, at, **changes)
        if state is State.APPROVED:
            answers = await store.dossiers.answers(dossier.id)
            ids["child"] = await store.households.admit(dossier, answers, who.email, at)
        for n, what in enumerate(("submit", "document_added", "answer", "letter_refused")):
            await store.events.add(
                dossier.id,
                f"{what}{n}",
                at=at,
                what=what,
                actor="parent",
                actor_id=owner.id,
                state=state,
                detail={"piece": "proof_of_address", "words": "Canari événement"},
            )
        ids["letter"] = await a_waiting_letter(
            store,
            "acknowledgement",
            who.email,
            at,
            subject="Canari courrier",
            text="Canari courrier",
            html="Canari courrier",
            dossier_id=dossier.id,
            account_id=owner.id,
        )
    if state is State.AWAITING_FAMILY:
        until = site.clock() + timedelta(days=30)
        item = {"piece": "proof_of_address", "reason": "unreadable", "words": "Canari pièce"}
        await is_asked(site, dossier, until, **item)
    async with site.writing() as store:
        dossier = await store.dossiers.find(dossier.id)
    return Household(who, dossier, ids)


def addresses(site: Site, home: Household) -> Iterator[str]:
    """Every address of the site that can be opened, about this household's dossier."""
    for context in iter_route_contexts(site.app.routes):
        if "GET" not in (context.methods or ()):
            continue
        path = re.sub(r"{dossier_id[^}]*}", home.dossier.id, str(context.path))
        path = re.sub(r"{piece[^}]*}", "proof_of_address", path)
        path = re.sub(r"{child_id[^}]*}", home.ids.get("child", "0" * 32), path)
        path = re.sub(r"{subject[^}]*}", "contacts", path)
        path = re.sub(r"{page[^}]*}", "adresse", path)
        path = re.sub(r"{letter_id[^}]*}", home.ids["letter"], path)
        path = re.sub(r"{slug[^}]*}", "inscription-scolaire", path)
        if "{document_id" in path:
            for name, one in home.ids.items():
                if name.startswith("document"):
                    whole = re.sub(r"{document_id[^}]*}", one, path)
                    yield re.sub(r"{\w+[^}]*}", "0" * 32, whole)
        else:
            yield re.sub(r"{\w+[^}]*}", "0" * 32, path)


def canaries_in(text: str) -> list[str]:
    return re.findall(r"[^\n]{0,60}canari[^\n]{0,60}", text, re.IGNORECASE)


async def everything_read(site: Site, browser: Browser, home: Household) -> AsyncIterator[str]:
    """Each address with all that it answered, head and body."""
    for path in dict.fromkeys(addresses(site, home)):
        answer = await browser.get(path)
        yield f"{path} {answer.status_code}\n{dict(answer.headers)}\n{answer.text}"


@pytest.mark.parametrize(
    "state", [State.UNDER_REVIEW, State.AWAITING_FAMILY, State.APPROVED, State.REFUSED]
)
async def test_no_page_tells_the_other_guardian_a_word_of_the_first(
    site: Site, state: State
) -> None:
    home = await a_household(site, OWNER, state)
    await is_shared(site, home.dossier, GUARDIAN)
    luc = await site.signed_in(GUARDIAN)
    assert "Léna Martin" in (await luc.get(f"/enfants/{home.dossier.id}")).text
    async for said in everything_read(site, luc, home):
        assert canaries_in(said) == [], said.partition("\n")[0]


async def test_the_canaries_are_seen_by_the_one_who_typed_them(site: Site) -> None:
    # The control: without it the tests around could read nothing at all.
    home = await a_household(site, OWNER, State.UNDER_REVIEW)
    owner = await site.signed_in(OWNER)
    seen = [canaries_in(said) async for said in everything_read(site, owner, home)]
    assert sum(bool(one) for one in seen) > 10


async def test_no_page_tells_the_first_guardian_a_word_of_the_other(site: Site) -> None:
    theirs = await a_household(site, OWNER, State.UNDER_REVIEW)
    mine = await a_sent_dossier(site, State.UNDER_REVIEW)
    named = Someone("luc@example.org", name="Canari Luc")
    await is_shared(site, mine, named)
    async with site.writing() as store:
        luc = await store.accounts.by_email(named.email)
        assert luc is not None
        await store.accounts.set_name(luc.id, "Canari Luc")
    claire = await site.signed_in(Someone("claire@example.org"))
    for home in (Household(named, mine, theirs.ids), theirs):
        async for said in everything_read(site, claire, home):
            assert canaries_in(said) == [], said.partition("\n")[0]


async def test_no_program_of_the_other_guardian_is_told_a_word_of_the_first(site: Site) -> None:
    home = await a_household(site, OWNER, State.UNDER_REVIEW)
    await is_shared(site, home.dossier, GUARDIAN)
    program = await a_program(site, GUARDIAN)
    for path in addresses(site, home):
        answer = await program.client.get(path)
        assert canaries_in(answer.text) == [], path
        assert canaries_in(str(answer.headers)) == [], path
