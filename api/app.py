"""The composition root of the site: every part is built here, once, and handed down."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from activities.api_particulier import ApiParticulier
from activities.letter_writer import LetterWriter, Sender
from api import health
from api.access.every_page import shared
from api.access.passwords import Passwords
from api.access.router import router as access
from api.access.rules import ANYONE
from api.access.vouching import FranceConnect
from api.admins.router import router as admins
from api.errors import add_error_pages
from api.gateway import Gateway
from api.house import House, TownHallCard
from api.local.router import router as local
from api.logs import log_as_json
from api.own_time import OwnTime
from api.pages import Pages, TownHall
from api.parents.router import router as parents
from api.rest.description import describe
from api.rest.heads import Heads
from api.rest.router import router as rest
from api.security import Guard
from api.staff.router import router as staff
from api.static_files import StaticFiles
from settings import Settings
from storage import clock
from storage.keepers import files_at
from storage.store import DATABASE_ERRORS, OpenStore, connect, store_opener

VERSION = "1.0.0"
"""Of the JSON facade, as its description says it."""


@cache
def description() -> dict[str, Any]:
    """What the JSON facade says of itself; made when first asked."""
    return describe(rest, VERSION)


def create_app(
    settings: Settings | None = None,
    *,
    gateway: Gateway | None = None,
    now: Callable[[], datetime] = clock.now,
) -> FastAPI:
    """Build the site. The parts that hold something open live as long as the site runs.

    Raises:
        pydantic.ValidationError: `settings` is not given and the environment is wrong.
    """
    settings = settings or Settings()
    static_files = StaticFiles()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        log_as_json()
        # Two pools: a page that reads while it waits to write must not wait for itself.
        engines = connect(settings.sql_url), connect(settings.sql_url)
        keys = settings.sealing_keys
        reading = store_opener(engines[0], keys, reading=True)
        writing = store_opener(engines[1], keys)
        france_connect = FranceConnect(settings, now) if settings.has_france_connect else None
        api_particulier = _api_particulier(settings)
        app.state.house = House(
            settings=settings,
            reading=reading,
            writing=writing,
            files=files_at(settings.files_folder, settings.bucket),
            gateway=gateway or await _gateway(settings, writing),
            writer=LetterWriter(Sender(settings.site_url, settings.mail_from, settings.secrets[0])),
            pages=Pages(
                TownHall(name="votre commune"),
                static_files=static_files,
                shared=shared,
                is_local=settings.is_local,
            ),
            passwords=Passwords(),
            clock=now,
            town_hall=TownHallCard(),
            france_connect=france_connect,
            api_particulier=api_particulier,
        )
        with contextlib.suppress(*DATABASE_ERRORS):
            async with app.state.house.reading() as store:
                await app.state.house.town_hall.refresh(store, now())
        yield
        await asyncio.gather(*app.state.house.errands, return_exceptions=True)
        if france_connect is not None:
            await france_connect.close()
        if api_particulier is not None:
            await api_particulier.close()
        for engine in engines:
            await engine.dispose()

    app = FastAPI(
        title="Ribambelle",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.include_router(health.router)
    app.include_router(static_files.router, dependencies=[ANYONE])
    app.router.routes.extend(_rooms(is_local=settings.is_local).routes)
    app.state.description = description
    add_error_pages(app)
    app.add_middleware(Heads)
    app.add_middleware(OwnTime)
    app.add_middleware(Guard, settings=settings)
    if settings.proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.proxies)
    return app


@cache
def _rooms(*, is_local: bool) -> APIRouter:
    """Every room. Its routes are worked out when first asked for, once for all sites of a process.

    A town has one site in each process; the tests have hundreds in theirs.
    """
    rooms = APIRouter()
    for room in (access, parents, staff, admins, rest, *([local] if is_local else [])):
        rooms.include_router(room)
    return rooms


async def _gateway(settings: Settings, writing: OpenStore) -> Gateway:
    return await Gateway.connect(settings.engine_address, settings.temporal_namespace, writing)


def _api_particulier(settings: Settings) -> ApiParticulier | None:
    if not settings.has_api_particulier:
        return None
    token = settings.api_particulier_token.get_secret_value()
    return ApiParticulier(settings.api_particulier_url, token, settings.api_particulier_siret)
