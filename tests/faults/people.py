"""Families and agents of a town that is being broken: they use its pages, and insist.

Whoever gets no answer, or an apology, sends the same form again, as people do. What a page told
them is kept is noted on their own side (`Told`), to be held against what the town kept.
"""

import asyncio
import hashlib
import html
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import httpx2

from domain.states import State
from tests.typed import PAGES, START, YOU

T = TypeVar("T")
INSISTS_FOR = 90.0
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
_FORM = re.compile(r'<form[^>]*action="([^"]*)".*?</form>', re.DOTALL)
_SEE_OTHER, _WRONG, _SORRY = 303, 400, 500


class Away(Exception):  # noqa: N818
    """No answer, or a page that says sorry: to be tried again."""


@dataclass
class Told:
    """What one family and its agents were told is kept, about one dossier."""

    email: str
    dossier_id: str = ""
    saved: list[str] = field(default_factory=list)
    given: set[tuple[str, str]] = field(default_factory=set)
    taken_away: set[tuple[str, str]] = field(default_factory=set)
    declared: list[str] = field(default_factory=list)
    submitted: bool = False
    asked: int = 0
    answered: int = 0
    decided: State | None = None

    @property
    def acknowledged(self) -> int:
        """How many times somebody read that something is kept."""
        lists = (self.saved, self.given, self.taken_away, self.declared)
        single = (self.dossier_id, self.submitted, self.decided)
        return sum(map(len, lists)) + sum(map(bool, single)) + self.asked + self.answered


class Person:
    """Somebody signed in by this session, who does not give up."""

    def __init__(self, base_url: str, session: str) -> None:
        self._browser = httpx2.AsyncClient(
            base_url=base_url,
            headers={"Origin": base_url, "Sec-Fetch-Site": "same-origin"},
            cookies={"session": session},
            timeout=10,
        )

    async def leaves(self) -> None:
        await self._browser.aclose()

    async def opens(self, path: str) -> str:
        """The text of a page, however often it must be asked for."""
        return await insist(lambda: self.opens_once(path), f"open {path}")

    async def opens_once(self, path: str) -> str:
        answer = await self._asks("GET", path)
        assert answer.status_code < _WRONG, f"{path} answered {answer.status_code}"
        return answer.text

    async def sends(self, page: str, path: str, **typed: str) -> str:
        """Send the form of a page that leads to `path`, the same until it is taken.

        Gives where it leads. A form that is too old (409) raises `Away`: the page must be read
        again.
        """
        fields = {**fields_of(page, path), **typed}
        return await insist(lambda: self.sends_once(path, fields), f"send {path}")

    async def sends_once(self, path: str, fields: Mapping[str, str]) -> str:
        answer = await self._asks("POST", path, data=dict(fields))
        assert answer.status_code == _SEE_OTHER, (
            f"{path} answered {answer.status_code}: {_said(answer.text)}"
        )
        return answer.headers["Location"]

    async def uploads(self, path: str, csrf: str, name: str, content: bytes) -> None:
        """Give one file as the page's script does, the same until the card of the piece comes."""

        async def once() -> None:
            file = {"files": (name, content, "application/pdf")}
            answer = await self._asks(
                "POST", path, data={"csrf": csrf}, files=file, headers={"X-Fragment": "1"}
            )
            assert answer.is_success, f"{path} answered {answer.status_code}: {_said(answer.text)}"

        await insist(once, f"upload to {path}")

    async def _asks(self, method: str, path: str, **more: object) -> httpx2.Response:
        try:
            answer = await self._browser.request(method, path, **more)  # type: ignore[arg-type]
        except httpx2.TransportError as error:
            raise Away(type(error).__name__) from error
        if answer.status_code >= _SORRY:
            raise Away(str(answer.status_code))
        return answer


class Family(Person):
    """A parent with one dossier."""

    def __init__(self, base_url: str, session: str, email: str) -> None:
        super().__init__(base_url, session)
        self.told = Told(email)

    @property
    def place(self) -> str:
        return f"/dossiers/{self.told.dossier_id}"

    async def begins(self) -> None:
        """Open a dossier and fill in every page of it."""
        leads_to = await self.sends(await self.opens(START), START, **YOU)
        self.told.dossier_id = leads_to.split("/")[2]
        self.told.saved.append("vous")
        for code, typed in PAGES.items():
            path = f"{self.place}/{code}"
            await self.sends(await self.opens(path), path, **typed)
            self.told.saved.append(code)

    async def gives(self, piece: str, *contents: bytes) -> tuple[str, str]:
        """Give files for a piece, one by one, from the same page; what tells the last apart."""
        path, given = f"{self.place}/documents/{piece}", ("", "")
        csrf = fields_of(await self.opens(f"{self.place}/documents"), path)["csrf"]
        for content in contents:
            given = (piece, hashlib.sha256(content).hexdigest())
            await self.uploads(path, csrf, _name(given), content)
            self.told.given.add(given)
        return given

    async def takes_away(self, given: tuple[str, str]) -> None:
        """Take away this file, and not another that stands for the piece as well."""
        path = f"{self.place}/documents/{given[0]}/retirer"
        page = await self.opens(f"{self.place}/documents")
        fields = fields_of(page, path, about=_name(given))
        await insist(lambda: self.sends_once(path, fields), f"take away from {path}")
        self.told.given.discard(given)
        self.told.taken_away.add(given)

    async def declares(self, piece: str) -> None:
        path = f"{self.place}/documents/{piece}/attestation"
        await self.sends(await self.opens(path), path, declared="yes")
        self.told.declared.append(piece)

    async def submits(self) -> None:
        path = f"{self.place}/verifier"
        await self.sends(await self.opens(path), path)
        self.told.submitted = True

    async def answers(self) -> None:
        """Answer what the town asked for, once the page offers it."""
        path = f"{self.place}/repondre"
        page = await self.finds(self.place, path)
        await self.sends(page, path)
        self.told.answered += 1

    async def finds(self, path: str, action: str) -> str:
        """The page, once it has a form that leads to `action`."""
        return await _page_with(self, path, action)


class Agent(Person):
    """An agent of the schools' department."""

    async def approves(self, told: Told) -> None:
        path = self._desk(told)
        page = await _page_with(self, path, f"{path}/valider")
        await self.sends(page, f"{path}/valider")
        told.decided = State.APPROVED

    async def refuses(self, told: Told) -> None:
        path = self._desk(told)
        await _page_with(self, path, f"{path}/valider")
        page = await self.opens(f"{path}/refuser")
        fields = fields_of(page, f"{path}/refuser/verifier")
        fields |= {"reason": "not_resident", "words": "La famille habite une autre commune."}
        await insist(lambda: self.sends_once(f"{path}/refuser", fields), "refuse")
        told.decided = State.REFUSED

    async def asks(self, told: Told, piece: str) -> None:
        """Ask for a piece again."""
        path = self._desk(told)
        page = await _page_with(self, path, f"{path}/complement")
        typed = {f"reason-{piece}": "unreadable", "deadline": "30", "message": "Merci."}
        await self.sends(page, f"{path}/complement", **typed)
        told.asked += 1

    @staticmethod
    def _desk(told: Told) -> str:
        return f"/agent/dossiers/{told.dossier_id}"


async def insist(
    attempt: Callable[[], Awaitable[T]], what: str, *, seconds: float = INSISTS_FOR
) -> T:
    """Try until it is taken; fail after so many seconds."""
    clock = asyncio.get_running_loop().time
    limit = clock() + seconds
    while True:
        try:
            return await attempt()
        except Away as away:
            if clock() > limit:
                raise AssertionError(f"{seconds:g} s in vain: {what} ({away})") from away
        await asyncio.sleep(0.2)


async def _page_with(person: Person, path: str, action: str) -> str:
    async def once() -> str:
        page = await person.opens_once(path)
        if f'action="{html.escape(action)}"' not in page:
            raise Away(f"not yet: {_said(page)}")
        return page

    return await insist(once, f"find {action}")


def _name(given: tuple[str, str]) -> str:
    """How a file is called: each its own way."""
    return f"{given[1][:16]}.pdf"


def fields_of(page: str, action: str, *, about: str = "") -> dict[str, str]:
    """The hidden fields of the form of this page that leads to `action` and names `about`."""
    for form in _FORM.finditer(page):
        if html.unescape(form.group(1)) == action and about in form.group(0):
            found = _HIDDEN.findall(form.group(0))
            return {name: html.unescape(value) for name, value in found}
    raise AssertionError(f"no form leads to {action}: {_said(page)}")


def _said(page: str) -> str:
    """The words of a page, for the person who reads a failed test."""
    main = page.partition("<main")[2] or page
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))[:600]
