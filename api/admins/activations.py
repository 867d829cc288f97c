"""Writing to the families known before the portal: chosen and counted, then sent in one act."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from activities.activation_letters import KIND
from activities.letter_words import LetterWords
from api.access.confirming import Confirmed
from api.access.rules import Admin
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import act_id_of
from api.house import house_of
from api.pages import Pages
from domain.audit import What
from domain.french import plural
from storage.accounts import PARENT, Account
from storage.store import Store

router = APIRouter(prefix="/familles/courriers")

_HERE = "/admin/familles/courriers"
_WHO = {"new": "Celles à qui personne n’a écrit", "again": "Celles qui ne sont pas encore venues"}


@router.get("")
async def show(
    _: Admin,
    request: Request,
    store: Reading,
    pages: PagesDep,
    at: Now,
    qui: str = "new",
    ecole: str = "",
) -> Response:
    """Show how far it has come, whom a choice would write to, and the letter."""
    return await _page(request, store, pages, at, who=qui, school=ecole)


@router.post("")
async def send(
    visitor: Admin,
    request: Request,
    form: CheckedForm,
    _: Confirmed,
    house: HouseDep,
    writing: Writing,
    tell: Tell,
    at: Now,
) -> Response:
    """Have everybody chosen written to. The same form twice: each person once."""
    async with writing() as store:
        await store.accounts.take_turn("activations")
        count = await store.activations.ask(
            at,
            house.settings.activation_letters_per_minute,
            again=form.get("qui") == "again",
            school=form.get("ecole", ""),
            by=visitor.account.id,
        )
        if count:
            line = line_of(request, What.ACTIVATIONS_ASKED, letters=str(count))
            await store.audit.add(line)
    if count:
        letters = plural(count, "courrier part", "courriers partent")
        await tell("success", f"{letters} dans les prochaines minutes.")
    return RedirectResponse(_HERE, 303)


async def _page(
    request: Request, store: Store, pages: Pages, at: datetime, *, who: str, school: str
) -> Response:
    schools = {one.id: one.name for one in await store.town.schools()}
    who, school = who if who in _WHO else "new", school if school in schools else ""
    per_minute = house_of(request).settings.activation_letters_per_minute
    count = await store.activations.count(at, again=who == "again", school=school)
    somebody = Account("", "", PARENT, "Prénom Nom", "", (), None, None)
    subject, text = LetterWords().render(
        KIND,
        {
            "town": await store.town.card(),
            "link": f"{house_of(request).settings.site_url}/connexion",
            "account": somebody,
        },
    )
    return pages.render(
        request,
        "admins/activations.html",
        values={"qui": who, "ecole": school},
        who=[{"value": code, "label": words} for code, words in _WHO.items()],
        schools=list(schools.items()),
        count=count,
        minutes=max(1, -(-count // per_minute)),
        progress=await store.activations.progress(),
        subject=subject,
        paragraphs=[one for one in text.split("\n\n") if one.strip()],
        act_id=act_id_of({}),
    )
