"""Having the quotient fetched with FranceConnect: the parent consents on the page of the State.

What comes back from there is a token for one question. It is used at once, within the request, and
kept nowhere: neither in storage, nor in a log, nor in the engine.
"""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from activities.api_particulier import Found, NotFound, Why
from api.access.round_trips import ComesBack, lead_there, trip_of
from api.access.rules import Parent, Visitor
from api.access.vouching import QUOTIENT, Consent, FranceConnect, NotVouched, ProviderAway
from api.dependencies import CheckedForm, HouseDep, Now, Tell
from api.house import House, now
from api.parents.asked_quotient import (
    HERE,
    HOME,
    TOO_OFTEN,
    WORDS,
    has_a_turn,
    keep,
    note_nothing,
    take_a_turn,
)
from storage.identities import RoundTrip
from storage.records import new_id

router = APIRouter()

_PATIENCE = 7.0  # for FranceConnect and the CAF together: the site answers within 8 s
_OTHER_WAYS = "Vous pouvez aussi répondre aux questions, ou déclarer votre quotient vous-même."
_WORDS: Mapping[str, str] = {
    **WORDS,
    Why.UNKNOWN: (
        "Ni la CAF ni la MSA ne trouvent de dossier à votre nom. Si vous êtes séparés, le dossier "
        "est peut-être au nom de l’autre parent."
    ),
    Why.IDENTITY: "La CAF ne reconnaît pas l’identité que donne FranceConnect.",
    Why.EXPIRED: "Votre accord n’a duré qu’une minute et il est passé. Recommencez.",
    "refused": "Vous n’avez pas donné votre accord : rien n’a été demandé à la CAF.",
    "invalid": "La réponse de FranceConnect n’a pas pu être vérifiée : rien n’a été demandé à la "
    "CAF. Recommencez.",
    "fc_away": "FranceConnect ne répond pas. Réessayez dans quelques minutes.",
    "somebody_else": (
        "Vous êtes passé par FranceConnect avec une autre identité que celle de votre compte : "
        "rien n’a été demandé à la CAF."
    ),
}
"""What is said when there is no quotient; the other ways follow it."""
_NOTED = frozenset({*(one.value for one in Why), "somebody_else"})
"""What the journal tells: what the CAF said, and who came back in the place of somebody else."""
_REFUSALS = {"access_denied": "refused", "invalid_scope": Why.NOT_ALLOWED.value}
"""What FranceConnect's own refusals mean here; any other is not understood."""


def may_consent(house: House, visitor: Visitor) -> bool:
    """Whether this person may go to FranceConnect for it: never in a family's place."""
    is_set = house.settings.franceconnect_quotient and house.api_particulier is not None
    return is_set and house.france_connect is not None and visitor.behind is None


@router.post(f"{HERE}/france-connect")
async def go_there(
    request: Request, visitor: Parent, form: CheckedForm, house: HouseDep, tell: Tell, at: Now
) -> Response:
    """Lead to FranceConnect, where the parent consents to this one question."""
    del form
    provider = _provider(house, visitor)
    if provider is None:
        return RedirectResponse(HOME, 303)
    if not await has_a_turn(house, visitor.account.id, at):
        await tell("attention", TOO_OFTEN)
        return RedirectResponse(HERE, 303)
    try:
        return await lead_there(
            request, house, provider, QUOTIENT, way=HOME, account_id=visitor.account.id
        )
    except ProviderAway:
        return await _without(tell, "fc_away")


@router.get(QUOTIENT.way_back)
async def come_back(
    request: Request,
    visitor: Parent,
    house: HouseDep,
    tell: Tell,
    back: ComesBack,
) -> Response:
    """Ask the CAF at once with the consent that comes back, and keep the value with its month.

    Raises:
        NotVouched: nothing waits for this answer here (`fc_over`).
    """
    provider = _provider(house, visitor)
    if provider is None:
        return RedirectResponse(HOME, 303)
    trip = await _trip(request, house, back.state, visitor)
    if back.error:
        return await _without(tell, _REFUSALS.get(back.error, "invalid"))
    if not back.may_be_of(provider):
        return await _without(tell, "invalid")
    try:
        async with asyncio.timeout(_PATIENCE):
            said = await _asked(request, house, visitor, provider, back.code, trip)
    except NotVouched:
        said = "invalid"
    except ProviderAway:
        said = "fc_away"
    except TimeoutError:
        said = Why.AWAY
    if not isinstance(said, Found):
        why = said if isinstance(said, str) else said.why.value
        if why in _NOTED:
            await note_nothing(request, house, visitor, why)
        return await _without(tell, why)
    await keep(request, house, visitor, said, tell, quotient_id=new_id())
    return RedirectResponse(HOME, 303)


async def _asked(
    request: Request,
    house: House,
    visitor: Visitor,
    provider: FranceConnect,
    code: str,
    trip: RoundTrip,
) -> Found | NotFound | str:
    """What the CAF says, or why it was not asked. The consent is forgotten with the answer."""
    consent = await provider.consent(code, trip, QUOTIENT)
    async with house.writing() as store:
        # Whoever came by here leaves FranceConnect with the portal: see `leave`.
        await store.identities.keep_proof(visitor.session.id, consent.id_token, now(request))
    if not await _is_them(house, visitor, provider, consent):
        return "somebody_else"
    if not await take_a_turn(house, visitor.account.id, now(request)):
        return "too_often"
    assert house.api_particulier is not None
    return await house.api_particulier.quotient_by(consent.access_token)


async def _is_them(
    house: House, visitor: Visitor, provider: FranceConnect, consent: Consent
) -> bool:
    """Whether nothing says that it is somebody else: each knows a person by one name that stays.

    Whoever never came in by FranceConnect has none here; but that of another account is not theirs.
    """
    me = visitor.account.id
    async with house.reading() as store:
        owner = await store.identities.account_of(provider.issuer, consent.subject)
        mine = await store.identities.of(me)
    return owner == me or not (owner or any(one.issuer == provider.issuer for one in mine))


async def _trip(request: Request, house: House, state: str, visitor: Visitor) -> RoundTrip:
    try:
        return await trip_of(request, house, state, visitor.account.id)
    except NotVouched as over:
        raise NotVouched(over.code, next_href=HERE) from None


async def _without(tell: Tell, why: str) -> Response:
    """Back to the page, with what happened and the ways that are left."""
    words = TOO_OFTEN if why == "too_often" else f"{_WORDS[why]} {_OTHER_WAYS}"
    await tell("attention", words)
    return RedirectResponse(HERE, 303)


def _provider(house: House, visitor: Visitor) -> FranceConnect | None:
    return house.france_connect if may_consent(house, visitor) else None
