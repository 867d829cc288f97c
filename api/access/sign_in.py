"""The sign-in page: one mail address, a password for those who have one, one button."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.attempts import Attempts, Wait
from api.access.cookies import cookie, set_cookie
from api.access.links import mail_address, send_link
from api.access.rules import Anyone
from api.access.sessions import end_session, open_session, prepare_form
from api.access.ways import safe_way, way_after
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Writing
from api.forms import check_origin, check_token, read_form
from domain.french import plural

router = APIRouter()

WAY_COOKIE, ADDRESS_COOKIE = "suite", "adresse"
_AN_HOUR = 3600
_MOST_SIGNS = 200

_NO_ADDRESS = "Écrivez une adresse mail complète, par exemple prenom.nom@exemple.fr."
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
        await send_link(house, email, now)
        set_cookie(request, WAY_COOKIE, typed["suite"], seconds=_AN_HOUR)
        set_cookie(request, ADDRESS_COOKIE, email, seconds=_AN_HOUR)
        return RedirectResponse("/connexion/mail-envoye", 303)
    found = await Attempts(house, request, email).try_password(password, now)
    if isinstance(found, Wait):
        return _page(request, pages, typed, {"form": _wait_words(found.time)}, status=429)
    if found is None:
        return _page(request, pages, typed, {"password": _WRONG})
    async with writing() as store:
        await open_session(request, store, found)
    return RedirectResponse(way_after(found, typed["suite"]), 303)


@router.get("/connexion/mail-envoye")
async def link_sent(visitor: Anyone, request: Request, pages: PagesDep) -> Response:
    """Say where to look, and offer to send the link again."""
    del visitor
    prepare_form(request)
    return pages.render(
        request,
        "access/link_sent.html",
        email=mail_address(cookie(request, ADDRESS_COOKIE)),
        suite=safe_way(cookie(request, WAY_COOKIE)),
    )


@router.post("/deconnexion")
async def leave(visitor: Anyone, request: Request, writing: Writing) -> Response:
    """Sign out. Whoever already is, by the clock or another page, is simply led home."""
    if visitor.session is not None:
        check_origin(request)
        check_token(visitor, (await read_form(request)).get("csrf", ""))
        async with writing() as store:
            await end_session(request, store)
    return RedirectResponse("/", 303)


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
    )


def _wait_words(time: timedelta) -> str:
    minutes = max(1, -(-time // timedelta(minutes=1)))
    return (
        f"Trop d’essais en peu de temps. Attendez {plural(minutes, 'minute')}, ou laissez le mot "
        "de passe vide : nous vous enverrons un lien par mail."
    )
