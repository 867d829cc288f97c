"""What a form does not ask for cannot be set by it: not a role, not an owner, not a state.

Every form that families, agents and admins find on a page of the site is sent twice, in two equal
towns: as it is, and with every column of the database added to it. Both towns end up the same.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from api.app import description
from settings import Settings
from storage.tables import accounts, dossiers, metadata
from tests.api.actors import claires_dossier, doors, insider
from tests.databases import Databases
from tests.programs import a_program
from tests.site import CLAIRE, NURSERY_AGENT, OTHER_PARENT, Site, running_site

PIRATE = "pirate"
_ID = re.compile(r"[0-9a-f]{32}")
_TABLES = "accounts access_links sessions api_tokens dossiers answers documents families guardians"
COLUMNS = sorted(
    {column.name for one in _TABLES.split() for column in metadata.tables[one].columns}
)
_GUARDED = ("email", "role", "name", "title", "password_hash", "disabled_at", "is_example")
_WAYS_OUT = ("/deconnexion", "/connexion/france-connect")
Facts = dict[str, list[str]]


@dataclass
class Found:
    """A form of a page, with what it holds before anybody types."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page that send something, filled in with something plausible."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Found] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_sent = given.get("method", "").lower() == "post"
            self.found.append(Found(given.get("action", "") if is_sent else ""))
        name = given.get("name", "")
        if tag in {"input", "textarea", "select"} and name and self.found:
            kind = given.get("type", tag)
            typed = {"email": "nina@example.org", "date": "2020-01-01", "tel": "0102030405"}
            if kind != "radio" or name not in self.found[-1].fields:
                self.found[-1].fields[name] = given.get("value") or typed.get(kind, "Une réponse")
            self._select = name if tag == "select" else ""
        if tag == "option" and self._select and given.get("value"):
            self.found[-1].fields[self._select] = given["value"]
            self._select = ""


def hostile(name: str, other_id: str) -> str:
    """What somebody would like this column to hold."""
    wished = {"role": "admin", "state": "approved", "department": "creche", "email": "p@x.example"}
    if name.endswith("_id") or name == "id":
        return other_id
    if name.endswith("_at"):
        return "2020-01-01T00:00:00+00:00"
    return wished.get(name, "1" if name.startswith(("is_", "has_")) else PIRATE)


async def sends_every_form(site: Site, role: str, extra: Mapping[str, str]) -> dict[str, int]:
    """Send the forms of all the pages of this role; gives what was answered where."""
    dossier_id, sent = await claires_dossier(site), dict[str, int]()
    for door in [one for one in doors(site) if (one.method, one.role) == ("GET", role)]:
        for n in range(len(await _forms(site, role, door.address(dossier_id)))):
            browser = await insider(site, role)
            page = Forms()
            page.feed((await browser.opens(door.address(dossier_id))).text)
            if n >= len(page.found):
                continue
            form = page.found[n]
            place = _ID.sub("…", urlsplit(form.action).path)
            if not form.action or form.action.startswith(_WAYS_OUT) or place in sent:
                continue
            more = {name: value for name, value in extra.items() if name not in form.fields}
            answer = await browser.post(form.action, data={**more, **form.fields})
            assert answer.status_code < 500, f"{form.action} → {answer.status_code}"
            assert answer.status_code != 403, f"{form.action} → {answer.status_code}"
            sent[place] = answer.status_code
    return sent


async def _forms(site: Site, role: str, address: str) -> list[Found]:
    page = Forms()
    page.feed((await (await insider(site, role)).get(address)).text)
    return page.found


async def facts(site: Site) -> Facts:
    """What no form may change by the way, without the ids, which differ from town to town."""
    async with site.writing() as store:
        people = select(*(accounts.c[name] for name in _GUARDED))
        owned = select(
            dossiers.c.state, dossiers.c.department, dossiers.c.kind, accounts.c.email
        ).join(accounts, accounts.c.id == dossiers.c.account_id)
        found = {
            name: sorted(_ID.sub("…", str(row)) for row in await store.connection.execute(query))
            for name, query in (("people", people), ("dossiers", owned))
        }
        given = await store.connection.execute(select(accounts.c.email, accounts.c.duties))
        found["duties"] = sorted(
            f"{_ID.sub('…', email)}: {[(one.department, sorted(one.fields)) for one in duties]}"
            for email, duties in given
        )
        return found


async def _town(
    folder: Path, sql_url: str, role: str, *, is_hostile: bool
) -> tuple[dict[str, int], Facts, str]:
    async with running_site(Settings(home=folder), sql_url) as site:
        other = await site.account(OTHER_PARENT)
        await site.account(NURSERY_AGENT)
        extra = {name: hostile(name, other.id) for name in COLUMNS} if is_hostile else {}
        sent = await sends_every_form(site, role, extra)
        return sent, await facts(site), str(await site.everything_kept())


@pytest.mark.parametrize(
    ("role", "at_least"), [("", 1), ("any", 2), ("parent", 5), ("agent", 5), ("admin", 4)]
)
async def test_no_form_sets_what_it_does_not_ask_for(
    tmp_path: Path, databases: Databases, role: str, at_least: int
) -> None:
    seen = []
    for is_hostile in (False, True):
        folder = tmp_path / str(is_hostile)
        folder.mkdir()
        with databases.empty(folder) as sql_url:
            seen.append(await _town(folder, sql_url, role, is_hostile=is_hostile))
    (plain_forms, plain, _), (forms, after, everything) = seen
    assert forms == plain_forms
    assert len(forms) >= at_least, forms
    assert after == plain
    assert PIRATE not in everything


async def test_the_first_access_of_a_family_is_that_of_a_family(site: Site) -> None:
    other, browser = await site.account(OTHER_PARENT), site.browser()
    await browser.opens("/connexion")
    await browser.send_form("/connexion", email="nina@example.org")
    (token,) = await site.mailed_links()
    await browser.opens(f"/activation/{token}")
    extra = {name: hostile(name, other.id) for name in COLUMNS}
    answer = await browser.send_form(f"/activation/{token}", **{**extra, "without": "1"})
    assert answer.status_code == 303
    async with site.writing() as store:
        nina = await store.accounts.by_email("nina@example.org")
        assert await store.accounts.by_email(extra["email"]) is None
    assert nina is not None
    assert (nina.role, nina.name, nina.duties, nina.password_hash) == ("parent", "", (), None)
    assert not nina.is_example
    assert nina.disabled_at is None


def _bodies() -> Iterator[tuple[str, str]]:
    for path, ways in description()["paths"].items():
        for method, way in ways.items():
            if "application/json" in way.get("requestBody", {}).get("content", {}):
                yield method.upper(), path


def test_no_body_of_the_facade_takes_a_field_that_it_does_not_know() -> None:
    shapes = description()["components"]["schemas"]
    bodies = list(_bodies())
    assert len(bodies) > 3
    for method, path in bodies:
        way = description()["paths"][path][method.lower()]
        shape = way["requestBody"]["content"]["application/json"]["schema"]
        name = shape["$ref"].rpartition("/")[2]
        assert shapes[name].get("additionalProperties") is False, f"{method} {path}: {name}"


async def test_no_column_can_be_set_by_opening_a_dossier(site: Site) -> None:
    program = await a_program(site, CLAIRE)
    other = await site.account(OTHER_PARENT)
    before = await facts(site)
    for column in COLUMNS:
        body = {"procedure": "inscription-scolaire", column: hostile(column, other.id)}
        answer = await program.acts("/dossiers", body)
        assert answer.status_code == 422, column
    assert await facts(site) == before
