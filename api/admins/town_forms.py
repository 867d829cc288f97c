"""The town's forms in PDF, each with a text or a procedure, for families to fill in."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.rules import Admin
from api.access.sessions import guest_of
from api.audit import line_of
from api.bodies import body_up_to
from api.dependencies import (
    CheckedForm,
    FilesDep,
    HouseDep,
    Now,
    PagesDep,
    Reading,
    SettingsDep,
    Tell,
    Writing,
)
from api.document_files import town_form
from api.forms import check_origin, check_token, read_form
from api.multipart import Part, parts_of
from api.pages import Pages
from api.uploads import after, first_bytes
from domain.audit import What
from domain.documents import MediaType, accepts, clean_name, outgrows, sniff
from domain.errors import NotFound
from domain.remarks import sentence
from domain.texts import NAMES, Code
from settings import Settings
from storage.files import Files, KeptFile, TooLarge
from storage.records import is_id
from storage.store import Store
from storage.town_forms import TownForm

router = APIRouter(prefix="/formulaires")

_HERE = "/admin/formulaires"
_ROOM_FOR_FIELDS = 64 * 1024
_MOST_BYTES = 20 * 1024 * 1024
"""Of the whole sending; what a PDF may have is a setting, and less."""
_NO_FILE, _NO_PLACE = "Choisissez un fichier PDF.", "Choisissez ce que le formulaire accompagne."
_NOT_A_PDF = "Ce fichier n’est pas un PDF. Choisissez le formulaire au format PDF."
_TEXT, _PROCEDURE = "texte", "demarche"


@dataclass(frozen=True)
class _Sent:
    """What came: where the form goes, the file if it was kept, or why it was not."""

    place: str
    name: str = ""
    kept: KeptFile | None = None
    problem: str = _NO_FILE


@dataclass(frozen=True)
class _Place:
    """What a form goes with, as `TownForm` names it."""

    text_code: str | None = None
    procedure_id: str | None = None


@router.get("")
async def show(_: Admin, request: Request, store: Reading, pages: PagesDep) -> Response:
    """The forms that are there, and how to attach one."""
    return await _page(request, store, pages)


@router.post("", dependencies=[body_up_to(lambda _: _MOST_BYTES + _ROOM_FOR_FIELDS)])
async def attach(
    visitor: Admin,
    request: Request,
    house: HouseDep,
    files: FilesDep,
    settings: SettingsDep,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Keep a form and give it its place; the one that was there is taken away."""
    check_origin(request)
    sent = await _received(request, files, settings)
    async with house.reading() as store:
        place = _place(sent.place, [one.id for one in await store.town.procedures()])
        errors = {"goes_with": _NO_PLACE} if place is None else {}
        if sent.kept is None:
            errors["file"] = sent.problem
        if errors:
            values = {"goes_with": sent.place}
            answer = await _page(request, store, pages, values=values, errors=errors)
    if place is None or sent.kept is None:
        if sent.kept is not None:
            await files.remove(sent.kept.document_id)
        return answer
    async with house.writing() as store:
        form = TownForm(
            id=sent.kept.document_id,
            name=sent.name,
            size_bytes=sent.kept.size_bytes,
            sha256=sent.kept.sha256,
            given_by=visitor.account.id,
            given_at=at,
            text_code=place.text_code,
            procedure_id=place.procedure_id,
        )
        await store.town_forms.add(form)
        await store.audit.add(line_of(request, What.FORM_ATTACHED, subject=form.id))
    await tell("success", "Le formulaire est joint. Les familles peuvent le télécharger.")
    return RedirectResponse(_HERE, 303)


@router.get("/{form_id}")
async def send_form(_: Admin, form_id: str, store: Reading, files: FilesDep) -> Response:
    """The form, as families download it."""
    return await town_form(store, files, form_id)


@router.post("/{form_id}/retirer")
async def take_away(
    request: Request, _: Admin, form_id: str, form: CheckedForm, writing: Writing, at: Now
) -> Response:
    """Families download it no more; what they sent stays. Twice: once."""
    del form
    async with writing() as store:
        if not is_id(form_id):
            raise NotFound
        if await store.town_forms.remove(form_id, at):
            await store.audit.add(line_of(request, What.FORM_TAKEN_AWAY, subject=form_id))
    return RedirectResponse(_HERE, 303)


async def _received(request: Request, files: Files, settings: Settings) -> _Sent:
    """Read the sending; the token, which comes first, is looked at before anything is kept."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await read_form(request)
        check_token(guest_of(request), form.get("csrf", ""))
        return _Sent(form.get("goes_with", ""))
    is_checked, place, sent = False, "", _Sent("")
    async with aclosing(parts_of(request)) as parts:
        async for part in parts:
            if part.name == "csrf":
                check_token(guest_of(request), await part.text())
                is_checked = True
            elif part.name == "goes_with" and part.file_name is None:
                place = await part.text()
            elif part.name == "file" and part.file_name and is_checked:
                sent = await _kept(part, part.file_name, files, settings)
    if not is_checked:
        check_token(guest_of(request), "")
    return _Sent(place, sent.name, sent.kept, sent.problem)


async def _kept(part: Part, file_name: str, files: Files, settings: Settings) -> _Sent:
    async with aclosing(part.chunks()) as chunks:
        first = await first_bytes(chunks)
        name, limits = clean_name(file_name), settings.limits
        refusal = accepts(first, file_name)
        if sniff(first) is not MediaType.PDF or refusal is not None:
            return _Sent("", name, problem=_NOT_A_PDF)
        try:
            kept = await files.keep(after(first, chunks), limit_bytes=limits.pdf_bytes)
        except TooLarge:
            too_large = outgrows(limits.pdf_bytes + 1, MediaType.PDF, limits)
            return _Sent("", name, problem=sentence(too_large) if too_large else "")
    return _Sent("", name, kept)


def _place(chosen: str, procedures: Sequence[str]) -> _Place | None:
    """What the form goes with; None when there is no such thing."""
    kind, _, name = chosen.partition(":")
    if kind == _TEXT and name in set(Code):
        return _Place(text_code=name)
    return _Place(procedure_id=name) if kind == _PROCEDURE and name in procedures else None


async def _page(
    request: Request,
    store: Store,
    pages: Pages,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    procedures = await store.town.procedures()
    names = {f"{_TEXT}:{code.value}": NAMES[code] for code in Code}
    names |= {f"{_PROCEDURE}:{one.id}": one.title for one in procedures}
    return pages.ask(
        request,
        "admins/town_forms.html",
        errors=errors,
        values=values or {},
        places=list(names.items()),
        forms=[
            {"form": one, "goes_with": names.get(_place_of(one), "Une ancienne démarche")}
            for one in await store.town_forms.all()
        ],
    )


def _place_of(form: TownForm) -> str:
    return f"{_TEXT}:{form.text_code}" if form.text_code else f"{_PROCEDURE}:{form.procedure_id}"
