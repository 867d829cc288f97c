"""Letters about what is reserved: nobody reads in them what is closed elsewhere."""

from datetime import timedelta

import pytest

from domain.scopes import BY_ROLE, Scope
from domain.states import Action, State
from storage.documents import Mark
from storage.records import new_id
from tests.api.reserving import RULING, WORDS, Counter, a_counter
from tests.builders import a_waiting_letter
from tests.programs import CANTEEN, a_program
from tests.site import ADMIN, AGENT, CLAIRE, Site


@pytest.fixture
async def counter(site: Site) -> Counter:
    return await a_counter(site)


async def _asks_for_the_ruling(counter: Counter, site: Site) -> None:
    """Nadia marks the ruling as unreadable, with words about it."""
    by = (await site.account(AGENT)).id
    async with site.writing() as store:
        mark = Mark(RULING, "replace", "unreadable", WORDS, by=by, at=site.clock())
        await store.documents.mark(counter.dossier.id, mark)


async def test_a_letter_keeps_a_colleague_s_words_about_a_reserved_piece_unseen(
    counter: Counter, site: Site
) -> None:
    await _asks_for_the_ruling(counter, site)
    page = await counter.page(query=f"?piece={RULING}")
    assert "motif réservé, écrit par un collègue" in page
    assert WORDS not in page
    counter.office.answers(Action.ASK_TO_COMPLETE, State.AWAITING_FAMILY)
    sent = await counter.clerk.send_form(
        counter.path("complement"),
        version=str(counter.dossier.version),
        act_id=new_id(),
        deadline="30",
        **{f"reason-{RULING}": "incorrect", f"words-{RULING}": "mots à la place"},
    )
    assert sent.status_code == 303
    async with site.writing() as store:
        act = await store.acts.find(site.gateway.acts[0].id)
    assert act is not None
    assert act.items == [{"piece": RULING, "reason": "unreadable", "words": WORDS}]


async def test_a_letter_about_a_reserved_piece_waits_for_the_reason_of_who_marked_it(
    counter: Counter,
) -> None:
    await counter.office.marks(counter.dossier, RULING, mark="to_replace")
    await counter.page()
    sent = await counter.clerk.send_form(
        counter.path("complement"),
        version=str(counter.dossier.version),
        act_id=new_id(),
        deadline="30",
    )
    assert sent.status_code == 422
    assert "le collègue qui l’a marquée choisit le motif" in sent.text


async def test_a_letter_with_words_about_a_reserved_piece_is_closed_with_it(
    counter: Counter, site: Site
) -> None:
    at, dossier = site.clock(), counter.dossier
    async with site.writing() as store:
        item = {"piece": RULING, "reason": "unreadable", "words": WORDS}
        await store.requests.add(
            dossier.id, asked_at=at, until=at + timedelta(days=30), items=[item], words=""
        )
        letters = {
            kind: await a_waiting_letter(
                store,
                kind,
                CLAIRE.email,
                at,
                subject="Dossier de Léna",
                text=f"Bonjour. {WORDS}",
                dossier_id=dossier.id,
            )
            for kind in ("complement_request", "acknowledgement")
        }
    asked, received = (counter.path(f"lettres/{one}") for one in letters.values())
    assert WORDS in (await counter.office.agent.get(asked)).text
    assert WORDS not in (await counter.clerk.get(asked)).text
    assert "Réservé" in (await counter.clerk.get(asked)).text
    assert WORDS in (await counter.clerk.get(received)).text
    as_admin = await site.signed_in(ADMIN)
    seen_by_admin = await as_admin.get(f"/admin/mails/{letters['complement_request']}")
    assert seen_by_admin.status_code == 200
    assert WORDS not in seen_by_admin.text
    program = await a_program(site, CANTEEN, *set(BY_ROLE["system"]) - {Scope.READ_RESERVED})
    letter = (
        await program.reads(f"/dossiers/{dossier.id}/letters/{letters['complement_request']}")
    ).json()
    assert (letter["text"], letter["reserved"]) == ("", True)
