"""Read the form inside a PDF: which of its required fields are empty, by the names people see.

Runs in a child of the nursery only, and stops by itself besides: a form may name itself as its own
parent, or hold a hundred thousand fields. What was not reached is not spoken of.
"""

import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

_NODES_WALKED: Final = 12_000
_WALK_SECONDS: Final = 1.0
_DEEPEST: Final = 24
_NAMES_KEPT: Final = 20
_NAME_LENGTH: Final = 200
_REQUIRED: Final = 1 << 1
_PUSH_BUTTON: Final = 1 << 16
_OFF: Final = ("", "/Off", "Off")


@dataclass(frozen=True)
class Form:
    """`empty` are the names of required fields without a value, the first ones of `count`."""

    empty: tuple[str, ...] = ()
    count: int = 0
    is_xfa_only: bool = False


@dataclass(frozen=True)
class _Node:
    """A field; its type, flags, value and name are from those above it where it has none."""

    field: DictionaryObject
    kind: str
    flags: int
    value: Any
    path: str
    title: str
    depth: int


def form_in(reader: PdfReader) -> Form:
    """What the form of this PDF says; an empty `Form` where there is none, or none that reads."""
    root = _resolved(reader.trailer.get("/Root"))
    form = _resolved(root.get("/AcroForm")) if isinstance(root, DictionaryObject) else None
    if not isinstance(form, DictionaryObject):
        return Form()
    fields = _list(form.get("/Fields"))
    if not fields:
        return Form(is_xfa_only="/XFA" in form)
    return _walk(fields)


def _walk(fields: list[Any]) -> Form:
    until = time.process_time() + _WALK_SECONDS
    pending = deque((one, _Node(DictionaryObject(), "", 0, None, "", "", 0)) for one in fields)
    seen: set[tuple[int, int]] = set()
    asked: dict[str, tuple[str, bool]] = {}
    for _ in range(_NODES_WALKED):
        if not pending or time.process_time() > until:
            break
        item, above = pending.popleft()
        if isinstance(item, IndirectObject):
            if (item.idnum, item.generation) in seen:
                continue
            seen.add((item.idnum, item.generation))
        field = _resolved(item)
        if not isinstance(field, DictionaryObject) or above.depth >= _DEEPEST:
            continue
        node = _below(field, above)
        kids = _list(field.get("/Kids"))
        inner = [kid for kid in kids if _is_field(kid)]
        if inner:
            pending.extend((kid, node) for kid in inner)
        elif _is_asked(node):
            # Fields of one whole name are one field, in several places.
            name, was_filled = asked.get(node.path, (node.title or node.path, False))
            asked[node.path] = name, was_filled or _has_value(node, kids)
    empty = [name for name, is_filled in asked.values() if not is_filled]
    return Form(tuple(empty[:_NAMES_KEPT]), len(empty))


def _below(field: DictionaryObject, above: _Node) -> _Node:
    part = _text(field.get("/T"))
    flags = _resolved(field.get("/Ff"))
    value = _resolved(field.get("/V"))
    return _Node(
        field,
        _text(field.get("/FT")) or above.kind,
        flags if isinstance(flags, int) else above.flags,
        above.value if value is None else value,
        f"{above.path}.{part}"[-_NAME_LENGTH:] if above.path and part else part or above.path,
        _text(field.get("/TU")),
        above.depth + 1,
    )


def _is_field(kid: Any) -> bool:
    """Whether it is a field of its own, and not only the place of one on a page."""
    found = _resolved(kid)
    return isinstance(found, DictionaryObject) and ("/T" in found or "/Kids" in found)


def _is_asked(node: _Node) -> bool:
    is_push_button = node.kind == "/Btn" and bool(node.flags & _PUSH_BUTTON)
    return bool(node.kind) and bool(node.flags & _REQUIRED) and not is_push_button


def _has_value(node: _Node, kids: list[Any]) -> bool:
    if node.kind == "/Btn":
        # Some programs tick the box on the page, and leave the field as it was.
        places = [node.field, *(_resolved(kid) for kid in kids)]
        shown = [_text(one.get("/AS")) for one in places if isinstance(one, DictionaryObject)]
        return _text(node.value) not in _OFF or any(state not in _OFF for state in shown)
    if isinstance(node.value, ArrayObject):
        return any(_text(_resolved(one)).strip() for one in node.value[:_NAMES_KEPT])
    if isinstance(node.value, DictionaryObject):  # a long text, or a signature
        return True
    return bool(_text(node.value).strip())


def _list(item: Any) -> list[Any]:
    found = _resolved(item)
    return list(found[:_NODES_WALKED]) if isinstance(found, ArrayObject) else []


def _text(item: Any) -> str:
    found = _resolved(item)
    if isinstance(found, bytes):
        return found[:_NAME_LENGTH].decode("latin-1")
    return str(found)[:_NAME_LENGTH] if isinstance(found, str) else ""


def _resolved(item: Any) -> Any:
    """What a reference leads to; None for one that leads nowhere, or in a circle."""
    for _ in range(_DEEPEST):
        if not isinstance(item, IndirectObject):
            return item
        try:
            item = item.get_object()
        except Exception:  # noqa: BLE001  # a broken field does not make the document unreadable
            return None
    return None
