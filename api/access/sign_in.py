"""The sign-in page: one mail address, a password for those who have one, one button."""

from datetime import timedelta
from secrets import token_urlsafe

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.attempts import Attempts, Wait
from api.access.browsers import known_as, remember
from api.access.cookies import cookie, has_kept_forms, set_cookie
from api.access.links import mail_address, send_link
from api.access.notices import mail_afterwards
from api.access.passwords import TooManyHashes
from api.access.places import place_of
from api.access.rules import Anyone
from api.access.sessions import (
    end_session,
    open_session,
    prepare_form,
)
from api.access.ways import ADDRESS_COOKIE, WAY_COOKIE, safe_way, way_after
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Writing
from api.forms import check_origin, check_token, read_form
from api.house import house_of
from domain.audit import What
from domain.devices import device_of
from domain.french import plural
from storage.accounts import Account
from storage.audit import Line
from storage.store import Store

router = APIRouter()

_AN_HOUR = 3600
_MOST_SIGNS = 200

_NO_ADDRESS = "Écrivez une adresse mail complète, par exemple prenom.nom@exemple.fr."
_CROWDED = (
    "Beaucoup de personnes se connectent en ce moment. Attendez une minute, puis recommencez : "
    "votre mot de passe n’a pas été regardé."
)
_WRONG = (
    "L’adresse ou le mot de passe ne convient pas. Vérifiez-les, ou laissez le mot de passe vide : "
    "nous vous enverrons un lien par mail."
)


@router.get("/connexion")
async def show(visitor: Anyone, request: Request, pages: PagesDep, suite: str = "") -> Response:
    """Ask for the mail address; whoever is signed in is led on."""
    if visitor.account is not None:
        return RedirectResponse(way_after(visitor.account, suite), 303)
    return _page(request, pages, {"suite": safe_way(suite)})


@router.post("/connexion")
async def come_in(
    visitor: Anyone,
    request: Request,
    form: CheckedForm,
    house: HouseDep,
    writing: Writing,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Let in with a password, or mail a link. Neither tells whether the address is known."""
    del visitor
    typed = {"email": form.get("email", "")[:_MOST_SIGNS], "suite": safe_way(form.get("suite", ""))}
    email, password = mail_address(form.get("email", "")), form.get("password", "")
    if not email:
        return _page(request, pages, typed, {"email": _NO_ADDRESS})
    if not password:
        await send_link(house, email, now, place=place_of(request))
        set_cookie(request, WAY_COOKIE, typed["suite"], seconds=_AN_HOUR)
        set_cookie(request, ADDRESS_COOKIE, email, seconds=_AN_HOUR)
        return RedirectResponse("/connexion/mail-envoye", 303)
    try:
        found = await Attempts(house, request, email).try_password(password, now)
    except TooManyHashes:
        return _page(request, pages, typed, {"form": _CROWDED}, status=503)
    if isinstance(found, Wait):
        return _page(request, pages, typed, {"form": _wait_words(found.time)}, status=429)
    async with writing() as store:
        if found is None:
            known = await store.accounts.by_email(email)
            who = known.id if known else ""
            await store.audit.add(line_of(request, What.SIGN_IN_FAILED, actor_id=who))
        else:
            await open_session(request, store, found)
            await came_in(request, store, found, "password")
    if found is None:
        return _page(request, pages, typed, {"password": _WRONG})
    return RedirectResponse(way_after(found, typed["suite"]), 303)


async def came_in(request: Request, store: Store, account: Account, how: str) -> None:
    """Write down that somebody came in, and know the browser from now on.

    `how`: "password", "link" or "france_connect". Whoever has a code to show still is not in yet:
    the line says so.
    """
    is_asked = account.role != "parent" and not account.is_example
    is_asked = is_asked or await store.second_factors.is_proven(account.id)
    line = line_of(
        request, What.SIGNED_IN, actor_id=account.id, how=how, step="first" if is_asked else "whole"
    )
    await store.audit.add(line)
    if account.role != "parent" and account.seen_at is not None:
        await _tell_of_new_browser(request, store, account, line)
    await remember(request, store, account.id, line.at)


async def _tell_of_new_browser(
    request: Request, store: Store, account: Account, line: Line
) -> None:
    """Have the town's people told when somebody comes in by a browser that never was theirs."""
    if await known_as(request, store, account.id, line.at):
        return
    device = device_of(request.headers.get("user-agent", ""))
    letter = await house_of(request).writer.to_person(
        store,
        account,
        "new_browser",
        path="/compte/securite",
        at=line.at,
        device=device,
        place=line.place or "inconnue",
    )
    mail_afterwards(request, letter)


@router.get("/connexion/mail-envoye")
async def link_sent(visitor: Anyone, request: Request, pages: PagesDep, par: str = "") -> Response:
    """Say where to look, and offer to send the link again."""
    del visitor
    prepare_form(request)
    return pages.render(
        request,
        "access/link_sent.html",
        email=mail_address(cookie(request, ADDRESS_COOKIE)),
        suite=safe_way(cookie(request, WAY_COOKIE)),
        is_vouched=par == "france-connect",
    )


@router.post("/deconnexion")
async def leave(visitor: Anyone, request: Request, house: HouseDep, writing: Writing) -> Response:
    """Sign out. Whoever already is, by the clock or another page, is simply led home."""
    way_out = ""
    if visitor.session is not None:
        check_origin(request)
        check_token(visitor, (await read_form(request)).get("csrf", ""))
        async with writing() as store:
            await store.audit.add(line_of(request, What.SIGNED_OUT))
            proof = await store.identities.take_proof(visitor.session.id)
            await end_session(request, store)
        # A session that began at FranceConnect ends there too: it would let in whoever comes next.
        if proof and house.france_connect is not None:
            way_out = await house.france_connect.way_out(proof, token_urlsafe(16))
    # What a shared computer would show with its back button.
    return RedirectResponse(way_out or "/", 303, {"Clear-Site-Data": '"cache"'})


def _page(
    request: Request,
    pages: PagesDep,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    *,
    status: int = 0,
) -> Response:
    prepare_form(request)
    return pages.render(
        request,
        "access/sign_in.html",
        status_code=status or (422 if errors else 200),
        values=values,
        errors=errors or {},
        has_france_connect=house_of(request).france_connect is not None,
        has_kept=has_kept_forms(request),
    )


def _wait_words(time: timedelta) -> str:
    minutes = max(1, -(-time // timedelta(minutes=1)))
    return (
        f"Trop d’essais en peu de temps. Attendez {plural(minutes, 'minute')}, ou laissez le mot "
        "de passe vide : nous vous enverrons un lien par mail."
    )
