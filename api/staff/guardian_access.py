"""The other parent's access to a dossier: staff who read rulings end it, on a day, or give it back.

Nothing has to run on that day: the access is looked at each time somebody reads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api.access.confirming import Confirmed
from api.access.kept_forms import typed_before
from api.access.notices import mail_afterwards
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell
from api.house import House
from api.pages import Pages
from api.staff.room import ReadGroups, SentDossier, see
from api.staff.trail import TrailDep, trail_from
from api.standing import child_of
from domain import french
from domain.audit import What
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.guardian_access import REASONS, WITH_RULING, GuardianAccess, Stage
from domain.questions import as_day
from domain.rights import FieldGroup
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.store import Store

router = APIRouter()

NOW, ON_A_DAY = "now", "day"
_BADGES: Mapping[Stage, tuple[str, str, str]] = {
    Stage.INVITED: ("waiting", "…", "Invitation envoyée"),
    Stage.EXPIRED: ("neutral", "–", "Invitation trop vieille"),
    Stage.OPEN: ("ok", "✓", "A accès"),
    Stage.ENDED: ("alert", "X", "Accès fermé"),
    Stage.TAKEN_BACK: ("neutral", "–", "Invitation reprise"),
    Stage.DECLINED: ("neutral", "–", "Invitation sans suite"),
}


def custody_dossier(dossier: SentDossier, groups: ReadGroups) -> Dossier:
    """A dossier whose rulings this agent reads; NotFound for those who do not."""
    if FieldGroup.CUSTODY not in groups:
        raise NotFound
    return dossier


CustodyDossier = Annotated[Dossier, Depends(custody_dossier)]


@dataclass(frozen=True)
class Ending:
    """The end of an access as the form asks for it: the first day without, why, by which ruling."""

    on: date
    reason: str
    ruling_on: date | None


@router.get("/agent/dossiers/{dossier_id}/acces")
async def show(
    request: Request,
    dossier: CustodyDossier,
    store: Reading,
    pages: PagesDep,
    trail: TrailDep,
    now: Now,
) -> HTMLResponse:
    """Who was invited, who is in, who was shut out; and the form that ends an access.

    By whichever registration of the children of this dossier.
    """
    href, before = trail.desk_href(dossier.id), typed_before(request, request.url.path)
    return await _page(request, store, pages, dossier, now, desk_href=href, values=before)


@router.post("/agent/dossiers/{dossier_id}/acces")
async def end(
    request: Request,
    dossier: CustodyDossier,
    form: CheckedForm,
    _: Confirmed,
    house: HouseDep,
    store: Reading,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """End an access, at once or on a day. Twice: the last word stands, and one more letter."""
    accesses = await store.guardian_accesses.around(dossier.id)
    chosen = next((one for one in accesses if one.id == form.get("access")), None)
    ending, errors = _read(form, paris_day(now))
    if chosen is None:
        errors = {"access": "Choisissez la personne.", **errors}
    if chosen is None or ending is None or errors:
        href = trail_from(form).desk_href(dossier.id)
        return await _page(
            request, store, pages, dossier, now, desk_href=href, values=form, errors=errors
        )
    async with house.writing() as books:
        registered = await books.dossiers.find(chosen.dossier_id)
        letter_id = await end_access(request, house, books, registered, chosen, ending, now)
    mail_afterwards(request, letter_id)
    is_now = ending.on <= paris_day(now)
    day = french.day(ending.on)
    await tell("success", "L’accès est fermé." if is_now else f"L’accès se fermera le {day}.")
    return see(trail_from(form).under(dossier.id, "acces"))


@router.post("/agent/dossiers/{dossier_id}/acces/{access_id}/rendre")
async def give_back(
    request: Request,
    dossier: CustodyDossier,
    access_id: str,
    form: CheckedForm,
    _: Confirmed,
    house: HouseDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Open an access again, or leave open what was to end. Twice: once."""
    letter_id = ""
    async with house.writing() as store:
        accesses = await store.guardian_accesses.around(dossier.id)
        access = next((one for one in accesses if one.id == access_id), None)
        if access is None:
            raise NotFound
        if access.ends_on is not None:
            await store.guardian_accesses.give_back(access.id)
            await store.audit.add(
                line_of(
                    request,
                    What.GUARDIAN_GIVEN_BACK,
                    dossier_id=access.dossier_id,
                    subject=access.id,
                )
            )
            registered = await store.dossiers.find(access.dossier_id)
            path = f"/enfants/{registered.id}"
            letter_id = await _tell_them(house, store, registered, access, "back", path, now)
    mail_afterwards(request, letter_id)
    await tell("success", "L’accès est rendu.")
    return see(trail_from(form).under(dossier.id, "acces"))


async def end_access(
    request: Request,
    house: House,
    store: Store,
    dossier: Dossier,
    access: GuardianAccess,
    ending: Ending,
    now: datetime,
) -> str:
    """End an access to this dossier, with its line and its letter, whose id is given to mail it.

    "" for somebody to whom no letter goes. Twice: the last word stands.
    """
    line = line_of(
        request,
        What.GUARDIAN_ENDED,
        dossier_id=dossier.id,
        subject=access.id,
        reason=ending.reason,
        on=ending.on.isoformat(),
    )
    await store.guardian_accesses.end(
        access.id,
        ending.on,
        reason_code=ending.reason,
        ruling_on=ending.ruling_on,
        by=line.behind_id or line.actor_id,
        at=now,
    )
    await store.audit.add(line)
    return await _tell_them(
        house, store, dossier, access, "ended", "/accueil", now, ends=french.day(ending.on)
    )


async def _tell_them(
    house: House,
    store: Store,
    dossier: Dossier,
    access: GuardianAccess,
    what: str,
    path: str,
    now: datetime,
    **facts: str,
) -> str:
    """Write the neutral letter to the person concerned; "" for whoever never accepted."""
    account = await store.accounts.by_id(access.account_id) if access.account_id else None
    if account is None or account.disabled_at is not None:
        return ""
    department = await store.town.department(dossier.department)
    return await house.writer.to_person(
        store,
        account,
        f"guardian_access_{what}",
        path=path,
        at=now,
        of_child=french.of(child_of(dossier)),
        department=f"{department.name}, {department.phone}",
        **facts,
    )


def _read(form: Mapping[str, str], today: date) -> tuple[Ending | None, dict[str, str]]:
    when, reason = form.get("when", ""), form.get("reason", "")
    on = today if when == NOW else as_day(_typed(form, "ends"))
    ruling = as_day(_typed(form, "ruling"))
    errors = {}
    if when not in (NOW, ON_A_DAY):
        errors["when"] = "Choisissez quand l’accès se ferme."
    elif on is None or on < today:
        errors["ends"] = "Écrivez un jour à venir, ou choisissez « Dès maintenant »."
    if reason not in REASONS:
        errors["reason"] = "Choisissez un motif."
    if reason in WITH_RULING and (ruling is None or ruling > today):
        errors["ruling"] = "Écrivez le jour de la décision de justice."
    if errors or on is None:
        return None, errors
    return Ending(on, reason, ruling if reason in WITH_RULING else None), {}


def _typed(form: Mapping[str, str], name: str) -> str:
    return "/".join(form.get(f"{name}_{part}", "").strip() for part in ("day", "month", "year"))


async def _page(
    request: Request,
    store: Store,
    pages: Pages,
    dossier: Dossier,
    now: datetime,
    *,
    desk_href: str,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> HTMLResponse:
    accesses = await store.guardian_accesses.around(dossier.id)
    others = {one.dossier_id for one in accesses} - {dossier.id}
    by = {one: child_of(await store.dossiers.find(one)) for one in sorted(others)}
    ids = {one for access in accesses for one in (access.account_id, access.ended_by) if one}
    people = {one: await store.accounts.by_id(one) for one in sorted(ids)}
    rows = [_row(one, people, now, by.get(one.dossier_id, "")) for one in accesses]
    return pages.ask(
        request,
        "staff/guardian_access.html",
        dossier=dossier,
        child=child_of(dossier),
        desk_href=desk_href,
        here=f"/agent/dossiers/{dossier.id}/acces",
        rows=rows,
        options=[{"value": row["id"], "label": row["name"]} for row in rows if row["may_end"]],
        whens=[
            {"value": NOW, "label": "Dès maintenant"},
            {"value": ON_A_DAY, "label": "À partir d’un jour"},
        ],
        reasons=list(REASONS.items()),
        values=values or {},
        errors=errors,
    )


def _row(
    access: GuardianAccess, people: Mapping[str, Account | None], now: datetime, child: str
) -> Mapping[str, Any]:
    account = people.get(access.account_id or "")
    by = people.get(access.ended_by or "")
    stage = access.stage(now, paris_day(now))
    name = account.name or access.email if account else access.email
    return {
        "id": access.id,
        "name": f"{name}, pour {child}" if child else name,
        "email": account.email if account else access.email,
        "state": _BADGES[stage],
        "lines": _lines(access, by.name if by else ""),
        "may_end": stage in {Stage.INVITED, Stage.EXPIRED, Stage.OPEN},
        "may_give_back": access.ends_on is not None,
    }


def _lines(access: GuardianAccess, by: str) -> Sequence[str]:
    lines = [f"Invitation du {french.day(access.invited_at)}."]
    if access.accepted_at:
        lines.append(f"Acceptée le {french.day(access.accepted_at)}.")
    if access.ends_on and access.ended_at:
        lines.append(f"Sans accès à partir du {french.day(access.ends_on)}.")
        ruling = f" du {french.day(access.ruling_on)}" if access.ruling_on else ""
        lines.append(f"Motif : {REASONS[access.reason_code].lower()}{ruling}.")
        lines.append(f"Noté le {french.day(access.ended_at)}" + (f" par {by}." if by else "."))
    return lines
