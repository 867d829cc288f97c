"""From a row to a frozen record: the record's fields name the columns it wants."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from secrets import token_hex
from typing import Any, TypeVar

from sqlalchemy import Column, RowMapping, Table

R = TypeVar("R")
_AN_ID = re.compile(r"[0-9a-f]{32}")


@cache
def columns(table: Table, record: type[Any]) -> tuple[Column[Any], ...]:
    """The columns of `table` that `record` has fields for, in the order of its fields."""
    return tuple(table.c[field.name] for field in fields(record) if field.name in table.c)


def as_record(record: type[R], row: RowMapping | Mapping[str, Any], **more: object) -> R:
    """One record from one row; `more` gives the fields that are not columns."""
    known = {field.name: row[field.name] for field in fields(record) if field.name in row}  # type: ignore[arg-type]
    return record(**{**known, **more})


def fitting(table: Table, **values: Any) -> dict[str, Any]:
    """These values, with texts cut at what their columns hold.

    For what people typed, which may be too long: they were told, and it stays whole in their
    answers. PostgreSQL refuses a text that is too long, SQLite takes it.
    """
    return {
        name: value[: getattr(table.c[name].type, "length", None)]
        if isinstance(value, str)
        else value
        for name, value in values.items()
    }


def new_id() -> str:
    """An opaque id: 128 random bits, hexadecimal."""
    return token_hex(16)


def is_id(text: str) -> bool:
    """Whether this can be an opaque id of ours; anybody may write anything in an address."""
    return _AN_ID.fullmatch(text) is not None


def sort_key(*names: str) -> str:
    """How names sort: without accents nor case, so that École comes before Fabre everywhere.

    Lists of names are short: they are put in order here and not by the database, which may have
    been made with the order of another language.
    """
    text = unicodedata.normalize("NFKD", " ".join(names)).casefold()
    text = text.replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    return "".join(sign for sign in text if not unicodedata.combining(sign))[:250]
