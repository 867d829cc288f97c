"""Having the quotient familial fetched from the CAF or the MSA, when the parent asks for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from activities.api_particulier import Found, Why
from api.access.kept_forms import typed_before
from api.access.rules import Parent, Visitor
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell
from api.form_acts import act_id_of
from api.house import House
from api.pages import Pages
from api.parents.question_page import blocks_of, note_of
from api.parents.typed import typed_on
from domain.audit import What
from domain.civil_identity import SECTION, read_identity
from domain.deadlines import paris_day
from domain.questions import Values
from domain.quotient import Quotient, Source
from domain.tokens import subject_of
from storage.records import new_id
from storage.store import Store

router = APIRouter()

_HERE, _WAY_BACK = "/quotient/caf", "/quotient"
_MOST, _WITHIN = 3, timedelta(days=1)
_DECLARE = "Vous pouvez aussi déclarer votre quotient vous-même."
_TOO_OFTEN = f"Vous avez déjà demandé trois fois aujourd’hui. Réessayez demain. {_DECLARE}"
_UNKNOWN = (
    "Ni la CAF ni la MSA ne trouvent de dossier à cette identité. Vérifiez chaque réponse. Si vous "
    "êtes séparés, le dossier est peut-être à l’autre nom."
)
_NOT_UNDERSTOOD = (
    "La CAF ne comprend pas cette identité. Vérifiez le nom de naissance, les prénoms et la "
    "commune."
)
_WORDS: Mapping[Why, tuple[int, str]] = {
    Why.UNKNOWN: (422, _UNKNOWN),
    Why.IDENTITY: (422, _NOT_UNDERSTOOD),
    Why.BUSY: (503, "La CAF reçoit trop de demandes en ce moment. Réessayez plus tard."),
    Why.AWAY: (503, "La CAF ne répond pas en ce moment. Réessayez plus tard."),
    Why.NOT_ALLOWED: (503, "La mairie ne peut pas demander à la CAF en ce moment."),
}
"""The status and the sentence for each answer that gives no quotient."""
_ZERO = (
    "La CAF répond «\u00a00\u00a0» : votre quotient n’est sans doute pas encore calculé. "
    "Déclarez-le avec votre attestation, ou réessayez le mois prochain."
)


@router.get("/quotient/caf")
async def ask(
    request: Request, visitor: Parent, house: HouseDep, store: Reading, pages: PagesDep
) -> Response:
    """What has to be known to ask, and the consent; nowhere in a town that may not ask."""
    if house.api_particulier is None:
        return RedirectResponse(_WAY_BACK, 303)
    before = typed_before(request, _HERE)
    values = typed_on(SECTION, before) if before else await _vouched(store, visitor)
    return _page(request, pages, values)


@router.post("/quotient/caf")
async def fetch(
    request: Request,
    visitor: Parent,
    form: CheckedForm,
    house: HouseDep,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Ask at once, and keep the value with its month; the identity is forgotten."""
    if house.api_particulier is None:
        return RedirectResponse(_WAY_BACK, 303)
    typed = typed_on(SECTION, form)
    who, problems = read_identity(typed, today=paris_day(at))
    if who is None:
        return _page(request, pages, typed, errors=problems, status=422)
    if not await _has_a_turn(house, visitor.account.id, at):
        return _page(request, pages, typed, errors={"form": _TOO_OFTEN}, status=429)
    said = await house.api_particulier.quotient_of(who)
    if not isinstance(said, Found):
        async with house.writing() as store:
            await store.audit.add(
                line_of(request, What.QUOTIENT_NOT_FOUND, subject=visitor.account.id, why=said.why)
            )
        status, words = _WORDS[said.why]
        return _page(request, pages, typed, errors={"form": f"{words} {_DECLARE}"}, status=status)
    quotient = Quotient(act_id_of(form), said.value, said.month, Source(said.source), at)
    async with house.writing() as store:
        await store.quotients.give(visitor.account.id, quotient, by=_who_acts(visitor))
        await store.audit.add(line_of(request, What.QUOTIENT_FETCHED, subject=visitor.account.id))
    if quotient.is_known:
        await tell("success", f"Votre quotient est repris : {said.value}\u00a0€.")
    else:
        await tell("attention", _ZERO)
    return RedirectResponse(_WAY_BACK, 303)


def _who_acts(visitor: Visitor) -> str:
    return (visitor.behind or visitor.account).id


async def _has_a_turn(house: House, account_id: str, at: datetime) -> bool:
    """Whether the family may ask (again) today; it is counted."""
    subject = subject_of(house.settings.secret.get_secret_value(), "quotient", account_id)
    async with house.writing() as store:
        await store.accounts.take_turn(account_id)
        if await store.attempts.latest(subject, _MOST, at, _WITHIN) is not None:
            return False
        await store.attempts.note(subject, at)
    return True


async def _vouched(store: Store, visitor: Visitor) -> Values:
    """What FranceConnect said of whoever asks, to be looked at like all answers."""
    known = next(iter(await store.identities.of(visitor.account.id)), None)
    if known is None or visitor.behind is not None:
        return {}
    return {"first_names": known.first_name, "last_name": known.last_name}


def _page(
    request: Request,
    pages: Pages,
    values: Values,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    return pages.render(
        request,
        "parents/question.html",
        status_code=status,
        section=SECTION,
        blocks=blocks_of(SECTION, values, errors or {}, {}),
        values=values,
        errors=errors or {},
        action=_HERE,
        autosave="",
        back=_WAY_BACK,
        hidden={"act_id": new_id()},
        note=note_of(SECTION),
        step=0,
        steps=0,
        kept=[],
    )
