"""One's own data: what the portal keeps, all of it to take along, and having it erased."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from api.access.confirming import Confirmed
from api.access.notices import mail_afterwards
from api.access.rules import Parent
from api.audit import line_of
from api.dependencies import CheckedForm, FilesDep, HouseDep, Now, PagesDep, Reading, Tell, Writing
from api.parents.own_archive import entries, gather
from api.zip_stream import zipped
from domain import french
from domain.audit import What
from domain.deadlines import paris_day
from domain.retention import EXPORTS_WITHIN, MOST_EXPORTS, PERIODS, period_of
from storage.dossiers import Dossier

router = APIRouter()

_HERE = "/compte/mes-donnees"
_TOO_MANY = "Vous avez déjà pris vos données cinq fois aujourd’hui. Réessayez demain."


@router.get(_HERE)
async def show(request: Request, visitor: Parent, store: Reading, pages: PagesDep) -> Response:
    """What the portal keeps, for how long and why; how to take it along, and have it erased."""
    me = visitor.account
    dossiers = await store.dossiers.of_account(me.id)
    return pages.render(
        request,
        "parents/own_data.html",
        mine=me,
        amounts=await store.personal_data.amounts(me.id),
        periods=PERIODS,
        drafts=[one for one in dossiers if one.submitted_at is None and not one.state.is_closed],
        open_dossiers=[one for one in dossiers if is_in_hand(one)],
        kept=[
            (one.number, one.child_name, period_of(one.state, one.kind).how_long)
            for one in dossiers
            if one.submitted_at is not None
        ],
        waiting=await store.erasures.waiting_of(me.id),
    )


def is_in_hand(dossier: Dossier) -> bool:
    """Whether the town has it and has not answered yet."""
    return dossier.submitted_at is not None and not dossier.state.is_closed


@router.post(f"{_HERE}/export")
async def take_along(
    request: Request,
    visitor: Parent,
    form: CheckedForm,
    _: Confirmed,
    store: Reading,
    writing: Writing,
    files: FilesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Send everything as one archive, made while it is sent; five times a day at most."""
    del form
    me = visitor.account
    async with writing() as books:
        await books.accounts.take_turn(me.id)
        done = await books.audit.count(
            What.DATA_EXPORTED, actor_id=me.id, since=at - EXPORTS_WITHIN
        )
        if done < MOST_EXPORTS:
            await books.audit.add(line_of(request, What.DATA_EXPORTED, subject=me.id))
    if done >= MOST_EXPORTS:
        await tell("attention", _TOO_MANY)
        return RedirectResponse(_HERE, 303)
    data = await gather(store, me, at)
    name = f"mes-donnees-{paris_day(at)}.zip"
    return StreamingResponse(
        zipped(entries(data, files), at),
        media_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@router.post(f"{_HERE}/effacement")
async def ask_to_erase(
    request: Request,
    visitor: Parent,
    form: CheckedForm,
    _: Confirmed,
    house: HouseDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Note that this person wants their data erased, and acknowledge it by mail. Twice: once."""
    del form
    me, letter_id = visitor.account, ""
    async with house.writing() as store:
        await store.accounts.take_turn(me.id)
        asked, is_new = await store.erasures.ask(me.id, at, paris_day(at))
        due = french.day(asked.due_on)
        if is_new:
            await store.audit.add(line_of(request, What.ERASURE_ASKED, subject=asked.id))
            letter_id = await house.writer.to_person(
                store, me, "erasure_asked", path=_HERE, at=at, due=due
            )
    mail_afterwards(request, letter_id)
    await tell("success", f"Votre demande est notée. La mairie vous répond au plus tard le {due}.")
    return RedirectResponse(_HERE, 303)


@router.post(f"{_HERE}/effacement/annuler")
async def cancel_erasure(
    request: Request, visitor: Parent, form: CheckedForm, writing: Writing, tell: Tell, at: Now
) -> Response:
    """Take the request back, until it is done. Twice: once."""
    del form
    async with writing() as store:
        waiting = await store.erasures.waiting_of(visitor.account.id)
        is_done = await store.erasures.cancel(visitor.account.id, at)
        if is_done and waiting:
            await store.audit.add(line_of(request, What.ERASURE_CANCELLED, subject=waiting.id))
    if is_done:
        await tell("success", "Votre demande est annulée : rien n’est effacé.")
    return RedirectResponse(_HERE, 303)
