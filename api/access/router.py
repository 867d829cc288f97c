"""Coming in: the public pages, the link by mail, the password, the account."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
