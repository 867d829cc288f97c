"""How long the site waits on a connection: for the head of a request, and after a refusal.

Uvicorn itself waits for ever for a head that never ends, and reads to its end a body that nobody
wants any more. Given to it as `--http api.patience:PatientProtocol`.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class PatientProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, with an end to waiting.

    `head_seconds` for a whole head; `linger_seconds` after an answer that came before the end of a
    body, so that the sender can read it.
    """

    head_seconds = 20.0
    linger_seconds = 3.0
    _timer: asyncio.TimerHandle | None = None
    _lingers = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the head of the first request."""
        super().connection_made(transport)
        self._wait(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Go on waiting for a head from its first byte, until it is whole."""
        super().data_received(data)
        if self._is_unwanted or self.transport.is_closing():
            return
        if self._lingers:  # the sender came to its end meanwhile: the connection may be used again
            self._lingers = False
            self._stop_waiting()
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._timer is None:
            self._wait(self.head_seconds)

    def on_response_complete(self) -> None:
        """After an early refusal, let the sender read it, then hang up on the rest of the body."""
        super().on_response_complete()
        if self._is_unwanted and not self.transport.is_closing():
            self._lingers = True
            self._stop_waiting()
            self._wait(self.linger_seconds)

    @property
    def _is_unwanted(self) -> bool:
        """Whether what arrives is the rest of a body that was answered already."""
        return self.conn.our_state is h11.DONE and self.conn.their_state is h11.SEND_BODY

    def _wait(self, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
