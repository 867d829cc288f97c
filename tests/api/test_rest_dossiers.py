"""Programs open, list and read dossiers, and change their answers."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.states import State
from storage.documents import Mark
from storage.dossiers import Dossier
from tests.families import ANSWERS, a_filled_draft, a_paper, a_sent_dossier, is_asked
from tests.programs import API, CANTEEN, Program, a_program
from tests.site import AGENT, CLAIRE, OTHER_PARENT, Site

OPENING = {"procedure": "inscription-scolaire"}


async def opened(program: Program, key: str = "") -> dict[str, Any]:
    answer = await program.acts("/dossiers", OPENING, key=key)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_procedures_tell_everything_they_ask_before_a_dossier_is_opened(
    site: Site,
) -> None:
    program = await a_program(site, CLAIRE)
    (one,) = (await program.reads("/procedures")).json()["items"]
    told = (await program.reads(f"/procedures/{one['slug']}")).json()
    assert [page["code"] for page in told["pages"]] == list(ANSWERS)
    grade = next(q for page in told["pages"] for q in page["questions"] if q["name"] == "grade")
    assert {"value": "cp", "label": "CP (6 ans)"} in grade["choices"]
    codes = [piece["code"] for piece in told["pieces"]]
    assert "proof_of_address" in codes
    assert "health_record" not in codes
    assert told["document_limits"].startswith("PDF de 6")
    assert (await program.reads("/procedures/nulle-part")).status_code == 404


async def test_opening_twice_with_one_key_opens_one_dossier_and_tells_where_it_is(
    site: Site,
) -> None:
    program, key = await a_program(site, CLAIRE), str(uuid4())
    first = await program.acts("/dossiers", OPENING, key=key)
    second = await program.acts("/dossiers", OPENING, key=key.replace("-", ""))
    assert first.json()["id"] == second.json()["id"]
    assert first.headers["location"] == f"{API}/dossiers/{first.json()['id']}"
    assert len((await program.reads("/dossiers")).json()["items"]) == 1
    assert (await opened(program))["id"] != first.json()["id"]


async def test_the_key_of_an_opening_opens_nothing_for_another_family(site: Site) -> None:
    key = str(uuid4())
    await opened(await a_program(site, CLAIRE), key)
    other = await a_program(site, OTHER_PARENT)
    assert (await other.acts("/dossiers", OPENING, key=key)).status_code == 404


async def test_a_new_dossier_knows_what_the_family_said_in_the_last_one(site: Site) -> None:
    await a_filled_draft(site)
    program = await a_program(site, CLAIRE)
    site.clock.waits(timedelta(minutes=1))
    made = await opened(program)
    pages = (await program.reads(f"/dossiers/{made['id']}/answers")).json()["pages"]
    filled = {page["code"] for page in pages if page["is_filled"]}
    assert {"vous", "adresse"} <= filled
    assert "enfant" not in filled
    assert made["unfinished_pages"][0] == "enfant"


async def test_a_dossier_says_who_must_act_by_when_and_what_is_missing(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.AWAITING_FAMILY)
    until = site.clock() + timedelta(days=30)
    await is_asked(
        site, dossier, until, piece="proof_of_address", reason="outdated", words="De mai"
    )
    parent, agent = await a_program(site, CLAIRE), await a_program(site, AGENT)
    read = await parent.reads(f"/dossiers/{dossier.id}")
    told = read.json()
    assert (told["state"], told["waits_for"]) == ("awaiting_family", "parent")
    assert told["due_at"] == until.isoformat().replace("+00:00", "Z")
    assert "classé sans suite" in told["what_happens_then"]
    assert told["request"]["items"] == [
        {"piece": "proof_of_address", "reason": "outdated", "words": "De mai"}
    ]
    asked = next(one for one in told["pieces"] if one["code"] == "proof_of_address")
    assert asked["is_awaited"] is True
    assert asked["request_words"].startswith("Le document n’est plus valable.")
    assert {"answer", "withdraw", "add_document"} == set(told["may_do"]) - {"remove_document"}
    assert read.headers["etag"].startswith(f'"{dossier.version}-')
    seen = (await agent.reads(f"/dossiers/{dossier.id}")).json()
    assert seen["may_do"] == ["cancel_request"]


async def test_what_an_agent_thinks_of_a_piece_is_told_to_agents_only(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    agent = await site.account(AGENT)
    async with site.writing() as store:
        mark = Mark(
            "proof_of_address", "replace", "outdated", "Vieux", by=agent.id, at=site.clock()
        )
        await store.documents.mark(dossier.id, mark)
    for who, expected in ((CLAIRE, None), (CANTEEN, "replace")):
        program = await a_program(site, who)
        pieces = (await program.reads(f"/dossiers/{dossier.id}")).json()["pieces"]
        piece = next(one for one in pieces if one["code"] == "proof_of_address")
        assert (piece["mark"] or {}).get("mark") == expected


async def several(site: Site, count: int) -> list[Dossier]:
    made = []
    for _ in range(count):
        made.append(await a_sent_dossier(site, State.UNDER_REVIEW))
        site.clock.waits(timedelta(minutes=1))
    return made


async def test_a_list_is_read_page_after_page_while_new_dossiers_arrive(site: Site) -> None:
    made = await several(site, 5)
    for who in (CLAIRE, AGENT):
        program = await a_program(site, who)
        answer = (await program.reads("/dossiers", limit=2)).json()
        read = [one["id"] for one in answer["items"]]
        late = await a_sent_dossier(site, State.UNDER_REVIEW)
        while answer["next"]:
            assert len(answer["items"]) == 2
            answer = (await program.client.get(answer["next"])).json()
            read += [one["id"] for one in answer["items"]]
        assert late.id not in read
        assert read[-5:] == [one.id for one in reversed(made)]
        assert len(read) == len(set(read))


async def test_a_list_can_be_narrowed(site: Site) -> None:
    await several(site, 2)
    closed = await a_sent_dossier(site, State.REFUSED)
    program = await a_program(site, AGENT)

    async def found(**query: Any) -> int:
        answer = await program.reads("/dossiers", **query)
        assert answer.status_code == 200, answer.text
        return len(answer.json()["items"])

    assert await found() == 3
    assert await found(state="refused") == 1
    assert await found(state=["refused", "under_review"]) == 3
    assert await found(kind="enrolment") == 0
    assert await found(department="creche") == 0
    assert await found(q="léna mart") == 3
    assert await found(q=closed.number) == 1
    assert await found(q="claire@example.org") == 3
    site.clock.waits(timedelta(days=1))
    assert await found(updated_since=site.clock().isoformat()) == 0
    await a_paper(site, closed, "court_ruling")
    assert await found(updated_since=site.clock().isoformat()) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 101}, "limit"),
        ({"limit": 0}, "limit"),
        ({"state": "presque"}, "state.0"),
        ({"cursor": "abc"}, "cursor"),
        ({"cursor": "MDAwMS0wMS0wMVQwMDowMDowMCsxNDowMCAw"}, "cursor"),
        ({"updated_since": "2026-11-21T08:00:00"}, "updated_since"),
        ({"updated_since": "0001-01-01T00:00:00+14:00"}, "updated_since"),
        ({"q": "x" * 121}, "q"),
    ],
)
async def test_what_is_wrong_in_a_question_is_said_field_by_field(
    site: Site, query: dict[str, Any], field: str
) -> None:
    answer = await (await a_program(site, AGENT)).reads("/dossiers", **query)
    assert answer.status_code == 422, answer.text
    assert [one["field"] for one in answer.json()["errors"]] == [field]


async def test_the_history_names_the_software_that_acted(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    system = await site.account(CANTEEN)
    async with site.writing() as store:
        await store.events.add(
            dossier.id,
            "act:1",
            at=site.clock(),
            what="ask_to_complete",
            actor="agent",
            actor_id=system.id,
            state=State.AWAITING_FAMILY,
        )
    for who in (CLAIRE, AGENT):
        program = await a_program(site, who)
        (line,) = (await program.reads(f"/dossiers/{dossier.id}/events")).json()["items"]
        assert line["who"] == "Logiciel de cantine"


async def test_answers_change_field_by_field_and_wrong_ones_are_kept_and_told(site: Site) -> None:
    dossier = await a_filled_draft(site)
    program = await a_program(site, CLAIRE)
    read = await program.reads(f"/dossiers/{dossier.id}/answers")
    seen = int(read.headers["etag"].strip('"'))
    changed = await program.changes(
        dossier.id, seen, enfant={"first_name": "Lou\u202e  Ann"}, adresse={"postal_code": "47"}
    )
    assert changed.status_code == 200, changed.text
    answers = {
        (page["code"], one["name"]): one
        for page in changed.json()["pages"]
        for one in page["answers"]
    }
    assert answers["enfant", "first_name"]["value"] == "Lou Ann"
    assert answers["enfant", "last_name"]["value"] == "Martin"
    assert "5 chiffres" in answers["adresse", "postal_code"]["problem"]
    assert changed.headers["etag"] == f'"{seen + 2}"'
    again = await program.changes(dossier.id, seen, enfant={"first_name": "Lou Ann"})
    assert (again.status_code, again.headers["etag"]) == (200, changed.headers["etag"])


async def test_answers_read_before_somebody_changed_them_are_not_overwritten(site: Site) -> None:
    dossier = await a_filled_draft(site)
    program = await a_program(site, CLAIRE)
    await program.changes(dossier.id, dossier.version, enfant={"first_name": "Louise"})
    late = await program.changes(dossier.id, dossier.version, enfant={"first_name": "Lou"})
    assert late.status_code == 412
    told = late.json()
    assert told["type"] == "urn:ribambelle:problem:stale_version"
    assert (told["version"], told["version_seen"]) == (dossier.version + 1, dossier.version)
    assert told["current"]["enfant"]["first_name"] == "Louise"
    assert told["sent"] == {"enfant": {"first_name": "Lou"}}


async def test_answers_change_only_on_a_version_that_was_read(site: Site) -> None:
    dossier = await a_filled_draft(site)
    program = await a_program(site, CLAIRE)
    path = f"/dossiers/{dossier.id}/answers"
    body = {"answers": {"situation": {"hosted": "no"}}}
    assert (await program.acts(path, body, method="PATCH")).status_code == 428
    odd = {"If-Match": "W/seven"}
    answer = await program.client.patch(f"{API}{path}", json=body, headers=odd)
    assert answer.status_code == 400


async def test_answers_that_are_no_questions_of_ours_are_refused_whole(site: Site) -> None:
    dossier = await a_filled_draft(site)
    program = await a_program(site, CLAIRE)
    wrong = await program.changes(
        dossier.id, dossier.version, enfant={"first_name": "Lou", "prenom": "x"}, autre={"a": "b"}
    )
    assert wrong.status_code == 422
    fields = [one["field"] for one in wrong.json()["errors"]]
    assert fields == ["autre", "enfant.prenom"]
    async with site.writing() as store:
        assert (await store.dossiers.find(dossier.id)).version == dossier.version


async def test_answers_that_the_town_is_reading_do_not_change(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    program = await a_program(site, CLAIRE)
    answer = await program.changes(dossier.id, dossier.version, enfant={"first_name": "Lou"})
    assert answer.status_code == 409
