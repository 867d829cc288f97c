"""The way of a draft: which pages are filled, which comes next, what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from api.pieces import Piece
from domain.errors import NotFound
from domain.french import plural
from domain.kinds.catalogue import RULES
from domain.kinds.rules import Rules
from domain.questions import Answers, Lists, Section, read, unfinished
from storage.dossiers import Dossier
from storage.store import Store

DOCUMENTS, VERIFY = "documents", "verifier"


@dataclass(frozen=True)
class Task:
    """One row of the task list. `status` is a code of the macro `task_list`."""

    label: str
    href: str
    status: str
    detail: str = ""


@dataclass(frozen=True)
class Journey:
    """The answers of one dossier, seen as a way to go."""

    dossier: Dossier
    rules: Rules
    answers: Answers
    lists: Lists
    today: date

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The pages that these answers bring, in their order."""
        return self.rules.sections_for(self.answers)

    @property
    def pages(self) -> tuple[Section, ...]:
        """Those of them that have an address of their own."""
        return tuple(one for one in self.sections if not one.with_sending)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The codes of the pages still to be filled, in their order."""
        return unfinished(self.pages, self.answers, self.lists, today=self.today)

    def section(self, code: str) -> Section:
        """The page of questions of that code; NotFound when there is none (any more)."""
        found = next((one for one in self.pages if one.code == code), None)
        if found is None:
            raise NotFound
        return found

    def address(self, place: str = "") -> str:
        """The address of a page of this dossier."""
        return f"/dossiers/{self.dossier.id}/{place}".rstrip("/")

    def next_after(self, code: str) -> str:
        """Where to go once this page is right: the next page to fill, or the documents."""
        codes = [section.code for section in self.pages]
        left = self.unfinished
        behind = codes[: codes.index(code)] if code in codes else []
        ahead = [one for one in left if one not in behind and one != code]
        return self.address((ahead or [one for one in left if one != code] or [DOCUMENTS])[0])

    def step(self, code: str) -> tuple[int, int]:
        """The place of this page on the way, and how many there are: documents and recap count.

        What starts filled in is looked at on one page, which is the first.
        """
        codes = [*self._way, DOCUMENTS, VERIFY]
        return (codes.index(code) + 1 if code in codes else 1), len(codes)

    @property
    def _way(self) -> Sequence[str]:
        return [""] if self.rules.starts_filled else [section.code for section in self.pages]

    def before(self, code: str) -> str:
        """The address of the page before this one; the dossier itself before the first."""
        codes = [*self._way, DOCUMENTS, VERIFY]
        place = codes.index(code) if code in codes else 0
        return self.address(codes[place - 1] if place else "")

    def tasks(self, pieces: Sequence[Piece]) -> Sequence[Task]:
        """The task list of a draft, the sending last."""
        return [
            *(self._page_task(section) for section in self.pages),
            Task("Les documents", self.address(DOCUMENTS), *_documents_status(pieces)),
            Task("Envoyer le dossier", self.address(VERIFY), "not_sent"),
        ]

    def _page_task(self, section: Section) -> Task:
        code = section.code
        if code not in self.answers:
            return Task(section.title, self.address(code), "todo")
        _, problems = read(section, self.answers[code], self.lists, today=self.today)
        if not problems:
            return Task(section.title, self.address(code), "done")
        is_empty = not any(self.answers[code].values())
        detail = "" if is_empty else plural(len(problems), "réponse à compléter ou à corriger",
                                            "réponses à compléter ou à corriger")  # fmt: skip
        return Task(section.title, self.address(code), "todo" if is_empty else "error", detail)


def _documents_status(pieces: Sequence[Piece]) -> tuple[str, str]:
    missing = sum(one.is_missing for one in pieces)
    wanted = [one for one in pieces if one.is_mandatory]
    if any(one.verdict == "refused" for one in pieces):
        return "error", "Un document n’a pas pu être lu : ajoutez-en un autre."
    if not missing:
        return "done", ""
    given = len(wanted) - missing
    return "todo", f"{given} sur {plural(len(wanted), 'document demandé', 'documents demandés')}"


async def journey_of(
    store: Store, dossier: Dossier, today: date, answers: Answers | None = None
) -> Journey:
    """Read a dossier's answers, unless they are given, and the lists they are chosen from."""
    if answers is None:
        answers = await store.dossiers.answers(dossier.id)
    return Journey(dossier, RULES[dossier.kind], answers, await store.town.lists(), today)
