"""Every component in every state: the surface on which they are looked at."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.rules import Anyone
from api.dependencies import PagesDep

router = APIRouter()


@router.get("/composants", response_class=HTMLResponse)
async def show(_: Anyone, request: Request, pages: PagesDep) -> HTMLResponse:
    """Show them all."""
    return pages.render(request, "local/composants.html")
