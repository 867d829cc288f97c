"""The account of whoever is signed in: what the portal knows, and where to change it."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.links import send_link
from api.access.places import place_of
from api.access.rules import SignedIn
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Tell

router = APIRouter()


@router.get("/compte")
async def show(visitor: SignedIn, request: Request, pages: PagesDep) -> Response:
    """Show the name and the address, and the way to everything that can be changed."""
    account = visitor.account
    return pages.render(request, "access/account.html", mine=account)


@router.post("/compte/mot-de-passe")
async def ask_for_a_link(
    visitor: SignedIn, request: Request, form: CheckedForm, house: HouseDep, tell: Tell, now: Now
) -> Response:
    """Mail a link with which a new password can be chosen."""
    del form
    await send_link(house, visitor.account.email, now, place=place_of(request))
    await tell("success", "Regardez vos mails : le lien reçu permet de choisir un mot de passe.")
    return RedirectResponse("/compte/securite", 303)
