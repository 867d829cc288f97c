"""The journal: who did what, when, to which dossier and from where; and its export."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.access.confirming import Confirmed
from api.access.rules import Admin
from api.admins.journal_search import FIELDS, KINDS, Wanted, after_of, read_wanted, search_of
from api.audit import line_of
from api.csv_files import csv_answer
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Writing
from api.journal_words import Told, told
from api.pages import Pages
from domain.audit import What
from domain.deadlines import PARIS
from storage.journal import Entry, Search
from storage.store import Store

router = APIRouter(prefix="/journal")

PER_PAGE = 30
MOST_EXPORTED = 20_000
_AT_ONCE = 2_000
_HEADS = (
    "Date", "Heure", "Qui", "Rôle", "Identifiant", "Quoi", "À qui, ou au nom de", "Dossier",
    "Détail", "Adresse réseau",
)  # fmt: skip


@router.get("")
async def show(
    _: Admin, request: Request, store: Reading, pages: PagesDep, apres: str = ""
) -> HTMLResponse:
    """Show the lines that match, the newest first."""
    wanted = read_wanted(request.query_params)
    return await _page(request, pages, store, wanted, after=after_of(apres))


@router.post("/export")
async def export(
    _admin: Admin,
    request: Request,
    form: CheckedForm,
    _: Confirmed,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Send the lines that match as one CSV file, and write down that they left. Twice: two lines.

    More than 20,000 lines are not sent at all, rather than in part.
    """
    wanted = read_wanted({name: form.get(name, "") for name in FIELDS})
    if wanted.errors:
        return await _page(request, pages, store, wanted)
    search = await search_of(store, wanted)
    count = await store.journal.count(search, most=MOST_EXPORTED + 1)
    if count > MOST_EXPORTED:
        errors = {"du": "Plus de 20 000 lignes : choisissez des dates plus proches."}
        return await _page(request, pages, store, Wanted(wanted.typed, errors))
    lines = await _all(store, search)
    async with writing() as unit:
        await unit.audit.add(
            line_of(
                request,
                What.JOURNAL_EXPORTED,
                dossier_id=search.dossier_id,
                subject=_only(search.people),
                lines=str(len(lines)),
                **_narrowed(wanted),
            )
        )
    name = f"journal-{now:%Y-%m-%d}"
    return csv_answer(name, _HEADS, [_cells(one) for one in lines])


def _narrowed(wanted: Wanted) -> dict[str, str]:
    """What the export was narrowed to, without anything that was typed as words."""
    return {name: text for name, text in wanted.typed.items() if name in {"acte", "du", "au"}}


def _only(people: frozenset[str] | None) -> str:
    """The one person the export is about; empty when it is about several, or everybody."""
    return next(iter(people)) if people and len(people) == 1 else ""


async def _all(store: Store, search: Search) -> Sequence[Told]:
    lines: list[Told] = []
    last: Entry | None = None
    while True:
        found = await store.journal.page(search, before=last, limit=_AT_ONCE)
        lines += await told(store, found)
        if len(found) < _AT_ONCE:
            return lines
        last = found[-1]


def _cells(one: Told) -> Sequence[str]:
    day, hour = _in_columns(one.at)
    return (
        day, hour, one.who, one.role, one.who_id, one.what, one.whom, one.number, one.detail,
        one.place,
    )  # fmt: skip


def _in_columns(at: datetime) -> tuple[str, str]:
    local = at.astimezone(PARIS)
    return f"{local:%d/%m/%Y}", f"{local:%H:%M:%S}"


async def _page(
    request: Request,
    pages: Pages,
    store: Store,
    wanted: Wanted,
    *,
    after: Entry | None = None,
) -> HTMLResponse:
    found: Sequence[Entry] = ()
    if not wanted.errors:
        search = await search_of(store, wanted)
        found = await store.journal.page(search, before=after, limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    return pages.render(
        request,
        "admins/journal.html",
        status_code=422 if wanted.errors else 200,
        values=wanted.typed,
        errors=wanted.errors,
        kinds=KINDS,
        rows=await told(store, shown),
        newest=wanted.href() if after else "",
        older=wanted.href(shown[-1]) if len(found) > PER_PAGE else "",
        is_narrowed=bool(wanted.typed),
    )
