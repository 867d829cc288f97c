"""What a route may ask for, by type.

    async def show(visitor: Parent, dossier: OwnDossier, store: Reading, pages: PagesDep) -> …

The access rule (`api/access/rules.py`) comes first in the signature: who may not come in is told
so before anything else is looked at.
"""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from api.access.notices import Tell as _Tell
from api.access.notices import tell
from api.forms import Form, checked_form
from api.gateway import Gateway
from api.house import READING, House, house_of, now
from api.pages import Pages
from settings import Settings
from storage.files import Files
from storage.store import OpenStore, Store


def _settings(request: Request) -> Settings:
    return house_of(request).settings


def _pages(request: Request) -> Pages:
    return house_of(request).pages


def _gateway(request: Request) -> Gateway:
    return house_of(request).gateway


def _files(request: Request) -> Files:
    return house_of(request).files


def _writing(request: Request) -> OpenStore:
    return house_of(request).writing


HouseDep = Annotated[House, Depends(house_of)]
SettingsDep = Annotated[Settings, Depends(_settings)]
PagesDep = Annotated[Pages, Depends(_pages)]
GatewayDep = Annotated[Gateway, Depends(_gateway)]
FilesDep = Annotated[Files, Depends(_files)]

Reading = Annotated[Store, READING]
"""A store opened read-only for this request. Ask for it after the form: a slow browser holds it."""

Writing = Annotated[OpenStore, Depends(_writing)]
"""What opens a unit of work: `async with writing() as store:`."""

Now = Annotated[datetime, Depends(now)]
"""One moment for the whole request, aware, in UTC."""

CheckedForm = Annotated[Form, Depends(checked_form)]
"""The fields of a form without files, once it is sure that it came from our own page."""

Tell = Annotated[_Tell, Depends(tell)]
"""`await tell("success", "Le dossier est retiré.")`: said once, at the top of the next page."""
