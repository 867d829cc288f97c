"""The town's texts for families: to read, to accept version by version, and its forms in PDF."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.rules import Parent
from api.audit import line_of
from api.dependencies import CheckedForm, FilesDep, Now, PagesDep, Reading, Tell, Writing
from api.document_files import town_form
from api.pages import Pages
from domain import french
from domain.audit import What
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.texts import NAMES, TO_ACCEPT, Code, blocks_of
from storage.records import is_id
from storage.store import Store
from storage.texts import Acceptance, Text

router = APIRouter(prefix="/reglements")

_HERE = "/reglements"
_TICK = "Cochez la case pour accepter ce texte."
_NEWER = "Ce texte a changé entre-temps. Voici celui qui compte aujourd’hui."


@router.get("")
async def show_all(
    request: Request, visitor: Parent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """Every text that counts today, whether it was accepted, and the town's forms."""
    today, every = paris_day(at), await store.texts.versions()
    accepted = {one.text_id: one for one in await store.texts.accepted_by(visitor.account.id)}
    waiting = {one.id for one in await store.texts.to_accept(visitor.account.id, today)}
    forms = await store.town_forms.all()
    return pages.render(
        request,
        "parents/texts.html",
        texts=[
            {
                "text": one,
                "kind": NAMES[Code(one.code)],
                "href": f"{_HERE}/{one.id}",
                "waits": one.id in waiting,
                "accepted": _accepted_on(accepted.get(one.id)),
                "next": next((n for n in every if _is_next(n, one)), None),
                "forms": [form for form in forms if form.text_code == one.code],
            }
            for one in await store.texts.all_in_force(today)
        ],
        forms=[one for one in forms if one.procedure_id],
    )


@router.get("/{text_id}")
async def show(
    request: Request, text_id: str, visitor: Parent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """One version, today's or an older one, and the way to accept it."""
    text = await _text(store, text_id)
    return await _page(request, store, pages, text, visitor.account.id, at)


@router.post("/{text_id}")
async def accept(
    request: Request,
    text_id: str,
    visitor: Parent,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Accept the version that was read. Twice: the first time counts.

    One that counts no more is not accepted: today's is shown in its place.
    """
    text = await _text(store, text_id)
    today = await store.texts.in_force(Code(text.code), paris_day(at))
    if today is not None and today.id != text.id:
        await tell("attention", _NEWER)
        return RedirectResponse(f"{_HERE}/{today.id}", 303)
    if today is None or text.code not in TO_ACCEPT:
        raise NotFound
    if not form.get("accepted"):
        errors = {"accepted": _TICK}
        return await _page(request, store, pages, text, visitor.account.id, at, errors=errors)
    async with writing() as unit:
        if await unit.texts.accept(text.id, visitor.account.id, at):
            await unit.audit.add(line_of(request, What.TEXT_ACCEPTED, subject=text.id))
    await tell("success", f"C’est noté : vous acceptez « {text.title} ».")
    return RedirectResponse(_HERE, 303)


@router.get("/formulaires/{form_id}")
async def send_form(_: Parent, form_id: str, store: Reading, files: FilesDep) -> Response:
    """A form of the town, to keep and fill in."""
    return await town_form(store, files, form_id)


async def _text(store: Store, text_id: str) -> Text:
    """The version of that id; NotFound when there is none."""
    text = await store.texts.find(text_id) if is_id(text_id) else None
    if text is None:
        raise NotFound
    return text


async def _page(
    request: Request,
    store: Store,
    pages: Pages,
    text: Text,
    account_id: str,
    at: datetime,
    *,
    errors: Mapping[str, str] | None = None,
) -> Response:
    today = await store.texts.in_force(Code(text.code), paris_day(at))
    accepted = await store.texts.accepted_by(account_id)
    mine = next((one for one in accepted if one.text_id == text.id), None)
    is_todays = today is not None and today.id == text.id
    return pages.ask(
        request,
        "parents/text.html",
        errors=errors,
        text=text,
        blocks=blocks_of(text.body),
        today=today,
        is_todays=is_todays,
        accepted=_accepted_on(mine),
        may_accept=is_todays and mine is None and text.code in TO_ACCEPT,
        forms=[one for one in await store.town_forms.all() if one.text_code == text.code],
    )


def _accepted_on(acceptance: Acceptance | None) -> str:
    return french.day(acceptance.at) if acceptance else ""


def _is_next(one: Text, current: Text) -> bool:
    """Published for a day to come."""
    is_same = one.code == current.code and one.version > current.version
    return is_same and one.effective_from > current.effective_from
