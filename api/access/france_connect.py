"""Coming in by FranceConnect: there and back, and the mail address proved before anything opens.

FranceConnect says who somebody is; that a mail address is theirs, it only repeats. So the first
time a link is mailed, whether the address is known here or not, and only that link, used in the
same browser, ties the identity to an account. From then on FranceConnect opens the door by itself.
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.cookies import set_cookie
from api.access.links import mail_address, send_link
from api.access.places import place_of
from api.access.round_trips import ComesBack, browser_hash, lead_there, trip_of
from api.access.rules import Anyone
from api.access.sessions import open_session
from api.access.sign_in import came_in
from api.access.vouching import SIGN_IN, WAY_OUT, FranceConnect, NotVouched, Vouched
from api.access.ways import ADDRESS_COOKIE, WAY_COOKIE, safe_way, way_after
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, Writing
from api.house import House, now
from domain.audit import What
from domain.errors import NotAllowed, NotFound
from storage.accounts import Account
from storage.identities import RoundTrip
from storage.store import Store

router = APIRouter()

_AN_HOUR = 3600


@router.post("/connexion/france-connect")
async def go_there(
    visitor: Anyone,
    request: Request,
    form: CheckedForm,
    house: HouseDep,
) -> Response:
    """Lead to FranceConnect. What has to come back is kept ten minutes, for this browser."""
    del visitor
    way = safe_way(form.get("suite", ""))
    return await lead_there(request, house, _provider(house), SIGN_IN, way=way)


@router.get(SIGN_IN.way_back)
async def come_back(
    visitor: Anyone,
    request: Request,
    house: HouseDep,
    writing: Writing,
    at: Now,
    back: ComesBack,
) -> Response:
    """Let in whoever is known by this identity; mail a link to whoever is not yet.

    Raises:
        NotVouched: nothing waits for this answer here (`fc_over`), the person gave up
            (`fc_refused`), what came back is not believed (`fc_invalid`), or it has no mail
            address (`fc_no_mail`).
        NotAllowed: the account is closed.
    """
    del visitor
    provider = _provider(house)
    trip = await trip_of(request, house, back.state)
    if back.error:
        raise NotVouched("fc_refused" if back.error == "access_denied" else "fc_invalid")
    if not back.may_be_of(provider):
        raise NotVouched("fc_invalid")
    vouched = await provider.vouch(back.code, trip)
    identity = vouched.identity
    async with writing() as store:
        account_id = await store.identities.account_of(identity.issuer, identity.subject)
        account = await store.accounts.by_id(account_id) if account_id else None
        if account is not None:
            if account.role != "parent":
                raise NotAllowed("account_closed")
            session = await open_session(request, store, account)
            await store.identities.keep_proof(session.id, vouched.id_token, at)
            await came_in(request, store, account, "france_connect")
            return RedirectResponse(way_after(account, trip.way), 303)
    return await _mail_a_link(request, house, vouched, trip, at)


@router.get(WAY_OUT)
async def left(visitor: Anyone) -> Response:
    """Whoever left FranceConnect comes home."""
    del visitor
    return RedirectResponse("/", 303)


async def link_identity(request: Request, store: Store, link_id: str, account: Account) -> Account:
    """Tie to the account the identity that waited for this link, if it is used where it was asked.

    In another browser nothing is tied: whoever has a stranger open a link gains nothing by it. An
    account without a name takes that of the identity.
    """
    offered = await store.identities.offered(link_id)
    if offered is None or offered[1] != browser_hash(request) or account.role != "parent":
        return account
    identity = offered[0]
    if await store.identities.link(identity, account.id, now(request)):
        await store.audit.add(line_of(request, What.IDENTITY_LINKED, actor_id=account.id))
    if not account.name:
        name = f"{identity.first_name} {identity.last_name}".strip()
        await store.accounts.set_name(account.id, name)
    return await store.accounts.by_id(account.id) or account


def _provider(house: House) -> FranceConnect:
    if house.france_connect is None:
        raise NotFound
    return house.france_connect


async def _mail_a_link(
    request: Request, house: House, vouched: Vouched, trip: RoundTrip, at: Now
) -> Response:
    email = mail_address(vouched.email)
    if not email:
        raise NotVouched("fc_no_mail")
    offer = (vouched.identity, trip.browser_hash)
    await send_link(house, email, at, place=place_of(request), offer=offer)
    set_cookie(request, WAY_COOKIE, trip.way, seconds=_AN_HOUR)
    set_cookie(request, ADDRESS_COOKIE, email, seconds=_AN_HOUR)
    return RedirectResponse("/connexion/mail-envoye?par=france-connect", 303)
