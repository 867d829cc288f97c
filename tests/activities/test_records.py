"""Each act written twice: the second time gives the same answer and changes not one row."""

from datetime import timedelta
from typing import Any

import pytest

from domain.deadlines import Terms, Validation, ends, last_day
from domain.documents import Scan
from domain.messages import RecordAct, Recorded
from domain.states import Action, State
from storage.acts import APPLIED, REFUSED
from storage.documents import DOUBTFUL, PENDING
from tests.living_town import PIECES
from tests.office import NOW, Office

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ITEMS = [{"piece": "proof_of_address", "reason": "outdated", "words": "Celle-ci a deux ans."}]


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
    assert await office.kinds_of_letters(dossier) == letters
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
    assert await office.kinds_of_letters(dossier) == ["acknowledgement"]


async def test_a_dossier_is_not_checked_while_a_document_is_being_looked_at(
    office: Office,
) -> None:
    dossier = await office.dossier()
    await office.gives(dossier, *PIECES[:2])
    await office.gives(dossier, PIECES[2], status=PENDING)
    written = await twice(office, await office.act(Action.SUBMIT, dossier))
    assert written.state is State.CHECKING
    assert await office.kinds_of_letters(dossier) == []


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
    assert await office.kinds_of_letters(dossier) == ["answer_received"]


async def test_a_request_taken_back_is_closed_and_the_legal_date_is_as_before(
    office: Office,
) -> None:
    dossier = await office.dossier(State.AWAITING_FAMILY)
    await twice(office, await office.act(Action.CANCEL_REQUEST, dossier))
    async with office.open_store() as store:
        (request,) = await store.requests.of(dossier.id)
        assert request.cancelled_at is not None
        due = (await store.dossiers.find(dossier.id)).due_at
    assert due == ends(NOW, dossier.terms.silence_delay)


@pytest.mark.parametrize("action", [Action.WITHDRAW, Action.CLOSE_WITHOUT_ACTION])
async def test_a_dossier_that_closes_asks_for_nothing_any_more(
    office: Office, action: Action
) -> None:
    dossier = await office.dossier(State.AWAITING_FAMILY)
    await twice(office, await office.act(action, dossier))
    async with office.open_store() as store:
        assert await store.requests.current(dossier.id) is None
        assert (await store.dossiers.find(dossier.id)).due_at is None


async def test_what_was_sent_and_decided_is_kept_with_the_time_it_was_given(
    office: Office,
) -> None:
    dossier = await office.dossier()
    await office.gives(dossier)
    given = NOW + 2 * HOUR
    message = await office.act(Action.SUBMIT, dossier, at=given)
    late = RecordAct(dossier.id, message.act, given + DAY, dossier.terms)
    await twice(office, late)
    async with office.open_store() as store:
        sent = await store.dossiers.find(dossier.id)
        assert (sent.submitted_at, sent.state_since) == (given, given + DAY)
        ((at, answers),) = await store.dossiers.sent_answers(dossier.id)
        assert (at, answers["vous"]["first_name"]) == (given, "Claire")
    refusal = await office.act(
        Action.REFUSE, dossier, reason_code="other", words="Parce que.", at=given + 2 * DAY
    )
    await twice(office, refusal)
    async with office.open_store() as store:
        refused = await store.dossiers.find(dossier.id)
    assert (refused.decided_at, refused.reason_code, refused.reason_words) == (
        given + 2 * DAY,
        "other",
        "Parce que.",
    )


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


AUTOMATIC = Terms(validation=Validation.AUTOMATIC)


async def test_the_portal_approves_what_its_checks_found_clear_in_nobodys_name(
    office: Office,
) -> None:
    dossier = await office.dossier(terms=AUTOMATIC)
    await office.gives(dossier)
    written = await twice(office, await office.act(Action.SUBMIT, dossier))
    assert (written.state, written.is_clear) == (State.UNDER_REVIEW, True)
    await twice(office, await office.act(Action.APPROVE_BY_RULE, dossier))
    rows = await office.everything()
    decided = rows["dossiers"][0]
    assert (decided["state"], decided["decided_by"], decided["decision_basis"]) == (
        State.APPROVED,
        None,
        "rule",
    )
    assert len(rows["children"]) == 1
    assert await office.kinds_of_letters(dossier) == ["approve_by_rule"]


@pytest.mark.parametrize(
    ("terms", "more"),
    [
        pytest.param(Terms(), {}, id="the terms ask for a person"),
        pytest.param(AUTOMATIC, {"status": DOUBTFUL}, id="a document is doubtful"),
        pytest.param(AUTOMATIC, {"scan": Scan.PENDING}, id="the antivirus has not seen it"),
    ],
)
async def test_what_is_not_clear_is_left_to_a_person(
    office: Office, terms: Terms, more: dict[str, Any]
) -> None:
    dossier = await office.dossier(terms=terms)
    await office.gives(dossier)
    await office.gives(dossier, "child_identity", **more)
    written = await office.records(Action.SUBMIT, dossier)
    assert (written.state, written.is_clear) == (State.UNDER_REVIEW, False)
    late = await office.records(Action.APPROVE_BY_RULE, dossier)
    assert (late.applied, late.state) == (False, State.UNDER_REVIEW)


async def test_what_is_no_longer_clear_when_the_portal_comes_to_it_is_left_to_a_person(
    office: Office,
) -> None:
    dossier = await office.dossier(terms=AUTOMATIC)
    await office.gives(dossier)
    assert (await office.records(Action.SUBMIT, dossier)).is_clear
    assert await office.kinds_of_letters(dossier) == []
    await office.gives(dossier, "proof_of_address", status=DOUBTFUL)
    late = await twice(office, await office.act(Action.APPROVE_BY_RULE, dossier))
    assert not late.applied
    assert await office.kinds_of_letters(dossier) == ["acknowledgement"], "it has arrived"
    assert len(late.letters) == 1
    async with office.open_store() as store:
        assert not (await store.dossiers.life(dossier.id)).is_clear


async def test_an_objection_in_the_same_instant_leaves_the_family_told_that_it_arrived(
    office: Office,
) -> None:
    dossier = await office.dossier(terms=AUTOMATIC)
    await office.gives(dossier)
    assert (await office.records(Action.SUBMIT, dossier)).is_clear
    async with office.open_store() as store:
        await store.holds.object("o" * 32, dossier.id, office.sophie.id, NOW)
    late = await twice(office, await office.act(Action.APPROVE_BY_RULE, dossier))
    assert (late.applied, late.state, len(late.letters)) == (False, State.UNDER_REVIEW, 1)
    assert await office.kinds_of_letters(dossier) == ["acknowledgement"]


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


async def test_what_the_engine_is_given_back_has_no_words_and_no_names(office: Office) -> None:
    dossier = await office.dossier(State.UNDER_REVIEW)
    written = await office.records(
        Action.ASK_TO_COMPLETE, dossier, items=ITEMS, words="Le canari de Léna Martin."
    )
    assert written.until is not None
    assert last_day(written.until).isoformat() == "2026-12-23"
    for canary in ("canari", "Léna", "Martin", "claire@", "deux ans"):
        assert canary not in repr(written)
