"""The quotient familial: the one that counts today, giving another one, and those given before.

Only the family that gives it sees it, with the town: not the other guardian of a shared child, nor
an agent at the desk who has no dossier of the family.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.kept_forms import typed_before
from api.access.rules import Parent, Visitor
from api.audit import line_of
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import act_id_of
from api.house import house_of
from api.known_family import may_know
from api.pages import Pages
from api.parents.question_page import blocks_of
from api.parents.typed import typed_on
from api.quotient_words import ZERO, month_words, rows_of
from domain import french
from domain.audit import What
from domain.deadlines import paris_day
from domain.questions import Values, read
from domain.quotient import (
    NONE_COUNTS,
    PAGE,
    Quotient,
    Source,
    latest_month,
    month_problem,
    read_month,
    read_value,
)
from storage.store import Store

router = APIRouter()

_HERE = "/quotient"
_PIECE = "quotient_familial"
_NOTED = "Votre quotient est noté."


@router.get(_HERE)
async def show(
    request: Request, visitor: Parent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """What counts today and until when, and the form to give another one."""
    before = typed_before(request, _HERE)
    typed = {**typed_on(PAGE, before), "document": before.get("document", "")} if before else {}
    act_id = act_id_of(before)
    return await _page(request, visitor, store, pages, at=at, typed=typed, act_id=act_id)


@router.post(_HERE)
async def give(
    request: Request,
    visitor: Parent,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Declare a quotient. Twice with the same form: once."""
    today = paris_day(at)
    values, problems = read(PAGE, form, {}, today=today)
    if not problems and (wrong := month_problem(read_month(values), today)):
        problems = {"month": wrong}
    papers = [one["value"] for one in await _papers(store, visitor)]
    document = form.get("document", "")
    if document and document not in papers:
        problems = {**problems, "document": "Choisissez un document de la liste."}
    if problems:
        typed = {**values, "document": document}
        return await _page(
            request,
            visitor,
            store,
            pages,
            at=at,
            typed=typed,
            errors=problems,
            act_id=act_id_of(form),
        )
    await store.release()
    quotient = Quotient(
        id=act_id_of(form),
        value=read_value(values),
        month=read_month(values),
        source=Source.DECLARED,
        declared_at=at,
        document_id=document or None,
    )
    by = (visitor.behind or visitor.account).id
    async with writing() as books:
        if await books.quotients.give(visitor.account.id, quotient, by=by):
            line = line_of(request, What.QUOTIENT_GIVEN, subject=visitor.account.id)
            await books.audit.add(line)
    if quotient.is_known:
        await tell("success", f"{_NOTED} La mairie peut vous demander l’attestation.")
    else:
        await tell("attention", f"{_NOTED} {ZERO}")
    return RedirectResponse(_HERE, 303)


async def _page(
    request: Request,
    visitor: Visitor,
    store: Store,
    pages: Pages,
    *,
    at: Now,
    typed: Values,
    act_id: str,
    errors: Mapping[str, str] | None = None,
) -> Response:
    today = paris_day(at)
    given = await _given(store, visitor)
    rows = rows_of(given, today)
    papers = await _papers(store, visitor)
    return pages.ask(
        request,
        "parents/quotient.html",
        current=next((one for one in rows if one["counts"]), None),
        none_counts=NONE_COUNTS,
        before=[one for one in rows if not one["counts"]],
        blocks=blocks_of(PAGE, typed, errors or {}, {}),
        papers=papers,
        values=typed,
        errors=errors,
        example=month_words(latest_month(today)),
        act_id=act_id,
        may_fetch=house_of(request).api_particulier is not None,
    )


async def _given(store: Store, visitor: Visitor) -> Sequence[Quotient]:
    """What the family gave, as far as whoever is there may read it."""
    if visitor.behind is not None:
        dossiers = await store.dossiers.of_account(visitor.account.id)
        if not dossiers or not may_know(visitor.behind, dossiers):
            return ()
    return await store.quotients.of_account(visitor.account.id)


async def _papers(store: Store, visitor: Visitor) -> Sequence[Mapping[str, Any]]:
    """The papers about a quotient that the family has in its wallet, the last given first."""
    if visitor.behind is not None:
        return ()
    return [
        {
            "value": one.document.id,
            "label": f"{one.document.original_name}, donné le "
            f"{french.short_day(one.document.given_at)}",
        }
        for one in await store.wallet.of_account(visitor.account.id)
        if one.kept.piece == _PIECE and one.kept.is_whole
    ]
