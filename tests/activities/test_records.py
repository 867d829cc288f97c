"""Each act written twice: the second time gives the same answer and changes not one row."""

from datetime import timedelta
from typing import Any

import pytest

from domain.deadlines import ends, last_day
from domain.life import Alarm
from domain.messages import Act, Lookup, Notice, RecordAct, Recorded
from domain.states import Action, Actor, State
from storage.acts import APPLIED, REFUSED
from storage.documents import PENDING
from storage.dossiers import Dossier
from storage.records import new_id
from tests.living_town import PIECES
from tests.office import NOW, Office

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ITEMS = [{"piece": "proof_of_address", "reason": "outdated", "words": "Celle-ci a deux ans."}]


async def kinds(office: Office, dossier: Dossier) -> list[str]:
    async with office.open_store() as store:
        return [one.kind for one in reversed(await store.letters.of_dossier(dossier.id))]


async def twice(office: Office, message: RecordAct) -> Recorded:
    """Write an act two times over, and see that the second changed nothing at all."""
    before = await office.everything()
    first = await office.run(office.dossiers.record, message)
    after = await office.everything()
    assert after != before
    assert await office.run(office.dossiers.record, message, attempt=2) == first
    assert await office.everything() == after
    assert isinstance(first, Recorded)
    return first


@pytest.mark.parametrize(
    ("action", "state", "leads_to", "letters", "more"),
    [
        (Action.SUBMIT, State.DRAFT, State.UNDER_REVIEW, ["acknowledgement"], {}),
        (Action.ANSWER, State.AWAITING_FAMILY, State.UNDER_REVIEW, ["answer_received"], {}),
        (Action.FIND_COMPLETE, State.CHECKING, State.UNDER_REVIEW, ["acknowledgement"], {}),
        (
            Action.ASK_TO_COMPLETE,
            State.UNDER_REVIEW,
            State.AWAITING_FAMILY,
            ["complement_request"],
            {"items": ITEMS, "words": "Merci."},
        ),
        (
            Action.CANCEL_REQUEST,
            State.AWAITING_FAMILY,
            State.UNDER_REVIEW,
            ["request_cancelled"],
            {},
        ),
        (Action.APPROVE, State.UNDER_REVIEW, State.APPROVED, ["approve"], {}),
        (
            Action.REFUSE,
            State.UNDER_REVIEW,
            State.REFUSED,
            ["refuse"],
            {"reason_code": "not_resident", "words": "Vous habitez Autreville."},
        ),
        (Action.DEEM_APPROVED, State.UNDER_REVIEW, State.APPROVED, ["deem_approved"], {}),
        (Action.DEEM_REFUSED, State.UNDER_REVIEW, State.REFUSED, ["deem_refused"], {}),
        (Action.WITHDRAW, State.UNDER_REVIEW, State.WITHDRAWN, ["withdraw"], {}),
        (Action.WITHDRAW, State.AWAITING_FAMILY, State.WITHDRAWN, ["withdraw"], {}),
        (Action.WITHDRAW, State.DRAFT, State.WITHDRAWN, ["withdraw"], {}),
        (
            Action.CLOSE_WITHOUT_ACTION,
            State.AWAITING_FAMILY,
            State.CLOSED_WITHOUT_ACTION,
            ["close_without_action"],
            {},
        ),
        (Action.ABANDON, State.DRAFT, State.ABANDONED, ["abandon"], {}),
    ],
)
async def test_an_act_is_written_once_with_its_letter(
    office: Office,
    action: Action,
    state: State,
    *,
    leads_to: State,
    letters: list[str],
    more: dict[str, Any],
) -> None:
    dossier = await office.dossier(state)
    await office.gives(dossier)
    message = await office.act(action, dossier, **more)
    written = await twice(office, message)
    assert (written.applied, written.state) == (True, leads_to)
    assert await kinds(office, dossier) == letters
    async with office.open_store() as store:
        assert (await store.dossiers.find(dossier.id)).state is leads_to
        timeline = [line for line in await store.events.of(dossier.id) if line.what == action]
        assert [(line.state, line.at) for line in timeline] == [(leads_to, message.act.given_at)]
        kept = await store.acts.find(message.act.id)
        assert kept is None or kept.outcome == APPLIED


async def test_a_dossier_sent_incomplete_is_told_all_that_is_missing_with_a_limit(
    office: Office,
) -> None:
    dossier = await office.dossier()
    await office.gives(dossier, "guardian_identity")
    await office.gives(dossier, "child_identity", status="refused")
    written = await twice(office, await office.act(Action.SUBMIT, dossier))
    assert written.state is State.AWAITING_FAMILY
    assert written.missing == ("child_identity", "proof_of_address")
    assert written.until == ends(NOW, dossier.terms.complement_delay)
    async with office.open_store() as store:
        (request,) = await store.requests.of(dossier.id)
        assert [item["piece"] for item in request.items] == list(written.missing)
        assert (await store.dossiers.find(dossier.id)).due_at == written.until
    assert await kinds(office, dossier) == ["acknowledgement"]


async def test_a_dossier_is_not_checked_while_a_document_is_being_looked_at(
    office: Office,
) -> None:
    dossier = await office.dossier()
    await office.gives(dossier, *PIECES[:2])
    await office.gives(dossier, PIECES[2], status=PENDING)
    written = await twice(office, await office.act(Action.SUBMIT, dossier))
    assert written.state is State.CHECKING
    assert await kinds(office, dossier) == []


async def test_what_is_no_longer_asked_is_taken_away_at_submission(office: Office) -> None:
    dossier = await office.dossier()
    await office.gives(dossier)
    (ruling,) = await office.gives(dossier, "court_ruling")
    await twice(office, await office.act(Action.SUBMIT, dossier))
    async with office.open_store() as store:
        document = await store.documents.find(ruling)
        assert document is not None
        assert document.removed_at is not None
        assert len(await store.documents.of(dossier.id)) == len(PIECES)


async def test_a_second_answer_still_incomplete_asks_again(office: Office) -> None:
    dossier = await office.dossier(State.AWAITING_FAMILY)
    await office.gives(dossier, "child_identity", "guardian_identity")
    written = await twice(office, await office.act(Action.ANSWER, dossier))
    assert (written.state, written.missing) == (State.AWAITING_FAMILY, ("proof_of_address",))
    async with office.open_store() as store:
        first, second = await store.requests.of(dossier.id)
    assert first.received_at is not None
    assert second.is_open
    assert await kinds(office, dossier) == ["answer_received"]


async def test_an_approval_makes_the_family_once(office: Office) -> None:
    dossier = await office.dossier(State.UNDER_REVIEW)
    await twice(office, await office.act(Action.APPROVE, dossier))
    rows = await office.everything()
    assert [row["first_name"] for row in rows["children"]] == ["Léna"]
    assert len(rows["families"]) == len(rows["guardians"]) == 1
    (decided,) = rows["dossiers"]
    assert decided["decided_by"] == office.sophie.id
    assert decided["decision_basis"] == "decision"


async def test_silence_decides_in_nobodys_name(office: Office) -> None:
    dossier = await office.dossier(State.UNDER_REVIEW)
    await twice(office, await office.act(Action.DEEM_APPROVED, dossier))
    rows = await office.everything()
    assert (rows["dossiers"][0]["decided_by"], rows["dossiers"][0]["decision_basis"]) == (
        None,
        "silence",
    )
    assert len(rows["children"]) == 1


async def test_the_second_of_two_decisions_is_refused_and_writes_nothing_but_that(
    office: Office,
) -> None:
    dossier = await office.dossier(State.UNDER_REVIEW)
    await office.records(Action.APPROVE, dossier)
    before = await office.everything()
    message = await office.act(Action.REFUSE, dossier, reason_code="other", words="Non.")
    late = await twice(office, message)
    assert (late.applied, late.state, late.letters) == (False, State.APPROVED, ())
    after = await office.everything()
    assert {name for name in after if after[name] != before[name]} == {"acts"}
    async with office.open_store() as store:
        kept = await store.acts.find(message.act.id)
        assert kept is not None
        assert (kept.outcome, kept.outcome_code) == (REFUSED, "already_decided")


async def test_a_document_is_taken_away_once(office: Office) -> None:
    dossier = await office.dossier()
    (given,) = await office.gives(dossier, "child_identity")
    message = await office.act(Action.REMOVE_DOCUMENT, dossier, subject=given)
    assert (await twice(office, message)).state is State.DRAFT
    async with office.open_store() as store:
        assert await store.documents.of(dossier.id) == []


@pytest.mark.parametrize(
    ("alarm", "state", "letter"),
    [
        (Alarm.DRAFT_REMINDER, State.DRAFT, "draft_reminder"),
        (Alarm.DRAFT_WARNING, State.DRAFT, "draft_warning"),
        (Alarm.COMPLEMENT_REMINDER, State.AWAITING_FAMILY, "complement_reminder"),
    ],
)
async def test_a_reminder_is_written_once(
    office: Office, alarm: Alarm, state: State, letter: str
) -> None:
    dossier = await office.dossier(state)
    message = Notice(dossier.id, alarm.value, 1, NOW + 7 * DAY)
    first = await office.run(office.dossiers.remind, message)
    after = await office.everything()
    assert await office.run(office.dossiers.remind, message, attempt=2) == first
    assert await office.everything() == after
    assert await kinds(office, dossier) == [letter]
    second = Notice(dossier.id, alarm.value, 2, NOW + 21 * DAY)
    assert await office.run(office.dossiers.remind, second) != first
    assert await kinds(office, dossier) == [letter, letter]


async def test_a_draft_saved_after_its_warning_is_warned_again(office: Office) -> None:
    dossier = await office.dossier()
    message = Notice(dossier.id, Alarm.DRAFT_WARNING.value, 2, NOW + 75 * DAY)
    first = await office.run(office.dossiers.remind, message)
    async with office.open_store() as store:
        await store.dossiers.save_answers(dossier, "vous", {}, NOW + 80 * DAY)
    assert await office.run(office.dossiers.remind, message) != first


async def test_the_last_save_is_told(office: Office) -> None:
    dossier = await office.dossier()
    for _ in range(2):
        assert await office.run(office.dossiers.last_saved, Lookup(dossier.id, NOW)) == NOW


async def test_acts_given_in_time_are_heard_before_a_deadline(office: Office) -> None:
    dossier = await office.dossier(State.AWAITING_FAMILY)
    in_time = await office.act(Action.ANSWER, dossier, at=NOW + HOUR)
    await office.act(Action.WITHDRAW, dossier, at=NOW + 3 * HOUR)
    question = Lookup(dossier.id, NOW + 2 * HOUR)
    before = await office.everything()
    for _ in range(2):
        heard = await office.run(office.dossiers.acts_given_before, question)
        assert heard == [in_time.act]
    assert await office.everything() == before
    await office.run(office.dossiers.record, in_time)
    assert await office.run(office.dossiers.acts_given_before, question) == []


@pytest.mark.parametrize("known", [True, False])
async def test_a_decision_that_does_not_apply_leaves_one_line(office: Office, known: bool) -> None:
    dossier = await office.dossier()
    actor_id = office.sophie.id if known else "somebody-else"
    act = Act(new_id(), Action.APPROVE, actor_id, Actor.AGENT, NOW)
    message = RecordAct(dossier.id, act, NOW, dossier.terms)
    for attempt in (1, 2):
        await office.run(office.dossiers.note_unheard, message, attempt=attempt)
    async with office.open_store() as store:
        (line,) = await store.events.of(dossier.id)
        assert (line.what, line.detail) == ("decision_unheard", {"action": "approve"})
        assert line.actor_name == ("Sophie Garnier" if known else "")
        assert (await store.dossiers.find(dossier.id)).state is State.DRAFT


async def test_what_the_engine_is_given_back_has_no_words_and_no_names(office: Office) -> None:
    dossier = await office.dossier(State.UNDER_REVIEW)
    written = await office.records(
        Action.ASK_TO_COMPLETE, dossier, items=ITEMS, words="Le canari de Léna Martin."
    )
    assert written.until is not None
    assert last_day(written.until).isoformat() == "2026-12-23"
    for canary in ("canari", "Léna", "Martin", "claire@", "deux ans"):
        assert canary not in repr(written)
