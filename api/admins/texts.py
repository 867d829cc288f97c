"""The town's texts: versions, a look before publishing, and the day from which one counts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.kept_forms import typed_before
from api.access.rules import Admin
from api.audit import line_of
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import version_seen
from api.forms import Form
from api.pages import Pages
from domain import french
from domain.audit import What
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.questions import as_day
from domain.texts import NAMES, TO_ACCEPT, Code, blocks_of, problems_of, tidy
from storage.store import Store
from storage.texts import Text

router = APIRouter(prefix="/textes")

_HERE = "/admin/textes"
_NEWER = "Une autre version a été publiée entre-temps : elle est ci-dessous."


@router.get("")
async def show(_: Admin, request: Request, store: Reading, pages: PagesDep, at: Now) -> Response:
    """Each kind of text with its versions, and how many people accepted each."""
    every, people = await store.texts.versions(), await store.texts.count_accepted()
    in_force = {one.id for one in await store.texts.all_in_force(paris_day(at))}
    return pages.render(
        request,
        "admins/texts.html",
        kinds=[
            {
                "code": code.value,
                "name": NAMES[code],
                "is_accepted": code in TO_ACCEPT,
                "versions": [
                    _row(one, people.get(one.id, 0), in_force, paris_day(at))
                    for one in every
                    if one.code == code
                ],
            }
            for code in Code
        ],
    )


@router.get("/{code}/nouvelle")
async def write(
    _: Admin, code: Code, request: Request, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """The form of a new version, which begins with the words of the last one."""
    last = await _last(store, code)
    values: Mapping[str, str] = typed_before(request, f"{_HERE}/{code.value}/nouvelle") or {
        "title": last.title if last else NAMES[code],
        "body": last.body if last else "",
        "effective_from": f"{paris_day(at):%d/%m/%Y}",
        "version": str(last.version if last else 0),
    }
    return _form(request, pages, code, values)


@router.post("/{code}/nouvelle")
async def publish(
    visitor: Admin,
    code: Code,
    request: Request,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Show the version as families will read it, or (`then` is "publish") publish it.

    Twice: once. What somebody else published meanwhile is shown beside what was typed (409).
    """
    typed = _tidied(form)
    day = as_day(typed["effective_from"])
    errors = problems_of(typed["title"], typed["body"], day, today=paris_day(at))
    if errors or day is None or form.get("then") == "edit":
        shown = errors if form.get("then") != "edit" else {}
        return _form(request, pages, code, typed, errors=shown)
    if form.get("then") != "publish":
        return _preview(request, pages, code, typed, day)
    async with writing() as unit:
        text = await unit.texts.publish(
            code,
            after=version_seen(typed),
            title=typed["title"],
            body=typed["body"],
            effective_from=day,
            by=visitor.account.id,
            at=at,
        )
        if text is not None:
            await unit.audit.add(
                line_of(request, What.TEXT_PUBLISHED, subject=text.id, on=day.isoformat())
            )
    if text is None:
        last = await _last(store, code)
        if last is None or not _is_same(last, typed, day):
            return _form(request, pages, code, typed, last=last)
    await tell("success", f"Publié. Ce texte compte à partir du {french.day(day)}.")
    return RedirectResponse(_HERE, 303)


@router.get("/{code}/{version}")
async def read(
    _: Admin,
    code: Code,
    version: int,
    request: Request,
    store: Reading,
    pages: PagesDep,
) -> Response:
    """One version, as families read it."""
    found = [one for one in await store.texts.versions(code) if one.version == version]
    if not found:
        raise NotFound
    text = found[0]
    return pages.render(
        request, "admins/text.html", text=text, name=NAMES[code], blocks=blocks_of(text.body)
    )


def _row(text: Text, people: int, in_force: set[str], today: date) -> Mapping[str, Any]:
    state = ("neutral", "–", "Ancienne")
    if text.id in in_force:
        state = ("ok", "✓", "En vigueur")
    elif text.effective_from > today:
        state = ("waiting", "…", "À venir")
    return {
        "title": text.title,
        "version": text.version,
        "href": f"{_HERE}/{text.code}/{text.version}",
        "since": text.effective_from,
        "state": state,
        "people": people,
    }


def _tidied(form: Form) -> dict[str, str]:
    return {
        "title": " ".join(form.get("title", "").split()),
        "body": tidy(form.get("body", "")),
        "effective_from": form.get("effective_from", "").strip(),
        "version": form.get("version", ""),
    }


def _is_same(text: Text, typed: Mapping[str, str], day: date) -> bool:
    """Whether this is what was typed: the same form came twice."""
    same_words = (text.title, text.body) == (typed["title"], typed["body"])
    return same_words and text.effective_from == day and str(text.version - 1) == typed["version"]


async def _last(store: Store, code: Code) -> Text | None:
    return next(iter(await store.texts.versions(code)), None)


def _form(
    request: Request,
    pages: Pages,
    code: Code,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    last: Text | None = None,
) -> Response:
    """The form; `last` is a version that somebody else published meanwhile."""
    return pages.render(
        request,
        "admins/text_form.html",
        status_code=409 if last else 422 if errors else 200,
        here=f"{_HERE}/{code.value}/nouvelle",
        name=NAMES[code],
        values=values,
        version=str(last.version) if last else values.get("version", ""),
        errors=errors or {},
        last=last,
        last_blocks=blocks_of(last.body) if last else (),
        newer=_NEWER,
    )


def _preview(
    request: Request, pages: Pages, code: Code, typed: Mapping[str, str], day: date
) -> Response:
    return pages.render(
        request,
        "admins/text_preview.html",
        here=f"{_HERE}/{code.value}/nouvelle",
        typed=typed,
        day=day,
        blocks=blocks_of(typed["body"]),
    )
