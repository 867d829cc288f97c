"""The journal as admins read it, search it and take it away; every formula in it stays a text."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from api.csv_files import csv_text
from domain.audit import What
from domain.states import Actor, State
from storage.audit import Line
from storage.journal import Search
from storage.tables import audit_log
from tests.builders import Someone, a_dossier
from tests.questions import counted
from tests.site import ADMIN, AGENT, CLAIRE, Browser, Site

FORMULAS = [
    "=1+1", "=cmd|' /C calc'!A0", "+33 1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
    "＝1+1", "＋1", "－1", "＠A1", '=HYPERLINK("http://evil.example")',
]  # fmt: skip


async def writes(site: Site, *lines: Line) -> None:
    async with site.writing() as store:
        for line in lines:
            await store.audit.add(line)


async def a_week(site: Site) -> str:
    """Lines of several people and days about one dossier; gives its number."""
    claire, nadia = await site.account(CLAIRE), await site.account(AGENT)
    at = site.clock()
    async with site.writing() as store:
        dossier = await a_dossier(store, claire, at, state=State.UNDER_REVIEW)
        await store.events.add(
            dossier.id, "act:1", at=at, what="submit", actor=Actor.PARENT, actor_id=claire.id,
            state=State.UNDER_REVIEW,
        )  # fmt: skip
    await writes(
        site,
        Line(at - timedelta(days=3), What.SIGNED_IN, claire.id, place="192.0.2.7"),
        Line(
            at,
            What.DOCUMENT_OPENED,
            nadia.id,
            dossier_id=dossier.id,
            subject="d" * 32,
            detail={"how": "original", "piece": "proof_of_address"},
        ),
        Line(at, What.SIGN_IN_FAILED, place="203.0.113.9"),
        Line(at, What.SIGNED_OUT, "e" * 32),
    )
    return dossier.number


async def test_an_admin_reads_who_did_what_with_todays_names(site: Site, as_admin: Browser) -> None:
    number = await a_week(site)
    page = (await as_admin.get("/admin/journal")).text
    for words in (
        "Nadia Petit a ouvert un document",
        "fichier téléchargé",
        "Claire Martin a ouvert une session",
        "Claire Martin : Dossier envoyé par la famille",
        "Personne inconnue n’a pas pu ouvrir de session",
        "Compte effacé a fermé sa session",
        "192.0.2.7",
        number,
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("query", "found", "left_out"),
    [
        ("q=nadia", "a ouvert un document", "a ouvert une session"),
        ("q=claire@example", "Dossier envoyé", "a ouvert un document"),
        ("q=inconnu", "Aucune ligne", "a ouvert une session"),
        ("dossier={number}", "a ouvert un document", "a ouvert une session"),
        ("dossier=2020-000000", "Aucune ligne", "a ouvert une session"),
        ("acte=signed_in", "a ouvert une session", "a ouvert un document"),
        ("acte=dossiers", "Dossier envoyé", "a ouvert un document"),
        ("lieu=192.0.2.7", "a ouvert une session", "Dossier envoyé"),
        ("du=22/11/2026", "a ouvert un document", "a ouvert une session"),
        ("au=22/11/2026", "a ouvert une session", "a ouvert un document"),
    ],
)
async def test_a_search_narrows_the_journal(
    site: Site, as_admin: Browser, query: str, found: str, left_out: str
) -> None:
    number = await a_week(site)
    answer = await as_admin.get(f"/admin/journal?{query.format(number=number)}")
    table = answer.text.partition("</form>")[2]
    assert answer.status_code == 200
    assert found in table
    assert left_out not in table


@pytest.mark.parametrize(
    "query",
    ["du=hier", "du=40/13/2026", "au=31/12/9999", "lieu=ici", "du=22/11/2026&au=20/11/2026"],
)
async def test_what_is_wrong_in_a_search_is_explained_and_kept(
    as_admin: Browser, query: str
) -> None:
    answer = await as_admin.get(f"/admin/journal?{query}")
    assert answer.status_code == 422
    assert query.partition("=")[2].partition("&")[0] in answer.text


@pytest.mark.parametrize("odd", ["apres=x", "apres=2026-11-22T10:00~y", "acte=rien", "q=%25'--"])
async def test_an_odd_address_of_the_journal_is_no_failure(as_admin: Browser, odd: str) -> None:
    assert (await as_admin.get(f"/admin/journal?{odd}")).status_code == 200


async def test_the_journal_goes_on_page_after_page_without_losing_a_line(
    site: Site, as_admin: Browser
) -> None:
    admin, at = await site.account(ADMIN), site.clock()
    await writes(
        site,
        *(
            # Two by two at the same instant: the order must not hang on the moment alone.
            Line(at - timedelta(minutes=n // 2), What.SIGNED_IN, admin.id, place=f"10.0.0.{n}")
            for n in range(120)
        ),
    )
    address, seen = "/admin/journal?acte=signed_in", []
    while address:
        page = (await as_admin.get(address)).text
        seen += [part.partition("<")[0] for part in page.split("<div>10.0.0.")[1:]]
        older = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        address = older.replace("&amp;", "&") if 'rel="next"' in page else ""
    assert sorted(map(int, seen)) == list(range(120))


async def test_the_journal_asks_few_questions(site: Site, as_admin: Browser) -> None:
    await a_week(site)
    await as_admin.get("/admin/journal")
    with counted() as asked:
        await as_admin.get("/admin/journal?q=nadia&dossier=2026-000001")
    assert len(asked) <= 10, asked


async def test_the_export_holds_the_search_and_is_itself_a_line(
    site: Site, as_admin: Browser
) -> None:
    number = await a_week(site)
    answer = await as_admin.send_form("/admin/journal/export", q="nadia", du="1/11/2026")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    heads, *rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    (row,) = [dict(zip(heads, one, strict=True)) for one in rows]
    assert (row["Date"], row["Heure"], row["Qui"]) == ("23/11/2026", "10:00:00", "Nadia Petit")
    assert (row["Quoi"], row["Dossier"]) == ("a ouvert un document", number)
    async with site.writing() as store:
        (line,) = await store.journal.page(Search(what=What.JOURNAL_EXPORTED), limit=9)
    assert line.actor_id == (await site.account(ADMIN)).id
    assert line.detail == {"lines": "1", "du": "1/11/2026"}
    assert "nadia" not in str(line)


async def test_an_export_that_is_too_long_is_not_sent_in_part(
    site: Site, as_admin: Browser
) -> None:
    rows = [{"id": f"{n:032x}", "at": site.clock(), "what": "signed_in"} for n in range(20_001)]
    async with site.writing() as store:
        await store.connection.execute(insert(audit_log), rows)
    answer = await as_admin.send_form("/admin/journal/export")
    assert answer.status_code == 422
    assert "choisissez des dates plus proches" in answer.text


@pytest.mark.parametrize("text", FORMULAS)
async def test_a_formula_in_a_name_leaves_as_text(site: Site, as_admin: Browser, text: str) -> None:
    odd = await site.account(replace(CLAIRE, email="odd@example.org", name=text))
    await writes(site, Line(site.clock(), What.SIGNED_IN, odd.id))
    answer = await as_admin.send_form("/admin/journal/export", acte="signed_in")
    cells = [
        cell
        for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
        for cell in row
    ]
    assert f"'{text}" in cells
    assert not [cell for cell in cells if cell[:1] in {*"=+-@\t\r\n＝＋－＠"} and cell]


def test_every_cell_is_quoted_and_read_back_as_it_was() -> None:
    rows = [['dit "oui"; puis non', "deux\nlignes", ""], ["Léna", "œuvre", "1"]]
    text = csv_text(["a", "b", "c"], rows)
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:] == rows
    assert all(line.startswith('"') for line in text.splitlines() if line != 'lignes";""')


@pytest.mark.parametrize("who", [CLAIRE, AGENT])
async def test_the_journal_exists_for_admins_only(site: Site, who: Someone) -> None:
    browser = await site.signed_in(who)
    assert (await browser.get("/admin/journal")).status_code == 404
    assert (await browser.send_form("/admin/journal/export")).status_code == 404
