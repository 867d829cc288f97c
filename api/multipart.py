"""A form with files, read part by part as it arrives: nothing is ever whole in memory."""

from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.forms import Unreadable

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_PARTS: Final = 20
_MOST_TEXT_BYTES: Final = 4096


@dataclass(frozen=True)
class _Begins:
    name: str
    file_name: str | None


class _Ends:
    pass


_Event = _Begins | _Ends | bytes


class Part:
    """One field of the form. `file_name` is None for a field that is not a file."""

    def __init__(
        self, name: str, file_name: str | None, events: AsyncGenerator[_Event, None]
    ) -> None:
        self.name = name
        self.file_name = file_name
        self._events = events
        self._has_ended = False

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Its bytes, as they arrive; once."""
        while not self._has_ended:
            event = await anext(self._events)
            if isinstance(event, bytes):
                yield event
            else:
                self._has_ended = True

    async def text(self) -> str:
        """Its text, when it is a small field.

        Raises:
            Unreadable: it is longer than any field of our own forms.
        """
        content = b""
        async with aclosing(self.chunks()) as chunks:
            async for chunk in chunks:
                content += chunk
                if len(content) > _MOST_TEXT_BYTES:
                    raise Unreadable
        return content.decode("utf-8", "replace").replace("\x00", "")

    async def skip(self) -> None:
        """Let the rest of it pass by, without keeping anything."""
        async with aclosing(self.chunks()) as chunks:
            async for _ in chunks:
                pass


async def parts_of(request: Request) -> AsyncGenerator[Part, None]:
    """The parts of the body, in their order; what is not read of one is skipped before the next.

    Raises:
        Unreadable: it is not a form with files, it was cut, or it has more than 20 parts.
        TooLarge: the whole body is larger than its route takes.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise Unreadable
    count = 0
    async with aclosing(_events(request, options[b"boundary"])) as events:
        async for event in events:
            if not isinstance(event, _Begins):
                raise Unreadable
            count += 1
            if count > MOST_PARTS:
                raise Unreadable
            part = Part(event.name, event.file_name, events)
            yield part
            await part.skip()


@dataclass
class _Ear:
    """What the parser says, kept until somebody asks for it."""

    heard: deque[_Event] = field(default_factory=deque)
    is_whole: bool = False
    _name: bytes = b""
    _value: bytes = b""
    _disposition: bytes = b""

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._part_begins,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": lambda data, start, end: self.heard.append(bytes(data[start:end])),
            "on_part_end": lambda: self.heard.append(_Ends()),
            "on_end": self._all_heard,
        }

    def _part_begins(self) -> None:
        self._disposition = self._name = self._value = b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name = self._value = b""

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._disposition)
        name, file_name = options.get(b"name", b""), options.get(b"filename")
        self.heard.append(
            _Begins(
                name.decode("utf-8", "replace"),
                None if file_name is None else file_name.decode("utf-8", "replace"),
            )
        )

    def _all_heard(self) -> None:
        self.is_whole = True


async def _events(request: Request, boundary: bytes) -> AsyncGenerator[_Event, None]:
    ear = _Ear()
    try:
        parser = MultipartParser(boundary, ear.callbacks())
        async for chunk in request.stream():
            parser.write(chunk)
            while ear.heard:
                yield ear.heard.popleft()
    except FormParserError as wrong:
        raise Unreadable from wrong
    if not ear.is_whole:
        raise Unreadable
