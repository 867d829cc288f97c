"""What was sent after the session had ended: kept for whoever wrote it, and shown again to them.

    values = typed_before(request, address) or what_is_kept

Kept are the words, never a password, a code or a file; 64 kB at most; one hour; under seal; for
the same browser and the same account. The page shows its form filled in again; one that does not
know how shows the words themselves, to be copied (base.html).
"""

from secrets import token_hex

from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from api.access.cookies import cookie, kept_cookie, set_cookie
from api.access.rules import page_of
from api.access.typed_words import is_secret, typed_words
from api.access.ways import safe_way
from api.forms import Form
from api.house import house_of, now
from domain.tokens import mark_in, token_hash
from storage.kept_forms import LIFE, KeptForm

MOST_BYTES = 64 * 1024
_ROOMS = (
    "/dossiers/",
    "/inscription/",
    "/enfants/",
    "/famille/",
    "/reglements/",
    "/quotient",
    "/agent/",
    "/admin/",
    "/compte/",
)
_LONGEST_PATH = 300


async def keep_form(request: Request, form: Form) -> str:
    """Keep a form that came too late, and give the page to come back to; "" if it cannot be kept.

    It is not when its token was never written by this portal, when it holds no words, or too many.
    """
    house, at, action = house_of(request), now(request), request.url.path
    owner = mark_in(house.settings.secrets, form.get("csrf", ""))
    fields = [
        (name, value)
        for name in form
        if name != "csrf" and not is_secret(name)
        for value in form.getlist(name)
    ]
    weight = sum(len(name.encode()) + len(value.encode()) for name, value in fields)
    back_to = way_back(request)
    is_ours = action.startswith(_ROOMS) and len(action) <= _LONGEST_PATH
    if not (owner and is_ours and back_to and typed_words(fields)) or weight > MOST_BYTES:
        return ""
    browser = cookie(request, kept_cookie(house.settings)) or token_hex(32)
    kept = KeptForm(back_to.partition("?")[0], action, fields)
    async with house.writing() as store:
        await store.kept_forms.keep(token_hash(browser), owner, kept, at)
    set_cookie(request, kept_cookie(house.settings), browser, seconds=int(LIFE.total_seconds()))
    return back_to


def typed_before(request: Request, *actions: str) -> Form:
    """What the person of this page had sent to one of these addresses too late; empty if nothing.

    To be asked only by a page that shows all of it.
    """
    kept = kept_form(request)
    if kept is None or kept.action not in actions:
        return Form([])
    request.state.kept_is_shown = True
    return Form(list(kept.fields))


def kept_form(request: Request) -> KeptForm | None:
    """What was sent from this page when the session before had ended; `typed_before` shows it."""
    form: KeptForm | None = getattr(request.state, "kept", None)
    return form


def way_back(request: Request) -> str:
    """The page on which a form was filled in, or the nearest one that opens by its address."""
    path, mark, query = page_of(request).partition("?")
    if path == "/":  # a browser that never says where it comes from
        path = request.url.path
    page = path
    while page and not _opens(request.app, page):
        page = page.rpartition("/")[0]
    return safe_way(f"{page}{mark}{query}" if page == path else page)


def _opens(app: FastAPI, path: str) -> bool:
    if not hasattr(app.state, "pages"):
        app.state.pages = [
            compile_path(str(one.path))[0]
            for one in iter_route_contexts(app.routes)
            if "GET" in (one.methods or ())
        ]
    return any(pattern.match(path) for pattern in app.state.pages)
