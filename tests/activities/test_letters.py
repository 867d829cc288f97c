"""Letters on their way to a real mail server that refuses, stalls and hangs up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities.letter_writer import SECRET_MARK
from activities.letters import LetterActivities
from domain.messages import SendLetter
from domain.states import State
from domain.tokens import token_hash, token_of
from storage.letters import ACCEPTED, REFUSED, RETRYING, Letter
from tests.office import FROM, NOW, SECRET, SITE, Office
from tests.town import free_port

MINUTE = timedelta(minutes=1)


async def a_letter(office: Office) -> Letter:
    return await office.letter_about(await office.dossier(State.APPROVED), "withdraw")


async def sends(office: Office, letter: Letter, *, attempt: int = 1, **server: Any) -> str:
    """Try to send; the status, or the code with which the try failed."""
    activities: LetterActivities = office.letters(**server)
    try:
        return str(await office.run(activities.send, SendLetter(letter.id), attempt=attempt))
    except ApplicationError as failed:
        return f"failed: {failed.type}"


async def test_a_letter_is_handed_over_once_however_often_it_is_sent(office: Office) -> None:
    letter = await a_letter(office)
    assert await sends(office, letter) == ACCEPTED
    rows, mails = await office.everything(), len(office.mail.accepted)
    assert await sends(office, letter, attempt=2) == ACCEPTED
    assert await office.everything() == rows
    assert len(office.mail.accepted) == mails == 1
    kept = await office.letter(letter.id)
    assert (kept.status, kept.attempts, kept.code) == (ACCEPTED, 1, "")


async def test_the_mail_is_the_letter_in_both_its_parts(office: Office) -> None:
    letter = await a_letter(office)
    await sends(office, letter)
    (mail,) = office.mail.accepted
    assert (mail["From"], mail["To"]) == (FROM, "claire@exemple.fr")
    assert mail["Subject"] == letter.subject
    assert mail["Message-ID"] == letter.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == letter.text
    assert html.get_content().replace("\r\n", "\n").strip() == letter.html.strip()


async def test_a_busy_server_is_asked_again_later_with_the_same_message_id(
    office: Office,
) -> None:
    letter = await a_letter(office)
    office.mail.answers = ["451 plus tard"]
    assert await sends(office, letter) == "failed: smtp_451"
    waiting = await office.letter(letter.id)
    assert (waiting.status, waiting.code, waiting.attempts) == (RETRYING, "smtp_451", 1)
    assert await sends(office, letter, attempt=2) == ACCEPTED
    assert [mail["Message-ID"] for mail in office.mail.accepted] == [letter.message_id]
    assert (await office.letter(letter.id)).attempts == 2


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (99, 60)])
async def test_pauses_grow_and_then_stay(office: Office, attempt: int, minutes: int) -> None:
    letter = await a_letter(office)
    office.mail.answers = ["451 plus tard"]
    with pytest.raises(ApplicationError) as failed:
        await office.run(office.letters().send, SendLetter(letter.id), attempt=attempt)
    assert failed.value.next_retry_delay == minutes * MINUTE
    assert not failed.value.non_retryable


async def test_a_refusal_for_good_is_shown_and_never_tried_again(office: Office) -> None:
    letter = await a_letter(office)
    office.mail.answers = ["550 claire@exemple.fr is unknown here"]
    assert await sends(office, letter) == REFUSED
    kept = await office.letter(letter.id)
    assert (kept.status, kept.code, kept.attempts) == (REFUSED, "smtp_550", 1)
    async with office.open_store() as store:
        (line,) = await store.events.of(str(letter.dossier_id))
        assert (line.what, line.detail) == (
            "letter_refused",
            {"letter": letter.id, "code": "smtp_550"},
        )
    rows, asked = await office.everything(), office.mail.asked
    assert await sends(office, letter, attempt=2) == REFUSED
    assert await office.everything() == rows
    assert office.mail.asked == asked == 1


async def test_a_connection_cut_after_the_mail_sends_the_same_mail_again(office: Office) -> None:
    letter = await a_letter(office)
    office.mail.drops = 1
    assert await sends(office, letter) == "failed: smtp_disconnected"
    assert await sends(office, letter, attempt=2) == ACCEPTED
    assert [mail["Message-ID"] for mail in office.mail.accepted] == [letter.message_id] * 2
    first, second = office.mail.accepted
    assert first["Date"] == second["Date"]


async def test_a_server_that_is_not_there_is_tried_again(office: Office) -> None:
    letter = await a_letter(office)
    assert await sends(office, letter, port=free_port()) == "failed: smtp_unreachable"
    assert (await office.letter(letter.id)).status == RETRYING
    assert await sends(office, letter, attempt=2) == ACCEPTED


async def test_a_server_that_answers_too_late_is_tried_again(office: Office) -> None:
    letter = await a_letter(office)
    office.mail.stalls = 1
    failed = await sends(office, letter, timeout_seconds=2)
    assert failed == "failed: smtp_disconnected"
    assert await sends(office, letter, attempt=2) == ACCEPTED
    assert len(office.mail.accepted) == 1


@pytest.mark.parametrize(
    "goes_wrong",
    [
        lambda mail: mail.answers.append("451 claire@exemple.fr: greylisted"),
        lambda mail: setattr(mail, "drops", 1),
    ],
)
async def test_no_failure_names_the_family(
    office: Office, goes_wrong: Callable[[Any], None]
) -> None:
    letter = await a_letter(office)
    goes_wrong(office.mail)
    with pytest.raises(ApplicationError) as failed:
        await office.run(office.letters().send, SendLetter(letter.id))
    assert "claire" not in repr(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.details == ()


async def test_giving_up_is_shown_once(office: Office) -> None:
    letter = await a_letter(office)
    await sends(office, letter, port=free_port())
    give_up = office.letters().give_up
    await office.run(give_up, SendLetter(letter.id))
    rows = await office.everything()
    assert (await office.letter(letter.id)).status == REFUSED
    assert len(rows["events"]) == 1
    await office.run(give_up, SendLetter(letter.id), attempt=2)
    assert await office.everything() == rows


async def test_giving_up_after_all_does_not_touch_a_letter_that_left(office: Office) -> None:
    letter = await a_letter(office)
    await sends(office, letter)
    rows = await office.everything()
    await office.run(office.letters().give_up, SendLetter(letter.id))
    assert await office.everything() == rows


async def test_a_letter_nobody_wrote_stops_nothing(office: Office) -> None:
    for activity in (office.letters().send, office.letters().give_up):
        await office.run(activity, SendLetter("nowhere"))
    assert office.mail.accepted == []


@pytest.mark.parametrize("known", [True, False])
async def test_a_personal_link_is_in_the_mail_and_in_no_table(office: Office, known: bool) -> None:
    async with office.open_store() as store:
        written = await office.writer.access_link(store, "claire@exemple.fr", known=known, at=NOW)
    letter = await office.letter(written)
    assert letter.link_id is not None
    token = token_of(SECRET, letter.link_id)
    assert await sends(office, letter) == ACCEPTED
    (mail,) = office.mail.accepted
    for part in ("plain", "html"):
        body = mail.get_body((part,))
        assert body is not None
        assert f"{SITE}/activation/{token}" in body.get_content()
        assert SECRET_MARK not in body.get_content()
    assert token not in repr(await office.everything())
    async with office.open_store() as store:
        link = await store.accounts.link(token_hash(token))
        assert link is not None
        assert link.expires_at - NOW == timedelta(hours=1)
