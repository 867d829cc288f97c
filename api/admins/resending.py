"""Sending a letter again, to the same address or to a corrected one."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.confirming import Confirmed
from api.access.links import mail_address
from api.access.places import place_of
from api.access.rules import Admin
from api.admins.letter_view import letter_page, may_resend
from api.admins.reasons import reason_problem
from api.dependencies import (
    CheckedForm,
    GatewayDep,
    Now,
    PagesDep,
    Reading,
    SettingsDep,
    Tell,
    Writing,
)
from api.form_acts import act_id_of
from domain.errors import DomainError, NotFound
from domain.states import Actor
from storage.accounts import PARENT
from storage.address_changes import REPLACED
from storage.letters import Letter
from storage.records import new_id
from storage.store import Store

router = APIRouter(prefix="/mails")

_NOT_A_FAMILY = (
    "Ce n’est pas l’adresse d’une famille : la personne change elle-même son adresse, depuis son "
    "compte."
)
_TAKEN = "Cette adresse est déjà celle d’une autre personne sur le portail."


class AddressIsTaken(DomainError):  # noqa: N818
    """Somebody else has the address, since an instant ago."""

    def __init__(self) -> None:
        super().__init__("address_taken")


@router.post("/{letter_id}/renvoi")
async def resend(
    letter_id: str,
    visitor: Admin,
    form: CheckedForm,
    _: Confirmed,
    request: Request,
    store: Reading,
    writing: Writing,
    gateway: GatewayDep,
    settings: SettingsDep,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Send the letter again, for a reason, and show the new one."""
    letter = await store.letters.find(letter_id)
    if letter is None or not may_resend(letter):
        raise NotFound
    errors = await _problems(store, letter, form)
    new_letter = ""
    if not errors:
        try:
            async with writing() as unit:
                new_letter = await _send_again(
                    unit,
                    letter,
                    form,
                    admin_id=visitor.account.id,
                    host=settings.mail_from.rpartition("@")[2],
                    at=now,
                    place=place_of(request),
                )
        except AddressIsTaken:  # somebody took it at this very instant: nothing was done
            errors = {"email": _TAKEN}
    if errors:
        view = await letter_page(store, letter_id, now)
        return pages.render(
            request,
            "admins/letter.html",
            **view,
            act_id=act_id_of(form),
            values=form,
            errors=errors,
            status_code=422,
        )
    await gateway.send_letter(new_letter)
    await tell("success", "Le courrier repart. Son état apparaît ici dès que le serveur a répondu.")
    return RedirectResponse(f"/admin/mails/{new_letter}", 303)


async def _problems(store: Store, letter: Letter, form: Mapping[str, str]) -> dict[str, str]:
    problems = {}
    address = mail_address(form.get("email", ""))
    owner = await store.accounts.by_email(address) if address else None
    if not address:
        problems["email"] = "Écrivez une adresse mail complète, par exemple nom@exemple.fr."
    elif owner is not None and owner.id != letter.account_id:
        problems["email"] = _TAKEN
    elif await _is_of_staff(store, letter, address):
        problems["email"] = _NOT_A_FAMILY
    if problem := reason_problem(form.get("reason", "")):
        problems["reason"] = problem
    return problems


async def _is_of_staff(store: Store, letter: Letter, address: str) -> bool:
    """Whether it would change the address of a colleague, by which they come in."""
    account = await store.accounts.by_id(letter.account_id or "")
    return account is not None and account.role != PARENT and account.email != address


async def _send_again(
    store: Store,
    letter: Letter,
    form: Mapping[str, str],
    *,
    admin_id: str,
    host: str,
    at: datetime,
    place: str,
) -> str:
    """Correct the address if it changed, write the letter again, and give the new one's id.

    All of it in one transaction. The same form twice: the letter of the first.
    """
    act_id, reason = act_id_of(form), form["reason"].strip()
    address = mail_address(form["email"])
    if letter.dossier_id is not None:
        await store.dossiers.hold(letter.dossier_id)
    is_new = await store.supervision.note_intervention(
        admin_id,
        "letter_sent_again",
        reason=reason,
        at=at,
        dossier_id=letter.dossier_id or "",
        subject=letter.id,
        intervention_id=act_id,
        place=place,
    )
    if not is_new:
        return await store.supervision.result_of(act_id)
    account = await store.accounts.by_id(letter.account_id or "")
    if account is not None and account.email != address:
        if not await store.accounts.set_email(account.id, address):
            raise AddressIsTaken
        # Whoever came in by the address before may be anybody.
        await store.accounts.end_sessions_of(account.id)
        await store.address_changes.end_of_account(account.id, REPLACED, at)
        await store.letters.follow(account.id, account.email, address)
        await store.supervision.note_intervention(
            admin_id,
            "address_corrected",
            reason=reason,
            at=at,
            dossier_id=letter.dossier_id or "",
            subject=letter.id,
            intervention_id=new_id(),
            place=place,
        )
        await _note_event(store, letter, "address_corrected", act_id, admin_id, at)
    new_letter = await store.letters.again(letter.id, address, host=host, at=at)
    await store.supervision.conclude(act_id, new_letter)
    await _note_event(store, letter, "letter_sent_again", act_id, admin_id, at)
    return new_letter


async def _note_event(
    store: Store, letter: Letter, what: str, act_id: str, admin_id: str, at: datetime
) -> None:
    if letter.dossier_id is None:
        return
    dossier = await store.dossiers.find(letter.dossier_id)
    await store.events.add(
        dossier.id,
        f"intervention:{what}:{act_id}",
        at=at,
        what=what,
        actor=Actor.ADMIN,
        actor_id=admin_id,
        state=dossier.state,
    )
