"""Two people, or one person twice, at the same instant: one of them wins, and everybody is told."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from api.gateway import Kept
from domain.errors import TransitionNotAllowed
from domain.states import Action, State
from settings import Settings
from storage.documents import PENDING
from storage.dossiers import Dossier
from tests import samples
from tests.builders import Someone
from tests.faults.ledger import Ledger
from tests.living_town import LivingTown, an_act, eventually, in_one
from tests.site import Browser, Site, running_site

CLAIRE = Someone("claire.martin@exemple.fr", name="Claire Martin")
NADIA = Someone("nadia@v.example", "agent", "Nadia Petit", "Service scolaire", "scolaire")
PAUL = Someone("paul@v.example", "agent", "Paul Roux", "Service scolaire", "scolaire")
A_FEW, MANY = 12, 200
AT_ONCE = 4


@pytest.fixture
async def site(town: LivingTown, tmp_path: Path, sql_url: str) -> AsyncIterator[Site]:
    """The site of the living town: its acts go to the real engine."""
    settings = Settings(home=tmp_path)
    async with running_site(settings, sql_url, gateway=town.gateway) as site:
        yield site


async def in_turns(rounds: int, one_round: object) -> list[object]:
    """So many rounds, a few at a time: the engine is shared, the races are not."""
    assert callable(one_round)
    found: list[object] = []
    for start in range(0, rounds, AT_ONCE):
        size = min(AT_ONCE, rounds - start)
        found += await asyncio.gather(*(one_round() for _ in range(size)))
    return found


# Approve and refuse at once -----------------------------------------------------------------------


async def approves(agent: Browser, dossier: Dossier) -> httpx2.Response:
    return await agent.send_form(
        f"/agent/dossiers/{dossier.id}/valider", act_id=an_act(), version=str(dossier.version)
    )


async def refuses(agent: Browser, dossier: Dossier) -> httpx2.Response:
    return await agent.send_form(
        f"/agent/dossiers/{dossier.id}/refuser",
        act_id=an_act(),
        version=str(dossier.version),
        reason="other",
        words="Une autre raison.",
    )


async def two_agents_decide(town: LivingTown, site: Site, rounds: int) -> int:
    """How many of the rounds were won by exactly one agent, and told to the other."""
    nadia, paul = await site.signed_in(NADIA), await site.signed_in(PAUL)

    async def one_round() -> bool:
        dossier = await town.declared()
        async with town.open_store() as store:
            dossier = await store.dossiers.find(dossier.id)
        answers = await asyncio.gather(approves(nadia, dossier), refuses(paul, dossier))
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [303, 409], [answer.text for answer in answers]
        approved = answers[0].status_code == 303
        [loser] = [answer for answer in answers if answer.status_code == 409]
        winner = NADIA if approved else PAUL
        verb = "validé" if approved else "refusé"
        assert re.search(rf"{winner.name} a {verb} ce dossier à \d+\sh\s\d\d", loser.text)
        state = await town.state(dossier)
        assert state is (State.APPROVED if approved else State.REFUSED)
        assert await town.is_over(dossier) is state
        letters = [kind for kind in await town.letters(dossier) if kind in {"approve", "refuse"}]
        return len(letters) == 1

    return sum(bool(one) for one in await in_turns(rounds, one_round))


async def test_two_agents_who_decide_at_once_make_one_decision_and_one_reads_the_other(
    town: LivingTown, site: Site
) -> None:
    assert await two_agents_decide(town, site, A_FEW) == A_FEW


@pytest.mark.fault
async def test_two_hundred_races_between_agents_have_two_hundred_winners(
    town: LivingTown, site: Site, ledger: Ledger
) -> None:
    won = await two_agents_decide(town, site, MANY)
    assert won == MANY
    ledger.note(
        fault="F14",
        what="approve and refuse at once, through the site",
        rounds=MANY,
        acknowledged=MANY,
        lost=0,
        doubled=MANY - won,
    )


async def test_reading_before_writing_lets_both_win_so_that_these_races_are_races(
    town: LivingTown,
) -> None:
    """The control: what our conditional write prevents does happen without it."""
    both_have_read = asyncio.Barrier(2)

    async def decides(dossier: Dossier, to: State) -> bool:
        async with town.open_store() as store:
            before = (await store.dossiers.find(dossier.id)).state
        await both_have_read.wait()  # the worst moment, each time
        if before is not State.UNDER_REVIEW:
            return False
        async with town.open_store() as store:
            at = (await store.dossiers.find(dossier.id)).opened_at
            await store.dossiers.move(dossier.id, frozenset(State), to, at)
        return True

    both = 0
    for _ in range(A_FEW):
        dossier = await town.declared()
        won = await asyncio.gather(
            decides(dossier, State.APPROVED), decides(dossier, State.REFUSED)
        )
        both += all(won)
    assert both == A_FEW


# The same form, many times ------------------------------------------------------------------------


@pytest.mark.parametrize("same_id", [True, False])
async def test_a_dossier_sent_many_times_at_once_is_sent_once(
    town: LivingTown, site: Site, ledger: Ledger, same_id: bool
) -> None:
    claire = await site.signed_in(CLAIRE)
    rounds, doubled = 0, 0
    for times in (2, 5, 10):
        dossier = await town.opens()
        for piece in ("child_identity", "guardian_identity", "proof_of_address"):
            await town.as_parent().give_statement(dossier.id, piece, "Sur l’honneur…")
        async with town.open_store() as store:
            dossier = await store.dossiers.find(dossier.id)
        ids = [an_act()] * times if same_id else [an_act() for _ in range(times)]
        answers = await asyncio.gather(
            *(
                claire.send_form(
                    f"/dossiers/{dossier.id}/verifier", act_id=one, version=str(dossier.version)
                )
                for one in ids
            )
        )
        assert {answer.status_code for answer in answers} <= ({303} if same_id else {303, 409})
        assert 303 in [answer.status_code for answer in answers]
        await town.reaches(dossier, State.UNDER_REVIEW)
        letters = await town.letters(dossier)
        timeline = await town.timeline(dossier)
        rounds += times
        doubled += letters.count("acknowledgement") + timeline.count("submit") - 2
        # The back button, a reload: the old form comes once more, and changes nothing.
        again = await claire.send_form(
            f"/dossiers/{dossier.id}/verifier", act_id=ids[0], version=str(dossier.version)
        )
        assert again.status_code in {303, 409}
        assert await town.letters(dossier) == letters
    assert doubled == 0
    ledger.note(
        fault="F13",
        what="the same dossier sent 2 to 10 times at once"
        + (" by one form" if same_id else " by different forms"),
        rounds=rounds,
        acknowledged=rounds,
        lost=0,
        doubled=doubled,
    )


# A document while somebody decides ----------------------------------------------------------------


async def decided_while_a_document_comes(town: LivingTown, rounds: int) -> dict[str, int]:
    """What became of each document: seen by the agent, or refused with a word."""
    content = samples.pdf(text="Attestation")

    async def one_round() -> str:
        dossier = await town.declared()
        kept = await town.parts.files.keep(in_one(content), limit_bytes=10**6)
        parent = town.as_parent()

        async def gives() -> str:
            try:
                await parent.give_file(dossier.id, "child_identity", kept, name="a.pdf")
            except TransitionNotAllowed:
                return "refused"
            return "kept"

        told, outcome = await asyncio.gather(gives(), town.decides(Action.APPROVE, dossier))
        assert isinstance(outcome, Kept) or outcome.applied
        await town.reaches(dossier, State.APPROVED)

        async def is_settled() -> object:
            async with town.open_store() as store:
                document = await store.documents.find(kept.document_id)
            return document is None or document.removed_at or document.status != PENDING

        await eventually(is_settled, seconds=60, what="the document has its answer")
        async with town.open_store() as store:
            document = await store.documents.find(kept.document_id)
        if told == "refused":
            assert document is None or document.removed_at is not None
            return "refused"
        assert document is not None
        return "kept" if document.removed_at is None else "lost"

    found = [str(one) for one in await in_turns(rounds, one_round)]
    return {what: found.count(what) for what in ("kept", "refused", "lost")}


async def test_a_document_that_comes_during_the_decision_is_kept_or_refused_with_a_word(
    town: LivingTown,
) -> None:
    found = await decided_while_a_document_comes(town, A_FEW)
    assert found["lost"] == 0
    assert found["kept"] + found["refused"] == A_FEW


@pytest.mark.fault
async def test_a_hundred_documents_that_come_during_a_decision_are_never_lost_in_silence(
    town: LivingTown, ledger: Ledger
) -> None:
    found = await decided_while_a_document_comes(town, 100)
    ledger.note(
        fault="F16",
        what=f"a document during the decision ({found['kept']} kept, {found['refused']} refused)",
        rounds=100,
        acknowledged=found["kept"],
        lost=found["lost"],
        doubled=0,
    )
    assert found["lost"] == 0


# Two tabs -----------------------------------------------------------------------------------------


async def test_two_tabs_overwrite_nothing_and_a_sign_out_in_one_ends_both(
    town: LivingTown, site: Site, ledger: Ledger
) -> None:
    claire = await site.signed_in(CLAIRE)
    dossier = await town.opens()
    way = f"/dossiers/{dossier.id}/adresse"
    page = await claire.opens(way)
    assert page.status_code == 200, page.headers
    version = re.search(r'name="version" value="([^"]+)"', page.text)
    assert version is not None
    typed = {"postal_code": "01000", "city": "Valbourg", "version": version.group(1)}
    first = await claire.send_form(way, street="1 rue Haute", **typed)
    second = await claire.send_form(way, street="2 rue Basse", **typed)
    assert (first.status_code, second.status_code) == (303, 409)
    assert "1 rue Haute" in second.text
    assert "2 rue Basse" in second.text
    async with town.open_store() as store:
        answers = await store.dossiers.answers(dossier.id)
    assert "1 rue Haute" in str(answers)
    assert "2 rue Basse" not in str(answers)
    other = site.browser()
    other.cookies.update(claire.cookies)
    await claire.send_form("/deconnexion")
    gone = await other.get(way)
    assert (gone.status_code, "/connexion" in gone.headers.get("location", "")) == (303, True)
    ledger.note(
        fault="F15",
        what="two tabs save the same page",
        rounds=1,
        acknowledged=1,
        lost=0,
        doubled=0,
    )
