"""Signs of life: is the process alive, and can the portal be used?"""

import asyncio
import contextlib

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from activities.antivirus import antivirus_at
from api.access.rules import ANYONE
from api.house import House, house_of
from storage.store import DATABASE_ERRORS

router = APIRouter(include_in_schema=False, dependencies=[ANYONE])

_WITHIN = 1.0
_WORDS = {True: "ok", False: "missing", None: "absent"}


@router.get("/healthz")
async def healthz() -> JSONResponse:
    """Tell that the process is alive. Looks at nothing else."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Tell what works. Only a missing database makes the portal unusable (503).

    Anything else that is missing is `degraded` and named: what families give is kept, and goes on
    by itself once the part is back. An antivirus may be `absent`: the town has chosen none.
    """
    house = house_of(request)
    engine_host, _, engine_port = house.settings.engine_address.rpartition(":")
    has_database, has_engine, has_mail, has_files, has_antivirus = await asyncio.gather(
        _reads(house),
        answers(engine_host, int(engine_port)),
        answers(house.settings.smtp_host, house.settings.smtp_port),
        house.files.answers(),
        antivirus_at(house.settings.clamd).answers(),
    )
    parts = {
        "database": _WORDS[has_database],
        "engine": _WORDS[has_engine],
        "mail": _WORDS[has_mail],
        "files": _WORDS[has_files],
        "antivirus": _WORDS[has_antivirus],
    }
    degraded = [name for name, state in parts.items() if state == "missing"]
    status = "unavailable" if not has_database else "degraded" if degraded else "ready"
    return JSONResponse(
        {"status": status, "parts": parts, "degraded": degraded}, 200 if has_database else 503
    )


async def _reads(house: House) -> bool:
    try:
        async with asyncio.timeout(_WITHIN), house.reading() as store:
            await store.town.card()
    except (*DATABASE_ERRORS, TimeoutError):
        return False
    return True


async def answers(host: str, port: int) -> bool:
    """Whether somebody listens there, within a second."""
    try:
        async with asyncio.timeout(_WITHIN):
            _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True
