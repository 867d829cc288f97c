"""Lists of families known before the portal: looked at first, then taken by whoever says so."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.confirming import Confirmed
from api.access.rules import Admin
from api.access.sessions import guest_of
from api.admins.family_work import work_through
from api.bodies import body_up_to
from api.csv_files import csv_answer
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import act_id_of
from api.forms import check_origin, check_token, read_form
from api.multipart import parts_of
from api.pages import Pages
from domain.documents import clean_name
from domain.errors import NotFound
from domain.family_report import HEADS, sentences, template_rows
from domain.family_sheet import MOST_BYTES, FileRefused, read_sheet
from domain.french import ago
from storage.family_files import (
    APPLIED,
    APPLYING,
    AT_WORK,
    CHECKED,
    CHECKING,
    FamilyFile,
)
from storage.records import is_id, new_id
from storage.store import Store

router = APIRouter(prefix="/familles")

_ROOM_FOR_FIELDS = 64 * 1024
_SHOWN = 200
_NO_FILE = "Choisissez un fichier."
_HERE = "/admin/familles"


@router.get("")
async def show(_: Admin, request: Request, store: Reading, pages: PagesDep, at: Now) -> Response:
    """Say how to give a list, and show those of the last day."""
    return await _page(request, store, pages, at)


@router.get("/modele.csv")
async def template(_: Admin) -> Response:
    """Send the template: the headings, and one example."""
    heads, example = template_rows()
    return csv_answer("modele-familles", heads, [example])


@router.post("", dependencies=[body_up_to(lambda _: MOST_BYTES + _ROOM_FOR_FIELDS)])
async def give(
    visitor: Admin,
    request: Request,
    house: HouseDep,
    writing: Writing,
    pages: PagesDep,
    at: Now,
) -> Response:
    """Take a file and look at it: nothing of it is written before somebody says so."""
    check_origin(request)
    content, name = await _received(request)
    file_id = new_id()
    error, lines = ("", 0) if name else (_NO_FILE, 0)
    try:
        lines = sum(1 for _ in read_sheet(content).rows()) if name else 0
    except FileRefused as refused:
        error = str(refused)
    if error:
        async with house.reading() as store:
            return await _page(request, store, pages, at, error=error)
    async with writing() as store:
        await store.family_files.forget_old(at)
        await store.family_files.add(
            file_id, content, clean_name(name), lines, by=visitor.account.id, at=at
        )
        file = await _file(store, file_id)
    house.after_the_answer(work_through(house, file, apply=False))
    return RedirectResponse(f"{_HERE}/listes/{file_id}", 303)


@router.get("/listes/{file_id}")
async def look(
    _: Admin, file_id: str, request: Request, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """Show how far it has come, then the report, line by line."""
    file = await _file(store, file_id)
    rows = [] if file.stage in AT_WORK else await store.family_files.report(file_id)
    told = [row for row in rows if row[2]]
    is_done = file.stage in (APPLYING, APPLIED)
    return pages.render(
        request,
        "admins/family_list.html",
        file=file,
        here=f"{_HERE}/listes/{file_id}",
        counts=sentences(file.counts, is_done=is_done),
        rows=told[:_SHOWN],
        more=max(0, len(told) - _SHOWN),
        is_at_work=file.stage in AT_WORK,
        is_left_alone=file.is_left_alone(at),
        has_something=bool(file.counts.get("made") or file.counts.get("changed")),
        act_id=act_id_of({}),
    )


@router.get("/listes/{file_id}/compte-rendu.csv")
async def report(_: Admin, file_id: str, store: Reading) -> Response:
    """Send the whole report."""
    await _file(store, file_id)
    return csv_answer("compte-rendu-familles", HEADS, await store.family_files.report(file_id))


@router.post("/listes/{file_id}/importer")
async def take(
    _admin: Admin,
    file_id: str,
    form: CheckedForm,
    _: Confirmed,
    house: HouseDep,
    writing: Writing,
    at: Now,
) -> Response:
    """Take the list for real. Twice: once."""
    del form
    async with writing() as store:
        file = await _file(store, file_id)
        is_ours = await store.family_files.move(file_id, [CHECKED], APPLYING, at)
    if is_ours:
        house.after_the_answer(work_through(house, file, apply=True))
    return RedirectResponse(f"{_HERE}/listes/{file_id}", 303)


@router.post("/listes/{file_id}/reprendre")
async def go_on(
    _admin: Admin, file_id: str, form: CheckedForm, house: HouseDep, writing: Writing, at: Now
) -> Response:
    """Go on with what was left half-way; what was taken is known, and is not made twice."""
    del form
    async with writing() as store:
        file = await _file(store, file_id)
        is_ours = file.is_left_alone(at)
        is_ours = is_ours and await store.family_files.move(file_id, [file.stage], file.stage, at)
    if is_ours:
        house.after_the_answer(work_through(house, file, apply=file.stage == APPLYING))
    return RedirectResponse(f"{_HERE}/listes/{file_id}", 303)


@router.post("/listes/{file_id}/oublier")
async def forget(
    _admin: Admin, file_id: str, form: CheckedForm, writing: Writing, tell: Tell
) -> Response:
    """Erase the list and its report. What was taken stays."""
    del form
    async with writing() as store:
        await _file(store, file_id)
        await store.family_files.forget(file_id)
    await tell("success", "La liste et son compte rendu sont effacés.")
    return RedirectResponse(_HERE, 303)


async def _received(request: Request) -> tuple[bytes, str]:
    """The file and its name; the token, which comes first, is looked at before anything is read."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        check_token(guest_of(request), (await read_form(request)).get("csrf", ""))
        return b"", ""
    is_checked, content, name = False, b"", ""
    async for part in parts_of(request):
        if part.name == "csrf":
            check_token(guest_of(request), await part.text())
            is_checked = True
        elif part.name == "file" and part.file_name and is_checked:
            name = part.file_name
            async for chunk in part.chunks():
                if len(content) <= MOST_BYTES:
                    content += chunk
    if not is_checked:
        check_token(guest_of(request), "")
    return content, name


async def _file(store: Store, file_id: str) -> FamilyFile:
    file = await store.family_files.find(file_id) if is_id(file_id) else None
    if file is None:
        raise NotFound
    return file


_STAGES = {
    CHECKING: "À l’essai",
    CHECKED: "Essayée, pas encore importée",
    APPLYING: "Import en cours",
    APPLIED: "Importée",
}


async def _page(
    request: Request, store: Store, pages: Pages, at: datetime, *, error: str = ""
) -> Response:
    return pages.render(
        request,
        "admins/family_lists.html",
        status_code=422 if error else 200,
        files=[
            {
                "href": f"{_HERE}/listes/{one.id}",
                "name": one.name,
                "stage": _STAGES.get(one.stage, "Non lue jusqu’au bout"),
                "when": ago(at, one.given_at),
            }
            for one in await store.family_files.all()
        ],
        errors={"file": error} if error else {},
    )
