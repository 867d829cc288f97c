"""Nothing that somebody typed becomes a header of a mail, nor one more address it goes to."""

from dataclasses import replace

import pytest

from activities.letters import LetterActivities
from domain.messages import SendLetter
from domain.states import State
from storage.letters import REFUSED
from tests.letters import a_dossier, the_letter
from tests.office import FROM, NOW, Office

HEADERS = {
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Date",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
}
ENDS_OF_LINES = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029")
HIDDEN = ("\0", "\x1b[2J", "\u202e", "=?utf-8?q?=0D=0ABcc:_x=40evil.example?=", "%0d%0a", "\\r\\n")
TRICKS = [f"Zoé{sign}Bcc: x@evil.example" for sign in (*ENDS_OF_LINES, *HIDDEN)]


async def _leaves(office: Office, letter_id: str) -> None:
    """Send it; what left, if anything did, has our own headers and one address."""
    activities: LetterActivities = office.letters()
    letter, before = await office.letter(letter_id), len(office.mail.accepted)
    assert await office.run(activities.send, SendLetter(letter_id)) != REFUSED
    (mail,) = office.mail.accepted[before:]
    assert set(mail.keys()) == HEADERS
    assert len(mail.keys()) == len(HEADERS)
    assert (mail["From"], mail["To"]) == (FROM, letter.to_address)
    assert len(mail["To"].addresses) == 1
    assert "\n" not in str(mail["Subject"])
    assert "\r" not in str(mail["Subject"])
    assert office.mail.asked == len(office.mail.accepted)


@pytest.mark.parametrize("trick", TRICKS, ids=ascii)
async def test_the_name_of_a_child_is_never_a_header(office: Office, trick: str) -> None:
    for kind in ("acknowledgement", "approve", "refuse"):
        dossier = await a_dossier(office, kind, name=trick)
        letter = await the_letter(office, dossier, kind)
        await _leaves(office, letter.id)


@pytest.mark.parametrize("trick", TRICKS, ids=ascii)
async def test_the_words_of_a_person_or_of_the_town_are_never_headers(
    office: Office, trick: str
) -> None:
    async with office.open_store() as store:
        card = await store.town.card()
        await store.town.set_card(replace(card, name=trick))
        await store.accounts.set_name(office.sophie.id, trick)
    dossier = await office.dossier(State.APPROVED)
    await _leaves(office, (await office.letter_about(dossier, "withdraw")).id)
    async with office.open_store() as store:
        link = await office.writer.access_link(store, "nina@example.org", known=True, at=NOW)
        invited = await office.writer.access_link(
            store,
            "nina@example.org",
            known=False,
            at=NOW,
            kind="invitation",
            name=trick,
            by=trick,
            role="agent",
        )
    await _leaves(office, link)
    await _leaves(office, invited)
