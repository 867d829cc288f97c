"""Who has no mail address gets letters on paper, and none that only a screen could serve."""

from dataclasses import replace

import pytest

from domain.life import Alarm
from domain.messages import Notice, SendLetter
from domain.paper import paper_address
from domain.states import Action, State
from storage.dossiers import Dossier
from storage.letters import PRINTED, TO_PRINT, TO_SEND
from tests.builders import Someone, a_dossier, an_account
from tests.letters import STATES, the_letter
from tests.letters import a_dossier as in_its_state
from tests.office import NOW, SITE, Office

OF_DRAFTS = {"abandon", "draft_reminder", "draft_warning"}


@pytest.fixture
async def jeanne(office: Office) -> Office:
    """The office, in which Claire's place is taken by somebody without mail."""
    async with office.open_store() as store:
        someone = Someone(paper_address("a" * 32), name="Jeanne Lopez")
        account = await an_account(store, someone, NOW)
    return replace(office, claire=account)


@pytest.mark.parametrize("kind", sorted(set(STATES) - OF_DRAFTS))
async def test_a_letter_on_paper_leads_to_the_desk_and_to_no_screen(
    jeanne: Office, kind: str
) -> None:
    letter = await the_letter(jeanne, await in_its_state(jeanne, kind), kind)
    assert (letter.status, letter.to_address) == (TO_PRINT, "")
    assert SITE not in letter.text + letter.html
    assert "portail" not in letter.text.lower()
    assert "sans-mail" not in letter.text + letter.html
    assert "avec ce courrier" in letter.text


async def test_a_letter_on_paper_is_never_mailed(jeanne: Office) -> None:
    letter = await the_letter(jeanne, await in_its_state(jeanne, "approve"), "approve")
    for _ in range(2):
        assert await jeanne.run(jeanne.letters().send, SendLetter(letter.id)) == TO_PRINT
    await jeanne.run(jeanne.letters().give_up, SendLetter(letter.id))
    assert jeanne.mail.accepted == []
    assert (await jeanne.letter(letter.id)).status == TO_PRINT


@pytest.mark.parametrize("alarm", [Alarm.DRAFT_REMINDER, Alarm.DRAFT_WARNING])
async def test_nobody_is_reminded_on_paper_of_a_draft(jeanne: Office, alarm: Alarm) -> None:
    dossier = await _draft(jeanne)
    for _ in range(2):
        message = Notice(dossier.id, alarm, 1, NOW)
        assert await jeanne.run(jeanne.dossiers.remind, message) == ()
    async with jeanne.open_store() as store:
        assert await store.letters.of_dossier(dossier.id) == []
        assert (await store.dossiers.find(dossier.id)).draft_notices == 1


async def test_a_draft_that_is_dropped_at_the_desk_writes_to_nobody(jeanne: Office) -> None:
    dossier = await _draft(jeanne)
    recorded = await jeanne.records(Action.WITHDRAW, dossier)
    assert (recorded.state, recorded.letters) == (State.WITHDRAWN, ())


async def test_what_waits_to_be_printed_is_printed_once_or_mailed(jeanne: Office) -> None:
    dossier = await in_its_state(jeanne, "approve")
    first = await the_letter(jeanne, dossier, "approve")
    second = await the_letter(jeanne, dossier, "approve")
    async with jeanne.open_store() as store:
        assert await store.paper_letters.note_printed(first.id, NOW)
        assert not await store.paper_letters.note_printed(first.id, NOW)
        mailed = await store.paper_letters.mail_instead(jeanne.claire.id, "jeanne@exemple.fr")
        assert mailed == [second.id]
        assert await store.paper_letters.mail_instead(jeanne.claire.id, "jeanne@exemple.fr") == []
    assert (await jeanne.letter(first.id)).status == PRINTED
    later = await jeanne.letter(second.id)
    assert (later.status, later.to_address) == (TO_SEND, "jeanne@exemple.fr")


async def _draft(office: Office) -> Dossier:
    async with office.open_store() as store:
        return await a_dossier(store, office.claire, NOW)
