"""Lists that leave as CSV, for the spreadsheets of a town hall: UTF-8 with its mark, semicolons.

A text that a spreadsheet would take for a formula gets an apostrophe before it, so that what a
family typed is never run on an agent's machine; every cell is quoted.
"""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from fastapi.responses import Response

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""How a cell that is run begins, also in the wide signs that some spreadsheets read alike."""


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The whole file as text, its heads first."""
    return "".join(f"{';'.join(map(_cell, row))}\r\n" for row in (heads, *rows))


def csv_answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """The list as a file to keep, `name` without its ending."""
    return Response(
        csv_text(heads, rows).encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.csv"},
    )


def _cell(text: str) -> str:
    text = text.replace("\x00", "")
    safe = f"'{text}" if _FORMULA.match(text) else text
    return '"' + safe.replace('"', '""') + '"'
