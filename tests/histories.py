"""What the engine holds of a dossier, as somebody who searches it would read it."""

from collections.abc import Iterator
from typing import Any

from google.protobuf.json_format import MessageToDict
from temporalio.api.common.v1 import Payload


def readable(event: Any) -> Any:
    """An event with its payloads decoded, wherever they are."""
    decoded = [payload.data.decode("utf-8", "replace") for payload in _payloads(event)]
    return [MessageToDict(event), *decoded]


def _payloads(message: Any) -> Iterator[Payload]:
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.type != field.TYPE_MESSAGE:
            continue
        if field.message_type.GetOptions().map_entry:
            values = [one for one in value.values() if hasattr(one, "ListFields")]
        else:
            values = list(value) if field.is_repeated else [value]
        for one in values:
            yield from _payloads(one)
