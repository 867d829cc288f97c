"""Having the quotient familial fetched from the CAF or the MSA, when the parent asks for it."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from activities.api_particulier import Found, Why
from api.access.kept_forms import typed_before
from api.access.rules import Parent, Visitor
from api.dependencies import CheckedForm, HouseDep, Now, Reading, Tell
from api.form_acts import act_id_of
from api.house import House
from api.parents.asked_quotient import (
    DECLARE,
    HERE,
    HOME,
    TOO_OFTEN,
    WORDS,
    keep,
    note_nothing,
    take_a_turn,
)
from api.parents.consented_quotient import may_consent
from api.parents.question_page import blocks_of, note_of
from api.parents.typed import typed_on
from domain.civil_identity import SECTION, read_identity
from domain.deadlines import paris_day
from domain.questions import Values
from storage.records import new_id
from storage.store import Store

router = APIRouter()

_WORDS: Mapping[str, str] = {
    **WORDS,
    Why.UNKNOWN: (
        "Ni la CAF ni la MSA ne trouvent de dossier à cette identité. Vérifiez chaque réponse. "
        "Si vous êtes séparés, le dossier est peut-être à l’autre nom."
    ),
    Why.IDENTITY: (
        "La CAF ne comprend pas cette identité. Vérifiez le nom de naissance, les prénoms et la "
        "commune."
    ),
}
_TO_CORRECT = frozenset({Why.UNKNOWN, Why.IDENTITY})
"""What the answers of the page may be the cause of; everything else is to be tried later."""


@router.get(HERE)
async def ask(request: Request, visitor: Parent, house: HouseDep, store: Reading) -> Response:
    """What has to be known to ask, and the consent; nowhere in a town that may not ask."""
    if house.api_particulier is None:
        return RedirectResponse(HOME, 303)
    before = typed_before(request, HERE)
    values = typed_on(SECTION, before) if before else await _vouched(store, visitor)
    return _page(request, house, visitor, values)


@router.post(HERE)
async def fetch(
    request: Request, visitor: Parent, form: CheckedForm, house: HouseDep, tell: Tell, at: Now
) -> Response:
    """Ask at once, and keep the value with its month; the identity is forgotten."""
    if house.api_particulier is None:
        return RedirectResponse(HOME, 303)
    typed = typed_on(SECTION, form)
    who, problems = read_identity(typed, today=paris_day(at))
    if who is None:
        return _page(request, house, visitor, typed, errors=problems, status=422)
    if not await take_a_turn(house, visitor.account.id, at):
        return _page(request, house, visitor, typed, errors={"form": TOO_OFTEN}, status=429)
    said = await house.api_particulier.quotient_of(who)
    if not isinstance(said, Found):
        await note_nothing(request, house, visitor, said.why)
        errors = {"form": f"{_WORDS[said.why]} {DECLARE}"}
        status = 422 if said.why in _TO_CORRECT else 503
        return _page(request, house, visitor, typed, errors=errors, status=status)
    await keep(request, house, visitor, said, tell, quotient_id=act_id_of(form))
    return RedirectResponse(HOME, 303)


async def _vouched(store: Store, visitor: Visitor) -> Values:
    """What FranceConnect said of whoever asks, to be looked at like all answers."""
    known = next(iter(await store.identities.of(visitor.account.id)), None)
    if known is None or visitor.behind is not None:
        return {}
    return {"first_names": known.first_name, "last_name": known.last_name}


def _page(
    request: Request,
    house: House,
    visitor: Visitor,
    values: Values,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    return house.pages.render(
        request,
        "parents/fetched_quotient.html",
        status_code=status,
        section=SECTION,
        blocks=blocks_of(SECTION, values, errors or {}, {}),
        values=values,
        errors=errors or {},
        note=note_of(SECTION),
        act_id=new_id(),
        may_consent=may_consent(house, visitor),
    )
