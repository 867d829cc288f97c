"""At the counter: another mail address for somebody who no longer reads theirs."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.address_links import renew_everywhere
from api.access.confirming import Confirmed
from api.access.kept_forms import typed_before
from api.access.links import mail_address
from api.access.notices import mail_afterwards
from api.access.rules import Agent
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell
from api.house import House
from api.pages import Pages
from api.staff.family_view import Family, load_family, why_not_hand_over
from api.staff.room import see
from domain.audit import What
from domain.errors import NotFound
from domain.paper import has_mail
from domain.states import Actor
from storage.accounts import Account
from storage.address_changes import REPLACED
from storage.records import new_id
from storage.store import Store

router = APIRouter()

REASONS = {
    "no_access": "La personne ne lit plus l’ancienne adresse",
    "misspelt": "L’ancienne adresse était mal écrite",
}
_NO_ADDRESS = "Écrivez une adresse mail complète, par exemple prenom.nom@exemple.fr."
_SAME = "C’est déjà l’adresse de cette famille."
_TAKEN = "Cette adresse a déjà un compte : demandez à un administrateur de réunir les deux."
_NO_REASON = "Choisissez une raison."
_NOT_SEEN = "Regardez une pièce d’identité avant de changer l’adresse."


@router.get("/agent/familles/{family_id}/nouvelle-adresse")
async def ask(
    request: Request, family_id: str, visitor: Agent, store: Reading, pages: PagesDep
) -> Response:
    """Ask for the new address, why, and whether the person has shown who they are."""
    family = await _family(store, family_id, visitor.account)
    before = typed_before(request, request.url.path)
    return await _page(request, store, pages, family, before, {})


@router.post("/agent/familles/{family_id}/nouvelle-adresse")
async def change(
    request: Request,
    family_id: str,
    visitor: Agent,
    form: CheckedForm,
    _: Confirmed,
    store: Reading,
    house: HouseDep,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Change the address at once, tell the one before, and mail a link to the new one.

    The same form twice: the second time it is the family's address already, and nothing is done.
    """
    family = await _family(store, family_id, visitor.account)
    email, back = mail_address(form.get("email", "")), f"/agent/familles/{family_id}"
    errors = _problems(form, email)
    if not errors and email == family.account.email:
        errors = {"email": _SAME}
    if errors or await why_not_hand_over(store, family):
        return await _page(request, store, pages, family, form, errors)
    if not await _change(request, house, family, email, form["reason"], at):
        return await _page(request, store, pages, family, form, {"email": _TAKEN})
    await tell("success", f"L’adresse est changée. Un lien pour entrer part à {email}.")
    return see(back)


def _problems(form: Mapping[str, str], email: str) -> dict[str, str]:
    problems = {}
    if not email:
        problems["email"] = _NO_ADDRESS
    if form.get("reason") not in REASONS:
        problems["reason"] = _NO_REASON
    if not form.get("seen"):
        problems["seen"] = _NOT_SEEN
    return problems


async def _change(
    request: Request, house: House, family: Family, email: str, reason: str, at: datetime
) -> bool:
    """All of it in one transaction; False, and nothing, when somebody has the address."""
    account, act = family.account, new_id()
    async with house.writing() as store:
        await store.accounts.take_turn(account.id)
        if not await store.accounts.set_email(account.id, email):
            return False
        await store.address_changes.end_of_account(account.id, REPLACED, at)
        await store.letters.follow(account.id, account.email, email)
        await renew_everywhere(request, store, account.id)
        line = line_of(request, What.ADDRESS_CHANGED_AT_DESK, subject=account.id, reason=reason)
        await store.audit.add(line)
        for dossier in family.every:
            await store.events.add(
                dossier.id,
                f"address:{act}",
                at=at,
                what="address_corrected",
                actor=Actor.AGENT,
                actor_id=family.agent.id,
                state=dossier.state,
            )
        told = await house.writer.to_address(
            store, account.email, "address_changed", path="/aide", at=at, by_town=True
        )
        mail_afterwards(request, told)
        mail_afterwards(request, await house.writer.access_link(store, email, known=True, at=at))
    return True


async def _family(store: Store, family_id: str, agent: Account) -> Family:
    """A family with an address of its own; NotFound for one without, or without any dossier here.

    One that the agent knows nothing of would be anybody's account.
    """
    family = await load_family(store, family_id, agent)
    if not has_mail(family.account.email) or not family.known:
        raise NotFound
    return family


async def _page(
    request: Request,
    store: Store,
    pages: Pages,
    family: Family,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    return pages.ask(
        request,
        "staff/family_address.html",
        family=family.account,
        why_not=await why_not_hand_over(store, family),
        reasons=[{"value": code, "label": words} for code, words in REASONS.items()],
        values=values,
        errors=errors,
    )
