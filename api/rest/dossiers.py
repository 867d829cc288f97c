"""The dossiers: opened, listed, read."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from api.beginning import open_procedure
from api.dependencies import GatewayDep, Now, Reading, Writing
from api.rest import shapes
from api.rest.bearer import ReadDossier, Reader, Writer
from api.rest.giving import PREFIX, act_shape, acts_of
from api.rest.headers import ActKey, tag
from api.rest.opening import Opener
from api.rest.requests import OpeningBody
from api.rest.views import summary, whole_dossier
from api.timeline import Audience, lines
from domain.errors import Invalid, NotFound
from domain.rights import departments_of
from domain.states import State
from storage.listings import Cursor, Listing

router = APIRouter(tags=["Dossiers"])

_MOST = 100


@router.post("/dossiers", status_code=201, summary="Commencer un dossier")
async def open_dossier(
    bearer: Writer,
    key: ActKey,
    sent: OpeningBody,
    store: Reading,
    writing: Writing,
    gateway: GatewayDep,
    response: Response,
    at: Now,
) -> shapes.Dossier:
    """Ouvre un brouillon, pré-rempli de ce que la mairie sait de la famille.

    Une actualisation et un changement (`changer-…`) demandent une famille connue ; une seule
    actualisation est ouverte à la fois. Deux fois avec la même clé : le même dossier.
    """
    procedure = await open_procedure(store, sent.procedure)
    acts = acts_of(bearer, writing, gateway, at)
    dossier = await Opener(writing, acts, bearer.account, key, at).open(store, procedure, sent)
    async with writing() as now:
        fresh = await now.dossiers.find(dossier.id)
        shown = await whole_dossier(now, fresh, bearer, at)
    response.headers["Location"] = f"{PREFIX}/dossiers/{dossier.id}"
    tag(response, fresh.version, shown.model_dump(mode="json"))
    return shown


@router.get("/dossiers", summary="Lister les dossiers")
async def list_dossiers(
    bearer: Reader,
    request: Request,
    store: Reading,
    state: Annotated[list[State] | None, Query(description="Un ou plusieurs états.")] = None,
    kind: Annotated[str | None, Query(max_length=20)] = None,
    department: Annotated[str | None, Query(max_length=40)] = None,
    updated_since: Annotated[
        AwareDatetime | None,
        Query(
            description="Ceux dont les réponses, l’état ou les documents ont changé depuis, "
            "par exemple 2026-11-21T08:00:00Z."
        ),
    ] = None,
    q: Annotated[
        str, Query(max_length=120, description="Pour un agent : nom, numéro ou adresse mail.")
    ] = "",
    cursor: Annotated[
        str, Query(max_length=200, description="Donné par `next` ; ne se compose pas à la main.")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 25,
) -> shapes.DossierList:
    """Ceux de la famille, ou ceux du service : les plus récents d’abord.

    Un agent ne voit que ce que les familles ont envoyé.
    """
    after = Cursor.read(cursor) if cursor else None
    if cursor and after is None:
        raise Invalid({"cursor": "Reprenez « next » sans le changer."})
    account = bearer.account
    listing = Listing(
        owner_id=account.id if account.role == "parent" else None,
        of_departments=departments_of(account.duties),
        states=tuple(state or ()),
        kind=kind or "",
        department=department or "",
        updated_since=_past(updated_since),
        words=" ".join(q.replace("\x00", "").split()),
    )
    found = await store.listings.page(listing, after=after, limit=limit + 1)
    shown = found[:limit]
    onward = None
    if len(found) > limit:
        address = request.url.include_query_params(cursor=listing.cursor_at(shown[-1]).written())
        onward = f"{address.path}?{address.query}"
    return shapes.DossierList(items=[summary(one) for one in shown], next=onward)


def _past(moment: datetime | None) -> datetime | None:
    """The moment if it can be told in UTC; the edges of the calendar cannot."""
    try:
        return moment.astimezone(UTC) if moment else None
    except OverflowError:
        raise Invalid({"updated_since": "Cette valeur ne convient pas."}) from None


@router.get("/dossiers/{dossier_id}", summary="Lire un dossier")
async def show_dossier(
    dossier: ReadDossier, bearer: Reader, store: Reading, response: Response, at: Now
) -> shapes.Dossier:
    """Où il en est, qui doit agir, avant quand, ce qui manque et ce qui a été donné."""
    shown = await whole_dossier(store, dossier, bearer, at)
    tag(response, dossier.version, shown.model_dump(mode="json"))
    return shown


@router.get("/dossiers/{dossier_id}/events", summary="L’historique d’un dossier")
async def list_events(dossier: ReadDossier, bearer: Reader, store: Reading) -> shapes.Events:
    """Ce qui s’est passé, quand et par qui."""
    audience: Audience = "parent" if bearer.account.role == "parent" else "staff"
    found = lines(dossier, await store.events.of(dossier.id), audience)
    return shapes.Events(
        items=[
            shapes.Event(
                at=one.at,
                text=one.text,
                who=one.who,
                detail=one.detail,
                letters=list(one.letters),
            )
            for one in found
        ]
    )


@router.get("/dossiers/{dossier_id}/acts/{act_id}", summary="Ce qu’est devenu un acte")
async def show_act(dossier: ReadDossier, act_id: str, store: Reading) -> shapes.Act:
    """À relire tant que l’acte attend."""
    act = await store.acts.find(act_id) if act_id.replace("-", "").isalnum() else None
    if act is None or act.dossier_id != dossier.id:
        raise NotFound
    return act_shape(act, dossier)
