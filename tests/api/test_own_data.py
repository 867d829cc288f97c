"""One's own data: seen, taken along as one archive, and asked to be erased."""

import io
import json
import zipfile
from datetime import timedelta

import httpx2

from domain.audit import What
from domain.deadlines import paris_day
from domain.quotient import Quotient, Source
from domain.states import State
from domain.texts import Code
from storage.files import Files, KeptFile
from storage.identities import Identity
from storage.records import new_id
from tests.builders import Someone, a_waiting_letter
from tests.families import a_filled_draft, a_paper, a_sent_dossier
from tests.guardians import is_shared
from tests.living_town import in_one
from tests.site import ADMIN, CLAIRE, GUARDIAN, OTHER_PARENT, Browser, Site

HERE = "/compte/mes-donnees"


def archive(answer: httpx2.Response) -> zipfile.ZipFile:
    """The archive, whole: every checksum is right."""
    assert answer.status_code == 200, answer.text[:300]
    found = zipfile.ZipFile(io.BytesIO(answer.content))
    assert found.testzip() is None
    return found


def facts(found: zipfile.ZipFile) -> dict[str, list[str]]:
    told: dict[str, list[str]] = json.loads(found.read("donnees.json"))
    return told


async def kept(site: Site, content: bytes) -> KeptFile:
    files: Files = site.app.state.house.files
    return await files.keep(in_one(content), limit_bytes=10**8)


async def test_a_person_takes_everything_along_in_one_archive(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.REFUSED, decided_at=site.clock())
    file = await kept(site, b"%PDF-1.7 domicile" * 40_000)
    await a_paper(
        site, dossier, "proof_of_address", id=file.document_id, original_name="=cmd|'/c'!A1.pdf"
    )
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        await a_waiting_letter(
            store,
            "acknowledgement",
            claire.email,
            site.clock(),
            subject="Accusé de réception",
            text="Bonjour, votre dossier est arrivé.",
            dossier_id=dossier.id,
            account_id=claire.id,
        )
    answer = await as_parent.send_form(f"{HERE}/export")
    found = archive(answer)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "private, no-store"
    names = found.namelist()
    assert found.read(next(one for one in names if "justificatif-de-domicile" in one)) == (
        b"%PDF-1.7 domicile" * 40_000
    )
    assert (
        "Bonjour, votre dossier est arrivé." in found.read("courriers/001-2026-11-23.txt").decode()
    )
    assert all(name.isascii() and ".." not in name and "cmd" not in name for name in names)
    text = found.read("donnees.json").decode()
    for words in ("Claire", "12 rue des Lilas", "Léna", dossier.number, "=cmd|'/c'!A1.pdf"):
        assert words in text, words
    assert "Portail Famille de la mairie de Valbourg" in found.read("LISEZMOI.txt").decode()


async def test_the_archive_holds_nothing_of_anybody_else(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site)
    other = {
        "has_other": "yes",
        "first_name": "Canari",
        "last_name": "Canari",
        "phone": "canari",
        "email": "canari@example.org",
        "address": "canari",
    }
    karim = await site.account(OTHER_PARENT)
    async with site.writing() as store:
        await store.dossiers.save_answers(dossier, "autre-parent", other, site.clock())
        procedure = await store.town.procedure(id=dossier.procedure_id)
        theirs = await store.dossiers.open_new(procedure, karim.id, site.clock())
        for section in ("vous", "adresse", "enfant"):
            await store.dossiers.save_answers(
                theirs, section, {"first_name": "Canari"}, site.clock()
            )
        await store.events.add(
            dossier.id,
            "by agent",
            at=site.clock(),
            what="ask_to_complete",
            actor="agent",
            actor_id=karim.id,
            state=State.AWAITING_FAMILY,
        )
    found = archive(await as_parent.send_form(f"{HERE}/export"))
    for name in found.namelist():
        said = found.read(name).decode(errors="replace")
        assert "canari" not in said.lower(), name
        assert "Karim" not in said, name


async def test_whoever_reads_along_takes_only_the_first_name_of_the_child(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    await is_shared(site, dossier, GUARDIAN)
    luc = await site.signed_in(GUARDIAN)
    text = archive(await luc.send_form(f"{HERE}/export")).read("donnees.json").decode()
    assert "Léna" in text
    for words in ("Lilas", "Claire", "Martin", "06 12", dossier.number):
        assert words not in text


async def _gives(site: Site, who: Someone, value: int, name: str) -> None:
    """A quotient, house rules that are accepted, and a FranceConnect that opens the account."""
    account, at = await site.account(who), site.clock()
    async with site.writing() as store:
        quotient = Quotient(new_id(), value, "2026-10", Source.DECLARED, at)
        await store.quotients.give(account.id, quotient, by=account.id)
        [rules] = await store.texts.versions(Code.HOUSE_RULES)
        await store.texts.accept(rules.id, account.id, at)
        await store.identities.link(
            Identity("https://fc.example", name, name, name), account.id, at
        )


async def _has_rules(site: Site) -> None:
    admin = await site.account(ADMIN)
    async with site.writing() as store:
        await store.texts.publish(
            Code.HOUSE_RULES,
            after=0,
            title="Règlement de la cantine",
            body="On ne court pas.",
            effective_from=paris_day(site.clock()),
            by=admin.id,
            at=site.clock(),
        )


async def test_what_each_guardian_gave_and_said_is_in_their_own_archive_alone(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    await is_shared(site, dossier, GUARDIAN)
    await _has_rules(site)
    await _gives(site, CLAIRE, 1111, "CANARI-DE-CLAIRE")
    await _gives(site, GUARDIAN, 2222, "CANARI-DE-LUC")
    luc = await site.signed_in(GUARDIAN)
    page = f"/enfants/{dossier.id}/desaccord"
    await luc.opens(page)
    answer = await luc.send_form(page, act_id="d" * 32, words="Canari de mes mots à moi.")
    assert answer.status_code == 303, answer.text
    theirs = archive(await luc.send_form(f"{HERE}/export")).read("donnees.json").decode()
    mine = archive(await as_parent.send_form(f"{HERE}/export")).read("donnees.json").decode()
    own, others = json.loads(mine), json.loads(theirs)
    assert [one["valeur_en_euros"] for one in own["quotients"]] == [1111]
    assert own["quotients"][0]["mois"] == "2026-10"
    assert own["quotients"][0]["source"] == "déclaré par la famille"
    [said] = others["dit_des_demarches_de_l_autre_parent"]
    assert (said["quoi"], said["vos_mots"]) == ("désaccord", "Canari de mes mots à moi.")
    assert own["dit_des_demarches_de_l_autre_parent"] == []
    for told in (own, others):
        assert told["textes_acceptes"][0]["titre"] == "Règlement de la cantine"
        assert told["france_connect"][0]["relie_le"].startswith("2026-11-23T10:00")
    for words in ("2222", "CANARI-DE-LUC", "Canari de mes mots"):
        assert words not in mine, words
    for words in ("1111", "CANARI-DE-CLAIRE", dossier.number, "Lilas"):
        assert words not in theirs, words


async def test_a_file_that_is_gone_is_named_and_the_rest_is_there(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site)
    await a_paper(site, dossier, "proof_of_address")
    found = archive(await as_parent.send_form(f"{HERE}/export"))
    (gone,) = facts(found)["fichiers_absents"]
    assert "justificatif" in gone
    assert gone not in found.namelist()


async def test_the_archive_is_made_five_times_a_day_at_most_and_each_leaves_a_line(
    site: Site, as_parent: Browser
) -> None:
    for _ in range(5):
        archive(await as_parent.send_form(f"{HERE}/export"))
    assert (await as_parent.send_form(f"{HERE}/export")).headers["location"] == HERE
    assert "cinq fois" in (await as_parent.opens(HERE)).text
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        since = site.clock() - timedelta(days=1)
        lines = await store.audit.count(What.DATA_EXPORTED, actor_id=claire.id, since=since)
    assert lines == 5
    site.clock.waits(timedelta(days=1))
    archive(await (await site.signed_in(CLAIRE)).send_form(f"{HERE}/export"))


async def test_who_signed_in_long_ago_shows_again_who_they_are(
    site: Site, as_parent: Browser
) -> None:
    site.clock.waits(timedelta(minutes=20))
    for act in ("export", "effacement"):
        answer = await as_parent.send_form(f"{HERE}/{act}")
        assert answer.status_code == 403
        assert "application/zip" not in answer.headers["content-type"]
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        assert await store.erasures.waiting_of(claire.id) is None


async def test_asking_to_be_erased_is_acknowledged_once_and_can_be_cancelled(
    site: Site, as_parent: Browser
) -> None:
    for _ in range(2):
        await as_parent.send_form(f"{HERE}/effacement")
    page = await as_parent.opens(HERE)
    assert "au plus tard le mercredi 23 décembre 2026" in page.text
    await site.errands_done()
    assert len(site.gateway.letters) == 1
    async with site.writing() as store:
        letter = await store.letters.find(site.gateway.letters[0])
    assert letter is not None
    assert (letter.kind, letter.to_address) == ("erasure_asked", CLAIRE.email)
    assert paris_day(site.clock()).isoformat() == "2026-11-23"
    for _ in range(2):
        await as_parent.send_form(f"{HERE}/effacement/annuler")
    assert "Demander l’effacement" in (await as_parent.opens(HERE)).text
