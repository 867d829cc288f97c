"""One step that does not go through: what is known of it, and "Relancer l’étape"."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.confirming import Confirmed
from api.access.kept_forms import typed_before
from api.access.places import place_of
from api.access.rules import Admin
from api.admins.incident_view import incident_page
from api.admins.reasons import reason_problem
from api.admins.retrying import retry, what_came_of_it
from api.dependencies import CheckedForm, GatewayDep, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import act_id_of
from domain.errors import NotFound

router = APIRouter(prefix="/supervision")


@router.get("/{incident_id}")
async def show(
    incident_id: str,
    _: Admin,
    request: Request,
    store: Reading,
    gateway: GatewayDep,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Show the step, its last failure, and the life of its dossier."""
    view = await incident_page(store, gateway, incident_id, now)
    before = typed_before(request, f"/admin/supervision/{incident_id}/relance")
    return pages.render(
        request,
        "admins/incident.html",
        **view,
        act_id=act_id_of(before),
        values=before,
        errors={},
    )


@router.post("/{incident_id}/relance")
async def try_again(
    incident_id: str,
    visitor: Admin,
    form: CheckedForm,
    _: Confirmed,
    request: Request,
    store: Reading,
    writing: Writing,
    gateway: GatewayDep,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Have the step tried now, for a reason; then show the new state."""
    problem = reason_problem(form.get("reason", ""))
    if problem:
        view = await incident_page(store, gateway, incident_id, now)
        return pages.render(
            request,
            "admins/incident.html",
            **view,
            act_id=act_id_of(form),
            values=form,
            errors={"reason": problem},
            status_code=422,
        )
    incident = await store.supervision.incident(incident_id)
    if incident is None:
        raise NotFound
    result = await retry(
        writing,
        gateway,
        incident,
        admin_id=visitor.account.id,
        reason=form["reason"].strip(),
        act_id=act_id_of(form),
        at=now,
        place=place_of(request),
    )
    await tell(*await what_came_of_it(writing, gateway, incident, result))
    return RedirectResponse(f"/admin/supervision/{incident_id}", 303)
