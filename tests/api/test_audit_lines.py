"""What admins and the owners of tokens do leaves its line, once, with who and from where."""

from domain.audit import WORDS, What
from domain.scopes import Scope
from storage.journal import Entry, Search
from storage.records import new_id
from tests.api.test_admin_letters import a_letter
from tests.site import ADMIN, CLAIRE, Browser, Site

REASON = "Adresse corrigée par téléphone"


async def lines(site: Site, what: What) -> list[Entry]:
    async with site.writing() as store:
        return list(await store.journal.page(Search(what=what), limit=50))


def test_every_kind_of_line_has_its_words() -> None:
    assert set(WORDS) == set(What)
    for what, words in WORDS.items():
        assert words[:1].islower(), what
        assert len(what) <= 40
        assert not set("'(") & set(words), words


async def test_a_token_given_and_taken_back_leaves_two_lines_without_its_secret(
    site: Site, as_parent: Browser
) -> None:
    token = new_id()
    grant = {"name": "mon logiciel", "scopes": Scope.READ_DOSSIERS.value, "days": "30"}
    for _ in range(2):
        answer = await as_parent.send_form("/compte/acces", act_id=token, **grant)
    assert answer.status_code == 303
    for _ in range(2):
        await as_parent.send_form(f"/compte/acces/{token}/revoquer")
    claire = (await site.account(CLAIRE)).id
    (given,), (back,) = [
        await lines(site, one) for one in (What.TOKEN_GIVEN, What.TOKEN_TAKEN_BACK)
    ]
    for one in (given, back):
        assert (one.actor_id, one.subject, one.place) == (claire, claire, "127.0.0.1")
        assert one.detail["token"] == token
    assert given.detail["scopes"] == Scope.READ_DOSSIERS.value


async def test_a_system_let_in_and_shut_out_leaves_its_lines(site: Site, as_admin: Browser) -> None:
    form = {
        "name": "cantine",
        "scopes": Scope.READ_DOSSIERS.value,
        "days": "30",
        "department": "scolaire",
    }
    await as_admin.send_form("/admin/acces", act_id=new_id(), **form)
    async with site.writing() as store:
        (system,) = await store.accounts.systems()
    for _ in range(2):
        await as_admin.send_form(f"/admin/acces/systemes/{system.id}/fermer")
    admin = (await site.account(ADMIN)).id
    for what in (What.SYSTEM_LET_IN, What.TOKEN_GIVEN, What.TOKEN_TAKEN_BACK, What.SYSTEM_SHUT_OUT):
        (line,) = await lines(site, what)
        assert (line.actor_id, line.subject, line.place) == (admin, system.id, "127.0.0.1"), what


async def test_a_letter_sent_again_to_a_corrected_address_leaves_its_lines_once(
    site: Site, as_admin: Browser
) -> None:
    letter = await a_letter(site)
    form = {"act_id": new_id(), "email": "claire.martin@example.org", "reason": REASON}
    for _ in range(2):
        await as_admin.send_form(f"/admin/mails/{letter}/renvoi", **form)
    for what in (What.LETTER_SENT_AGAIN, What.ADDRESS_CORRECTED):
        (line,) = await lines(site, what)
        assert (line.subject, line.place) == (letter, "127.0.0.1")
        assert line.dossier_id
        assert REASON not in str(line)
