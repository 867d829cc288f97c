"""The log of the site and the worker: one JSON object per line, with ids only.

No query string, no form, no name, no mail address, and no address of a page with a secret in it:
the route's pattern and its opaque ids say enough to find what happened.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime

from fastapi import Request

_all = logging.getLogger("ribambelle")
_log = logging.getLogger("ribambelle.site")
_MILLISECONDS = 1000
_AN_ID = re.compile(r"[0-9a-f]{32}")
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """One JSON object per line; what a record was given as `extra` becomes its members."""

    def format(self, record: logging.LogRecord) -> str:
        """One line for one record."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = {name: value for name, value in vars(record).items() if name not in _USUAL}
        line = {"at": at, "level": record.levelname.lower(), "what": record.getMessage(), **facts}
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json() -> None:
    """Send the log of this process to the standard error. Twice: nothing more."""
    if not _all.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        _all.addHandler(handler)
        _all.setLevel(logging.INFO)
        _all.propagate = False
        # Written again as lines of our own, without their stacks: "step failed", a 400 page.
        for name in ("temporalio.activity", "python_multipart"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    # Whoever turns everything on must not read about whom the CAF was asked: it is in the address.
    for name in ("httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


def note_request(request: Request, status: int, seconds: float) -> None:
    """One line for one answered request."""
    facts = {
        **_facts(request),
        "status": status,
        "ms": round(seconds * _MILLISECONDS),
        "failure": getattr(request.state, "failure", None),
    }
    _log.info("request", extra={k: v for k, v in facts.items() if v is not None})


def note_failure(request: Request, error: Exception) -> None:
    """Where an unforeseen error came from. Its message is left out: it may quote a person."""
    places = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-8:]
    ]
    facts = {**_facts(request), "error": type(error).__name__, "places": places}
    _log.error("failure", extra=facts)


def _facts(request: Request) -> dict[str, object]:
    account = getattr(getattr(request.state, "guest", None), "account", None)
    token_id = getattr(request.state, "token_id", "")
    route = request.scope.get("route")
    ids = {
        name: value if _AN_ID.fullmatch(value) else "odd"  # anybody may write anything there
        for name, value in request.path_params.items()
        if name.endswith("_id")
    }
    return {
        "incident": request.state.incident,
        "method": request.method,
        "route": getattr(route, "path", ""),
        **({"ids": ids} if ids else {}),
        **({"account": account.id} if account else {}),
        **({"token": token_id} if token_id else {}),
    }
