"""Families that may be known twice: compared side by side, then merged, or said to be two."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.confirming import Confirmed
from api.access.rules import Agent, covers
from api.audit import line_of
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing
from api.error_words import BY_CODE
from api.merging import merge_accounts
from api.pages import Pages
from api.staff.family_view import load_family, why_not_hand_over
from api.staff.known_twice import NOBODY, REASONS
from api.staff.room import see
from domain.audit import What
from domain.errors import NotFound
from domain.french import ago, plural
from domain.paper import NO_ADDRESS, shown_address
from storage.accounts import Account
from storage.merges import CannotMerge, Side
from storage.records import is_id
from storage.store import Store

router = APIRouter(prefix="/agent/doublons")

_MOST = 100


@router.get("")
async def show(
    visitor: Agent, request: Request, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """Show the pairs of accounts that nobody has settled, of which the agent may know one."""
    found = await store.doubles.open(limit=_MOST)
    known = await _known(store, visitor.account, [one.first_id for one in found])
    known |= await _known(store, visitor.account, [one.second_id for one in found])
    rows = [
        {
            "href": f"/agent/doublons/{one.first_id}/{one.second_id}",
            "names": f"{one.first_name or NOBODY} et {one.second_name or NOBODY}",
            "why": [REASONS[code].format(name) for code, name in one.reasons.items()],
            "when": ago(at, one.found_at),
        }
        for one in found
        if {one.first_id, one.second_id} & known
    ]
    return pages.render(request, "staff/doubles.html", rows=rows, is_cut=len(found) == _MOST)


@router.get("/{one_id}/{other_id}")
async def compare(
    visitor: Agent, one_id: str, other_id: str, request: Request, store: Reading, pages: PagesDep
) -> Response:
    """Show both accounts, and what merging them would do; whose children, to who may know them."""
    return await _page(request, store, pages, visitor.account, one_id, other_id)


@router.post("/{one_id}/{other_id}/fusion")
async def merge(
    visitor: Agent,
    one_id: str,
    other_id: str,
    request: Request,
    form: CheckedForm,
    _: Confirmed,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Merge the two into the one that is kept. The same form twice: once, and it says so.

    Raises:
        CannotMerge: the two stay two, or the agent may not see all of both.
    """
    kept_id = form.get("kept", "")
    errors = {}
    if kept_id not in (one_id, other_id):
        errors["kept"] = "Choisissez le compte que la famille garde."
    if not form.get("sure"):
        errors["sure"] = "Cochez la case : une fusion ne se défait pas."
    if errors:
        agent = visitor.account
        return await _page(
            request, store, pages, agent, one_id, other_id, values=form, errors=errors
        )
    gone_id = other_id if kept_id == one_id else one_id
    if await store.merges.is_merged(gone_id, kept_id):
        return see(f"/agent/familles/{kept_id}")
    for account_id in (kept_id, gone_id):
        if await why_not_hand_over(store, await load_family(store, account_id, visitor.account)):
            raise CannotMerge(
                "merge_not_all_yours", next_href=f"/agent/doublons/{one_id}/{other_id}"
            )
    async with writing() as books:
        done = await merge_accounts(request, books, kept_id, gone_id, by=visitor.account.id, at=at)
    moved = plural(len(done.dossier_ids), "dossier a changé", "dossiers ont changé")
    await tell("success", f"Les deux comptes n’en font plus qu’un : {moved} de compte.")
    return see(f"/agent/familles/{kept_id}")


@router.post("/{one_id}/{other_id}/distincts")
async def dismiss(
    visitor: Agent,
    one_id: str,
    other_id: str,
    request: Request,
    form: CheckedForm,
    writing: Writing,
    tell: Tell,
    at: Now,
) -> Response:
    """Say that they are two families: nobody is shown the pair again. Twice: once."""
    del form
    async with writing() as store:
        await _both(store, one_id, other_id)
        if await store.doubles.dismiss(one_id, other_id, by=visitor.account.id, at=at):
            line = line_of(request, What.DOUBLE_DISMISSED, subject=one_id, other=other_id)
            await store.audit.add(line)
    await tell("success", "C’est noté : ce sont deux familles. Elles ne seront plus signalées.")
    return see("/agent/doublons")


async def _both(store: Store, one_id: str, other_id: str) -> tuple[Side, Side]:
    """The two accounts; NotFound for anything but two open families."""
    if not is_id(one_id) or not is_id(other_id) or one_id == other_id:
        raise NotFound
    return await store.merges.sides(one_id, other_id)


async def _page(
    request: Request,
    store: Store,
    pages: Pages,
    agent: Account,
    one_id: str,
    other_id: str,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    one, other = await _both(store, one_id, other_id)
    why_not = await store.merges.why_not(one, other)
    if why_not == "merge_keep_mail":
        why_not = await store.merges.why_not(other, one)
    known = await _known(store, agent, (one_id, other_id))
    sides = [_told(side, is_known=side.account.id in known) for side in (one, other)]
    return pages.ask(
        request,
        "staff/double.html",
        here=f"/agent/doublons/{one_id}/{other_id}",
        sides=sides,
        options=[
            {"value": side["id"], "label": f"{side['name']}, {side['address']}"}
            for side in sides
            if side["has_mail"] or not any(each["has_mail"] for each in sides)
        ],
        why_not=BY_CODE[why_not] if why_not else None,
        values=values or {},
        errors=errors,
    )


async def _known(store: Store, agent: Account, ids: Collection[str]) -> frozenset[str]:
    """Those accounts of whose family the agent may know more: with a duty where it sent something.

    One that sent nothing is known by a list, and to every agent.
    """
    sent = await store.doubles.departments(ids)
    return frozenset(
        one for one, some in sent.items() if not some or any(covers(agent, code) for code in some)
    )


def _told(side: Side, *, is_known: bool) -> Mapping[str, Any]:
    """One account; of its children and other guardians nothing, unless the agent may know them."""
    kin = side.kin
    account, address = side.account, shown_address(side.account.email)
    return {
        "id": account.id,
        "name": account.name or NOBODY,
        "address": address or NO_ADDRESS,
        "has_mail": bool(address),
        "children": [
            _child(one.first_name, one.last_name, one.birth_date)
            for one in (kin.children if is_known else ())
        ],
        "others": sorted({one.name for one in kin.others if one.name and is_known}),
        "is_known": is_known,
        "dossiers": plural(side.dossiers, "dossier"),
        "documents": plural(side.documents, "document"),
        "letters": plural(side.letters, "courrier"),
        "came": "s’est déjà connecté" if side.has_signed_in else "ne s’est jamais connecté",
    }


def _child(first: str, last: str, birth_date: str) -> str:
    try:
        born = f"{date.fromisoformat(birth_date):%d/%m/%Y}"
    except ValueError:
        born = birth_date
    return f"{first} {last}" + (f", né(e) le {born}" if born else "")
