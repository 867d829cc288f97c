"""Changing one thing of the family's file: one page, filled in with what is known, and sent.

The page goes with the record it was made from (`version`): when that has moved meanwhile, both are
shown and nothing is replaced. When the same change waits already, the person is asked which stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.access.kept_forms import typed_before
from api.access.notices import Tell
from api.access.rules import PARENT, Parent, Visitor
from api.acts import Acts
from api.answers import fingerprint
from api.changing import ask_for_change, is_sent_at_once
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Writing
from api.dependencies import Tell as TellDep
from api.form_acts import act_id_of
from api.forms import Form
from api.gateway import Kept
from api.pages import Pages
from api.parents.dependencies import ParentActs
from api.parents.family_subjects import Change, ChildChange, FamilyChange
from api.parents.family_view import page_with_today, waiting_rows
from api.parents.question_page import blocks_of, kept_rows, note_of
from api.parents.typed import typed_on
from api.parents.words import done
from domain.deadlines import paris_day
from domain.messages import Outcome
from domain.questions import Values, read
from domain.states import State
from storage.changes import AskedChange
from storage.dossiers import Dossier
from storage.store import OpenStore, Store

router = APIRouter()

_NOTHING_CHANGED = "Rien n’a changé : corrigez ce qui n’est plus exact, puis envoyez."
_DONE = "C’est fait. Le changement est pris en compte."
_AT_ONCE = "C’est envoyé. Le portail vérifie\u00a0: quelques secondes suffisent."
_BY_STAFF = "C’est envoyé. La mairie vérifie, puis vous écrit."
_NOT_CONFIRMED = "Relisez avec la personne, puis cochez la case."


@dataclass(frozen=True)
class AtHand:
    """What one request brings to a page of change."""

    request: Request
    visitor: Visitor
    store: Store
    writing: OpenStore
    acts: Acts
    pages: Pages
    tell: Tell
    at: datetime

    async def asked(self) -> Sequence[AskedChange]:
        """What the family asked to change and is not decided."""
        return await self.store.changes.of_account(self.visitor.account.id, refused_since=self.at)

    async def opened_by(self, act_id: str) -> Dossier | None:
        """The dossier of this family that an act opened; None when it opened none."""
        act = await self.store.acts.find(act_id)
        if act is None:
            return None
        dossier = await self.store.dossiers.find(act.dossier_id)
        return dossier if dossier.account_id == self.visitor.account.id else None


def _at_hand(
    request: Request,
    visitor: Parent,
    store: Reading,
    writing: Writing,
    acts: ParentActs,
    pages: PagesDep,
    tell: TellDep,
    at: Now,
) -> AtHand:
    return AtHand(request, visitor, store, writing, acts, pages, tell, at)


Here = Annotated[AtHand, Depends(_at_hand)]


@router.get("/famille/changer/{subject}")
async def ask(change: FamilyChange, here: Here) -> Response:
    """The page of one subject, filled in with what the town knows today."""
    return await _first_page(change, here)


@router.get("/famille/enfants/{child_id}/changer/{subject}")
async def ask_of_child(change: ChildChange, here: Here) -> Response:
    """The page of one subject of a child."""
    return await _first_page(change, here)


@router.post("/famille/changer/{subject}", dependencies=[Depends(PARENT)])
async def send(form: CheckedForm, change: FamilyChange, here: Here) -> Response:
    """Send the change of one subject. Twice with the same form: once."""
    return await _send(form, change, here)


@router.post("/famille/enfants/{child_id}/changer/{subject}", dependencies=[Depends(PARENT)])
async def send_of_child(form: CheckedForm, change: ChildChange, here: Here) -> Response:
    """Send the change of one subject of a child. Twice with the same form: once."""
    return await _send(form, change, here)


async def _first_page(change: Change, here: AtHand) -> Response:
    before = typed_before(here.request, change.address.partition("?")[0])
    typed = typed_on(change.wanted.section, before) if before else change.known
    waiting = change.wanted.same_as(await here.asked())
    seen = before.get("version", "")
    return _page(change, here, typed, act_id=act_id_of(before), seen=seen, waiting=waiting)


async def _send(form: Form, change: Change, here: AtHand) -> Response:
    act_id, wanted = act_id_of(form), change.wanted
    values, problems = _read(form, change, here)
    mine = await here.opened_by(act_id)
    if mine is not None and mine.state is not State.DRAFT:  # the record may have moved by it
        return RedirectResponse(change.back, 303)
    page = partial(_page, change, here, values, act_id=act_id)
    if form.get("version", "") not in (fingerprint(change.known), ""):
        return page(has_moved=True)
    if problems:
        return page(errors=problems)
    asked = await ask_for_change(
        here.writing,
        here.acts,
        change.procedure,
        wanted,
        values,
        known=change.known,
        act_id=act_id,
        account_id=here.visitor.account.id,
        at=here.at,
        replaces="replaces" in form,
    )
    if asked.dossier is None or asked.others:
        return page(waiting=asked.others, is_asked=True)
    after = f"/dossiers/{asked.dossier.id}/documents"
    if asked.outcome is not None:
        after = change.back
        await here.tell(*done(asked.outcome, _said(asked.outcome, change)))
    return RedirectResponse(after, 303)


def _said(outcome: Outcome | Kept, change: Change) -> str:
    if isinstance(outcome, Outcome) and outcome.state is State.APPROVED:
        return _DONE
    return _AT_ONCE if change.is_automatic else _BY_STAFF


def _read(form: Form, change: Change, here: AtHand) -> tuple[Values, Mapping[str, str]]:
    section = change.wanted.section
    typed = typed_on(section, form)
    values, problems = read(section, typed, change.lists, today=paris_day(here.at))
    if not problems and values == change.known:
        problems = {"form": _NOTHING_CHANGED}
    if not problems and here.visitor.behind is not None and "confirmed" not in form:
        problems = {"confirmed": _NOT_CONFIRMED}
    return values, problems


def _page(
    change: Change,
    here: AtHand,
    values: Values,
    *,
    act_id: str,
    seen: str = "",
    errors: Mapping[str, str] | None = None,
    has_moved: bool = False,
    waiting: Sequence[AskedChange] = (),
    is_asked: bool = False,
) -> Response:
    section = page_with_today(change.wanted.section, change.known, change.lists)
    is_refused = has_moved or is_asked
    return here.pages.render(
        here.request,
        "parents/change.html",
        status_code=409 if is_refused else 422 if errors else 200,
        section=section,
        blocks=blocks_of(section, values, errors or {}, change.lists),
        values=values,
        errors=errors or {},
        action=change.address,
        back=change.back,
        hidden={"version": seen or fingerprint(change.known), "act_id": act_id},
        note=note_of(section),
        kept=kept_rows(section, change.known, values, change.lists) if has_moved else [],
        waiting=waiting_rows(waiting, here.at),
        is_asked=is_asked,
        is_automatic=change.is_automatic,
        asks_papers=not is_sent_at_once(change.wanted, values),
        department=change.department,
    )
