"""Mail servers as they are: they put off, refuse, fall silent, are gone. Decisions stand."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from activities.mail_server import MailServer
from api.gateway import Kept
from domain.states import Action, State
from storage.dossiers import Dossier
from storage.letters import ACCEPTED, REFUSED, RETRYING, TO_SEND, Letter
from tests.faults.ledger import Ledger
from tests.living_town import LivingTown, eventually
from tests.mail_talk import DROP, STALL, MailTalk, mail_talk
from tests.town import free_port

SOON = timedelta(seconds=0.2)
A_FEW = 8  # the portal holds 4 at once; the other side notices a little late who hung up
LATER = "451 greylisted, come back later"


@pytest.fixture
async def talk() -> AsyncIterator[MailTalk]:
    async with mail_talk() as talk:
        yield talk


async def writes_to(town: LivingTown, server: MailServer) -> None:
    """From now on the town's letters go to this server."""
    await town.worker_stops()
    town.parts = replace(town.parts, mail=server)
    town.worker_starts()


def at(talk: MailTalk, **more: object) -> MailServer:
    known = MailServer("127.0.0.1", talk.port, timeout_seconds=1, pauses=(SOON,))
    return replace(known, **more)  # type: ignore[arg-type]


async def answer_to(town: LivingTown, dossier: Dossier) -> Letter:
    """The letter that tells the decision."""
    async with town.open_store() as store:
        [letter] = [
            one for one in await store.letters.of_dossier(dossier.id) if one.kind == "approve"
        ]
    return letter


async def has_status(town: LivingTown, dossier: Dossier, status: str) -> None:
    async def is_so() -> bool:
        return (await answer_to(town, dossier)).status == status

    await eventually(is_so, seconds=60, what=f"the letter is {status}")


async def tried(talk: MailTalk, times: int) -> None:
    async def is_so() -> bool:
        return len(talk.commands("RCPT")) >= times

    await eventually(is_so, what=f"the letter was tried {times} times")


@pytest.fixture
async def decided(town: LivingTown, talk: MailTalk) -> Dossier:
    """A dossier that waits for its decision, whose first letters have left."""
    await writes_to(town, at(talk))
    dossier = await town.declared()
    await tried(talk, 1)
    talk.heard.clear()
    talk.raw.clear()
    return dossier


async def approves(town: LivingTown, dossier: Dossier) -> None:
    await town.worker_answers(dossier)
    assert not isinstance(await town.decides(Action.APPROVE, dossier), Kept)
    assert await town.state(dossier) is State.APPROVED


async def test_a_greylisted_letter_is_sent_once_when_it_is_let_in(
    town: LivingTown, talk: MailTalk, decided: Dossier, ledger: Ledger
) -> None:
    talk.script = {"RCPT": [LATER] * 3}
    await approves(town, decided)
    await has_status(town, decided, ACCEPTED)
    assert [mail["Message-ID"] for mail in talk.accepted] == [
        (await answer_to(town, decided)).message_id
    ]
    assert await town.is_over(decided) is State.APPROVED
    ledger.note(
        fault="F6",
        what="greylisting: 451 three times, then 250",
        rounds=1,
        acknowledged=1,
        lost=0,
        doubled=len(talk.raw) - 1,
    )


async def test_a_letter_put_off_is_tried_as_the_plan_says_and_given_up_after_a_day(
    town: LivingTown, talk: MailTalk, decided: Dossier
) -> None:
    await writes_to(town, MailServer("127.0.0.1", talk.port))  # the pauses of a real town
    talk.script = {"RCPT": [LATER] * 100}
    await approves(town, decided)
    await tried(talk, 1)
    begun = await town.skipper.get_current_time(town.handle(decided))

    async def waits_until(minutes: float) -> None:
        so_far = await town.skipper.get_current_time(town.handle(decided)) - begun
        await town.waits(decided, timedelta(minutes=minutes) - so_far)

    for tries, minutes in enumerate((1, 6, 21, 81, 141), start=1):
        await waits_until(minutes - 0.7)
        assert len(talk.commands("RCPT")) == tries
        await waits_until(minutes + 0.7)
        await tried(talk, tries + 1)
        assert (await answer_to(town, decided)).status == RETRYING
    for hours in range(1, 22):
        await waits_until(141.7 + 60 * hours)
    await tried(talk, 27)
    # The try after the 27th would come after a day: there is none.
    assert await town.is_over(decided) is State.APPROVED
    letter = await answer_to(town, decided)
    assert (letter.status, letter.code, letter.accepted_at) == (REFUSED, "smtp_451", None)
    assert len(talk.commands("RCPT")) == 27
    assert talk.raw == []
    async with town.open_store() as store:
        assert letter.id in [one.id for one in await store.letters.refused_for_good()]


@pytest.mark.parametrize(
    ("stage", "words"), [("RCPT", "550 nobody of that name"), (".", "554 spam")]
)
async def test_a_refused_letter_is_tried_once_and_waits_for_somebody(
    town: LivingTown, talk: MailTalk, decided: Dossier, stage: str, words: str
) -> None:
    talk.script = {stage: [words]}
    await approves(town, decided)
    assert await town.is_over(decided) is State.APPROVED  # the dossier waits for no letter
    letter = await answer_to(town, decided)
    assert (letter.status, letter.code, letter.attempts) == (REFUSED, f"smtp_{words[:3]}", 1)
    assert len(talk.commands("RCPT")) == 1
    assert "letter_refused" in await town.timeline(decided)
    async with town.open_store() as store:
        again = await store.letters.again(
            letter.id, "claire@exemple.org", host="v.example", at=letter.created_at
        )
    await town.gateway.send_letter(again)

    async def is_sent() -> bool:
        async with town.open_store() as store:
            sent = await store.letters.find(again)
        return sent is not None and sent.status == ACCEPTED

    await eventually(is_sent)
    sent_to = [mail["To"] for mail in talk.accepted]
    assert sent_to.count("claire@exemple.org") == 1
    async with town.open_store() as store:
        assert await store.letters.refused_for_good() == []


@pytest.mark.parametrize("trouble", [STALL, DROP])
async def test_a_server_silent_after_the_mail_gets_a_few_copies_of_one_mail(
    town: LivingTown, talk: MailTalk, decided: Dossier, trouble: str, ledger: Ledger
) -> None:
    talk.script = {".": [trouble] * 3}
    await approves(town, decided)
    await has_status(town, decided, ACCEPTED)
    assert len(talk.raw) == 4
    assert len(set(talk.raw)) == 1
    assert await town.is_over(decided) is State.APPROVED
    ledger.note(
        fault="F7",
        what=f"{trouble} after the whole mail, three times (copies: same Message-ID and text)",
        rounds=4,
        acknowledged=1,
        lost=0,
        doubled=len(set(talk.raw)) - 1,
    )


async def test_a_server_that_is_gone_costs_time_and_no_decision(
    town: LivingTown, decided: Dossier, ledger: Ledger
) -> None:
    gone = free_port()
    await writes_to(town, MailServer("127.0.0.1", gone, pauses=(SOON,)))
    await approves(town, decided)
    await has_status(town, decided, RETRYING)
    assert (await answer_to(town, decided)).code == "smtp_unreachable"
    async with mail_talk(MailTalk(port=gone)) as back:
        await has_status(town, decided, ACCEPTED)
        assert len(back.raw) == 1
    assert await town.is_over(decided) is State.APPROVED
    ledger.note(
        fault="F8",
        what="mail server gone, then back",
        rounds=1,
        acknowledged=1,
        lost=0,
        doubled=0,
    )


async def test_a_server_whose_name_is_unknown_is_told_to_the_admin_and_asked_again(
    town: LivingTown, talk: MailTalk, decided: Dossier
) -> None:
    await writes_to(town, MailServer("mail.valbourg.invalid", 25, pauses=(SOON,)))
    await approves(town, decided)
    await has_status(town, decided, RETRYING)
    async with town.open_store() as store:
        [incident] = await store.supervision.open_incidents()
    assert (incident.code, incident.dossier_id) == ("smtp_unknown_host", decided.id)
    await writes_to(town, at(talk))
    await has_status(town, decided, ACCEPTED)


async def test_a_silent_mail_server_holds_up_no_decision(
    town: LivingTown, talk: MailTalk, ledger: Ledger
) -> None:
    await writes_to(town, at(talk, timeout_seconds=10))
    talk.script = {"hello": [STALL] * 500}
    dossiers = await asyncio.gather(*(town.declared() for _ in range(12)))
    outcomes = await asyncio.gather(*(town.decides(Action.APPROVE, one) for one in dossiers))
    assert not any(isinstance(one, Kept) for one in outcomes)
    assert 0 < talk.most_at_once <= A_FEW
    ledger.note(
        fault="F7",
        what="mail server silent at every connection while agents decide",
        rounds=len(dossiers),
        acknowledged=len(outcomes),
        lost=0,
        doubled=0,
    )


async def sends_many(town: LivingTown, talk: MailTalk, count: int) -> None:
    """So many letters waiting at once; returns when the last one was taken."""
    async with town.open_store() as store:
        letters = [
            await store.letters.add(
                key=f"many:{number}",
                kind="withdraw",
                n=1,
                to_address=f"famille{number}@exemple.fr",
                subject=f"Lettre {number}",
                text="Bonjour",
                html="<p>Bonjour</p>",
                host="v.example",
                at=datetime.now(UTC),  # noqa: TID251  people live in real time
            )
            for number in range(count)
        ]
    for one in letters:  # asked all at once, some would wait for the reconciler
        await town.gateway.send_letter(one)

    async def all_sent() -> bool:
        async with town.open_store() as store:
            counts = await store.letters.counts()
        return counts.get(ACCEPTED, 0) == count and not counts.get(TO_SEND, 0)

    await eventually(all_sent, seconds=count * talk.seconds_each + 60, what="all letters left")
    assert 1 < talk.most_at_once <= A_FEW
    assert len({mail["To"] for mail in talk.accepted}) == len(talk.raw) == count


async def test_many_letters_for_a_slow_server_leave_a_few_at_a_time(
    town: LivingTown, talk: MailTalk
) -> None:
    talk.seconds_each = 0.05
    await writes_to(town, at(talk, timeout_seconds=10))
    await sends_many(town, talk, 60)


@pytest.mark.fault
async def test_two_hundred_letters_for_a_server_that_takes_one_a_second_all_leave_once(
    town: LivingTown, talk: MailTalk, ledger: Ledger
) -> None:
    talk.seconds_each = 1
    await writes_to(town, at(talk, timeout_seconds=10))
    await sends_many(town, talk, 200)
    ledger.note(
        fault="F6",
        what="200 letters for a server that takes one a second",
        rounds=200,
        acknowledged=200,
        lost=200 - len({mail["To"] for mail in talk.accepted}),
        doubled=len(talk.raw) - 200,
    )
