"""What programs do to dossiers: once, on what was read, by the same acts as the pages."""

from typing import Any
from uuid import uuid4

import pytest

from api.acts import Acts
from domain.messages import Outcome
from domain.states import Action, Actor, State
from storage.dossiers import Dossier
from tests.builders import a_waiting_letter
from tests.families import a_filled_draft, a_paper, a_sent_dossier, is_asked
from tests.papers import PDF, PIECE, documents_of, folders
from tests.programs import API, CANTEEN, a_program
from tests.site import AGENT, CLAIRE, Site


def answers(site: Site, action: Action, state: State) -> None:
    site.gateway.outcomes[action] = Outcome(applied=True, state=state)


async def test_a_dossier_is_sent_once_however_often_the_same_key_comes(site: Site) -> None:
    dossier, key = await a_filled_draft(site), str(uuid4())
    answers(site, Action.SUBMIT, State.UNDER_REVIEW)
    program = await a_program(site, CLAIRE)
    path = f"/dossiers/{dossier.id}/submit"
    first = await program.acts(path, key=key, seen=dossier.version)
    second = await program.acts(path, key=key, seen=dossier.version)
    assert first.status_code == 200
    assert first.json() == second.json()
    assert first.json()["outcome"] == "applied"
    assert first.json()["id"] == key.replace("-", "")
    assert {one.id for one in site.gateway.acts} == {key.replace("-", "")}


async def test_an_act_that_the_engine_has_not_heard_is_kept_and_can_be_looked_at(
    site: Site,
) -> None:
    dossier = await a_filled_draft(site)
    program = await a_program(site, CLAIRE)
    answer = await program.acts(f"/dossiers/{dossier.id}/submit", seen=dossier.version)
    assert (answer.status_code, answer.json()["outcome"]) == (202, "waiting")
    again = await program.client.get(answer.headers["location"])
    assert again.json() == answer.json()
    (waiting,) = (await program.reads(f"/dossiers/{dossier.id}")).json()["waiting_acts"]
    assert waiting["action"] == "submit"
    async with site.writing() as store:
        await store.acts.settle(answer.json()["id"], "applied", site.clock())
    assert (await program.client.get(answer.headers["location"])).json()["outcome"] == "applied"


async def test_a_key_serves_one_act_only(site: Site) -> None:
    dossier, key = await a_filled_draft(site), str(uuid4())
    program = await a_program(site, CLAIRE)
    await program.acts(f"/dossiers/{dossier.id}/submit", key=key, seen=dossier.version)
    for path, body in (
        (f"/dossiers/{dossier.id}/withdraw", None),
        ("/dossiers", {"procedure": "inscription-scolaire"}),
    ):
        answer = await program.acts(path, body, key=key)
        assert answer.status_code == 422, answer.text
        assert answer.json()["type"] == "urn:ribambelle:problem:act_id_reused"


@pytest.mark.parametrize("key", ["", "1", "g" * 32, "a" * 33, "\x00"])
async def test_an_act_without_a_key_that_can_be_read_is_refused(site: Site, key: str) -> None:
    dossier = await a_filled_draft(site)
    program = await a_program(site, CLAIRE)
    headers = {"Idempotency-Key": key} if key else {}
    answer = await program.client.post(f"{API}/dossiers/{dossier.id}/withdraw", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:ribambelle:problem:act_key_missing"


async def test_a_dossier_with_answers_missing_is_not_sent_and_the_pages_are_named(
    site: Site,
) -> None:
    dossier = await a_filled_draft(site, without=("ecole", "contacts"))
    program = await a_program(site, CLAIRE)
    answer = await program.acts(f"/dossiers/{dossier.id}/submit", seen=dossier.version)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["ecole", "contacts"]


async def test_a_dossier_changed_since_it_was_read_is_not_sent(site: Site) -> None:
    dossier = await a_filled_draft(site)
    program = await a_program(site, CLAIRE)
    answer = await program.acts(f"/dossiers/{dossier.id}/submit", seen=dossier.version - 1)
    assert answer.status_code == 412
    assert (await program.acts(f"/dossiers/{dossier.id}/submit")).status_code == 428
    assert site.gateway.acts == []


async def test_files_are_received_and_told_one_by_one(answering: Site) -> None:
    dossier = await a_filled_draft(answering)
    program = await a_program(answering, CLAIRE)
    files = (("facture.pdf", PDF), ("virus.exe", b"MZ" + b"\0" * 100), ("copie.pdf", PDF))
    answer = await program.sends(dossier.id, PIECE, *files)
    assert answer.status_code == 201, answer.text
    outcomes = [(one["name"], one["outcome"]) for one in answer.json()["files"]]
    assert outcomes == [("facture.pdf", "kept"), ("virus.exe", "refused"), ("copie.pdf", "known")]
    (kept,) = answer.json()["documents"]
    place = f"/dossiers/{dossier.id}/documents/{kept['id']}"
    content = await program.reads(f"{place}/content")
    assert content.content == PDF
    assert content.headers["content-disposition"].startswith("attachment")
    assert content.headers["content-security-policy"].startswith("sandbox")
    removed = await program.client.delete(f"{API}{place}")
    assert (removed.status_code, removed.json()["outcome"]) == (200, "applied")
    assert (await program.client.delete(f"{API}{place}")).status_code == 200


async def test_a_sending_of_which_nothing_can_be_kept_is_refused(answering: Site) -> None:
    dossier = await a_filled_draft(answering)
    program = await a_program(answering, CLAIRE)
    answer = await program.sends(dossier.id, PIECE, ("virus.exe", b"MZ" + b"\0" * 100))
    assert answer.status_code == 422
    assert "virus.exe" in answer.json()["errors"][0]["message"]
    assert folders(answering) == []
    unknown = await program.sends(dossier.id, "carte_de_fidelite", ("a.pdf", PDF))
    assert unknown.status_code == 404


async def test_nothing_is_added_to_a_dossier_that_is_closed(answering: Site) -> None:
    dossier = await a_sent_dossier(answering, State.REFUSED, decided_at=answering.clock())
    program = await a_program(answering, CLAIRE)
    answer = await program.sends(dossier.id, PIECE, ("a.pdf", PDF))
    assert (answer.status_code, answer.json()["state"]) == (409, "refused")
    assert folders(answering) == []


async def test_a_sworn_statement_stands_for_a_document_once(answering: Site) -> None:
    dossier = await a_filled_draft(answering)
    program = await a_program(answering, CLAIRE)
    path, body = f"/dossiers/{dossier.id}/statements", {"piece": PIECE, "declared": True}
    first, second = await program.acts(path, body), await program.acts(path, body)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    (kept,) = await documents_of(answering, dossier)
    assert kept.statement.startswith("Claire Martin, le lundi 23 novembre 2026 : Je déclare")
    assert (await program.acts(path, {"piece": PIECE, "declared": False})).status_code == 422
    other = {"piece": "leaving_certificate", "declared": True}
    assert (await program.acts(path, other)).status_code == 404


async def an_open_review(site: Site) -> Dossier:
    return await a_sent_dossier(site, State.UNDER_REVIEW)


async def test_another_software_approves_in_its_own_name(site: Site) -> None:
    dossier = await an_open_review(site)
    answers(site, Action.APPROVE, State.APPROVED)
    system, program = await site.account(CANTEEN), await a_program(site, CANTEEN)
    answer = await program.acts(f"/dossiers/{dossier.id}/approve", seen=dossier.version)
    assert (answer.status_code, answer.json()["state"]) == (200, "approved")
    (act,) = site.gateway.acts
    assert (act.actor_id, act.actor, act.action) == (system.id, Actor.AGENT, Action.APPROVE)


async def test_a_dossier_with_a_piece_missing_is_not_approved(site: Site) -> None:
    dossier = await an_open_review(site)
    async with site.writing() as store:
        for document in await store.documents.of(dossier.id):
            if document.piece == "proof_of_address":
                await store.documents.remove(document.id, site.clock())
    program = await a_program(site, AGENT)
    answer = await program.acts(f"/dossiers/{dossier.id}/approve", seen=dossier.version)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["proof_of_address"]


async def test_who_comes_too_late_reads_who_decided_and_when(site: Site) -> None:
    agent = await site.account(AGENT)
    decided = {"decided_at": site.clock(), "decided_by": agent.id}
    dossier = await a_sent_dossier(site, State.APPROVED, **decided)
    program = await a_program(site, CANTEEN)
    body = {"reason": "capacity", "words": "Plus de place à l’école."}
    answer = await program.acts(f"/dossiers/{dossier.id}/refuse", body, seen=dossier.version)
    told = answer.json()
    assert answer.status_code == 409
    assert told["type"] == "urn:ribambelle:problem:already_decided"
    assert (told["state"], told["decided_by"]) == ("approved", "Nadia Petit")
    assert told["decided_at"] == site.clock().isoformat()
    assert told["title"] == "Nadia Petit a validé ce dossier à 10\u00a0h\u00a000"


async def test_a_page_and_a_program_that_decide_at_once_decide_once(site: Site) -> None:
    dossier, agent = await an_open_review(site), await site.account(AGENT)
    house = site.app.state.house
    acts = Acts(house.writing, house.gateway, actor=Actor.AGENT, actor_id=agent.id, at=site.clock())
    await acts.give(Action.APPROVE, dossier.id, act_id="c" * 32)
    program = await a_program(site, CANTEEN)
    body = {"reason": "capacity", "words": "Plus de place à l’école."}
    answer = await program.acts(f"/dossiers/{dossier.id}/refuse", body, seen=dossier.version)
    assert (answer.status_code, answer.json()["decided_by"]) == (409, "Nadia Petit")


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("refuse", {"reason": "humeur", "words": "Parce que c’est ainsi."}, ["reason"]),
        ("refuse", {"reason": "capacity", "words": "non"}, ["words"]),
        ("refuse", {"reason": "capacity", "words": "x" * 4001}, ["words"]),
        ("ask-to-complete", {}, ["words"]),
        ("ask-to-complete", {"words": "Merci", "days": 3}, ["days"]),
        (
            "ask-to-complete",
            {"items": [{"piece": "chien", "reason": "perdu"}]},
            ["items.0.piece", "items.0.reason"],
        ),
        ("ask-to-complete", {"words": "Merci", "surprise": 1}, ["surprise"]),
    ],
)
async def test_a_decision_without_its_grounds_is_refused_field_by_field(
    site: Site, path: str, body: dict[str, Any], fields: list[str]
) -> None:
    dossier = await an_open_review(site)
    program = await a_program(site, AGENT)
    answer = await program.acts(f"/dossiers/{dossier.id}/{path}", body, seen=dossier.version)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == fields
    assert site.gateway.acts == []


async def test_a_complement_is_asked_with_its_pieces_its_words_and_its_delay(site: Site) -> None:
    dossier = await an_open_review(site)
    answers(site, Action.ASK_TO_COMPLETE, State.AWAITING_FAMILY)
    program = await a_program(site, AGENT)
    item = {"piece": "proof_of_address", "reason": "outdated", "words": "De moins de 3 mois."}
    body = {"items": [item], "words": "Merci d’avance.", "days": 15}
    path = f"/dossiers/{dossier.id}/ask-to-complete"
    stale = await program.acts(path, body, seen=dossier.version - 1)
    assert stale.status_code == 412
    async with site.writing() as store:
        assert await store.documents.marks_of(dossier.id) == {}
    assert (await program.acts(path, body, seen=dossier.version)).status_code == 200
    (act,) = site.gateway.acts
    assert (act.items, act.words) == ([item], "Merci d’avance.")
    assert act.until is not None
    assert (act.until - site.clock()).days == 15
    async with site.writing() as store:
        assert "proof_of_address" in await store.documents.marks_of(dossier.id)


async def test_the_family_answers_and_the_town_takes_its_request_back(site: Site) -> None:
    for who, path, action in (
        (CLAIRE, "answer", Action.ANSWER),
        (AGENT, "cancel-request", Action.CANCEL_REQUEST),
        (CLAIRE, "withdraw", Action.WITHDRAW),
    ):
        dossier = await a_sent_dossier(site, State.AWAITING_FAMILY)
        await is_asked(site, dossier, site.clock(), piece=PIECE, reason="missing")
        answers(site, action, State.CHECKING)
        program = await a_program(site, who)
        answer = await program.acts(f"/dossiers/{dossier.id}/{path}")
        assert (answer.status_code, answer.json()["action"]) == (200, action)


async def test_letters_are_read_by_who_may_see_the_dossier(site: Site) -> None:
    dossier, other = await an_open_review(site), await an_open_review(site)
    async with site.writing() as store:
        letter_id = await a_waiting_letter(
            store,
            "acknowledgement",
            "claire@example.org",
            site.clock(),
            subject="Votre dossier est bien arrivé",
            dossier_id=dossier.id,
        )
    for who in (CLAIRE, AGENT, CANTEEN):
        program = await a_program(site, who)
        (line,) = (await program.reads(f"/dossiers/{dossier.id}/letters")).json()["items"]
        letter = (await program.reads(f"/dossiers/{dossier.id}/letters/{line['id']}")).json()
        assert (letter["text"], letter["status"]) == ("Bonjour", "to_send")
        assert (await program.reads(f"/dossiers/{other.id}/letters/{letter_id}")).status_code == 404


async def test_a_paper_of_another_dossier_is_neither_sent_nor_taken_away(site: Site) -> None:
    mine, other = await a_filled_draft(site), await an_open_review(site)
    paper = await a_paper(site, other, PIECE)
    program = await a_program(site, CLAIRE)
    place = f"/dossiers/{mine.id}/documents/{paper.id}"
    assert (await program.reads(f"{place}/content")).status_code == 404
    assert (await program.client.delete(f"{API}{place}")).status_code == 404
