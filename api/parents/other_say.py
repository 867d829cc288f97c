"""What the other guardian says of a shared child's dossier: against it, for it, or neither.

Each speaks with their own account, and nobody in their place: no desk visits these pages.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.access.kept_forms import typed_before
from api.access.rules import Parent, SharedChild
from api.acts import Acts
from api.dependencies import CheckedForm, GatewayDep, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import act_id_of
from api.parents.shared_words import called
from api.parents.words import done
from domain import french
from domain.deadlines import last_day
from domain.holds import Hold, HoldKind, open_ones
from domain.states import Action, Actor, after
from storage.records import new_id
from storage.shared_dossiers import SharedDossier

router = APIRouter()

_MOST_WORDS = 2000


def _acts(visitor: Parent, writing: Writing, gateway: GatewayDep, at: Now) -> Acts:
    return Acts(writing, gateway, actor=Actor.GUARDIAN, actor_id=visitor.account.id, at=at)


GuardianActs = Annotated[Acts, Depends(_acts)]
"""What this other guardian does, now."""


def say_of(dossier: SharedDossier, holds: Sequence[Hold], guardian: str) -> Mapping[str, Any]:
    """What this guardian may say now, for the page of the child; nothing once it is closed."""
    objections = open_ones(holds, HoldKind.OBJECTION)
    unsigned = open_ones(holds, HoldKind.COSIGNATURE)
    until = unsigned[0].until if unsigned else None
    return {
        "may_speak": after(dossier.state, Action.OBJECT) is not None,
        "objected": any(one.by == guardian for one in objections),
        "is_frozen": bool(objections),
        "sign_by": french.day(last_day(until)) if until else "",
        "is_unsigned": bool(unsigned),
        "has_signed": bool(holds) and not unsigned and _was_signed(holds),
        "here": f"/enfants/{dossier.id}",
        "act_id": new_id(),
    }


def _was_signed(holds: Sequence[Hold]) -> bool:
    return any(one.kind is HoldKind.COSIGNATURE for one in holds)


@router.get("/enfants/{dossier_id}/desaccord")
async def ask(
    request: Request, shared: SharedChild, visitor: Parent, store: Reading, pages: PagesDep
) -> Response:
    """What an objection means, before it is said."""
    say = say_of(shared, await store.holds.of(shared.id), visitor.account.id)
    if not say["may_speak"] or say["objected"]:
        return RedirectResponse(say["here"], 303)
    before = typed_before(request, f"{say['here']}/desaccord")
    return _page(request, pages, shared, before)


@router.post("/enfants/{dossier_id}/desaccord")
async def object_to_it(
    request: Request,
    shared: SharedChild,
    visitor: Parent,
    form: CheckedForm,
    acts: GuardianActs,
    pages: PagesDep,
    tell: Tell,
) -> Response:
    """Object: nobody decides until that is settled. Twice with the same form: once."""
    words = form.get("words", "").strip()
    if len(words) > _MOST_WORDS:
        problem = f"Écrivez {french.plural(_MOST_WORDS, 'lettre')} au plus."
        return _page(request, pages, shared, form, {"words": problem})
    outcome = await acts.give(
        Action.OBJECT,
        shared.id,
        act_id=act_id_of(form),
        subject=visitor.account.id,
        words=words,
    )
    said = "C’est noté : la décision est suspendue. Le service va prendre contact avec vous."
    await tell(*done(outcome, said))
    return RedirectResponse(f"/enfants/{shared.id}", 303)


@router.post("/enfants/{dossier_id}/desaccord/lever")
async def lift(
    shared: SharedChild, visitor: Parent, form: CheckedForm, acts: GuardianActs, tell: Tell
) -> Response:
    """Agree again. Twice with the same form: once."""
    outcome = await acts.give(
        Action.LIFT_OBJECTION, shared.id, act_id=act_id_of(form), subject=visitor.account.id
    )
    await tell(*done(outcome, "Votre désaccord est levé : la mairie reprend l’étude du dossier."))
    return RedirectResponse(f"/enfants/{shared.id}", 303)


@router.post("/enfants/{dossier_id}/accord")
async def sign(
    shared: SharedChild, visitor: Parent, form: CheckedForm, acts: GuardianActs, tell: Tell
) -> Response:
    """Give the agreement that the procedure asks for. Twice with the same form: once."""
    outcome = await acts.give(
        Action.COSIGN, shared.id, act_id=act_id_of(form), subject=visitor.account.id
    )
    await tell(*done(outcome, "Votre accord est donné."))
    return RedirectResponse(f"/enfants/{shared.id}", 303)


def _page(
    request: Request,
    pages: PagesDep,
    shared: SharedDossier,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> Response:
    return pages.ask(
        request,
        "parents/objection.html",
        errors=errors,
        called=called(shared),
        here=f"/enfants/{shared.id}",
        values=values,
        act_id=values.get("act_id") or new_id(),
    )
