"""The pages that everybody may read: home, help, and what the law wants said."""

from fastapi import APIRouter, Request, Response

from api.access.rules import Anyone
from api.access.ways import HOMES
from api.dependencies import PagesDep, Reading
from domain.retention import PERIODS

router = APIRouter()


@router.get("/")
async def home(visitor: Anyone, request: Request, store: Reading, pages: PagesDep) -> Response:
    """What the portal does, and which procedures are open."""
    procedures = await store.town.procedures()
    return pages.render(
        request,
        "public/home.html",
        procedures=procedures,
        department=await store.town.department(procedures[0].department) if procedures else None,
        own_home=HOMES[visitor.account.role] if visitor.account else "",
    )


@router.get("/aide")
async def aid(visitor: Anyone, request: Request, store: Reading, pages: PagesDep) -> Response:
    """Questions and answers, and whom to call."""
    del visitor
    return pages.render(request, "public/help.html", departments=await store.town.departments())


@router.get("/accessibilite")
async def accessibility(visitor: Anyone, request: Request, pages: PagesDep) -> Response:
    """How far the portal can be used by everybody, and whom to tell when it cannot."""
    del visitor
    return pages.render(request, "public/accessibility.html")


@router.get("/donnees-personnelles")
async def personal_data(visitor: Anyone, request: Request, pages: PagesDep) -> Response:
    """Which data are kept, why, for how long, and which rights people have."""
    del visitor
    return pages.render(request, "public/personal_data.html", periods=PERIODS)


@router.get("/mentions-legales")
async def legal_notice(visitor: Anyone, request: Request, pages: PagesDep) -> Response:
    """Who publishes the portal."""
    del visitor
    return pages.render(request, "public/legal_notice.html")
