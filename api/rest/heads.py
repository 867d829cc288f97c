"""HEAD, answered like GET without its body, wherever GET is: under `/api/` only."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """A middleware that lets the routes of programs see GET instead of HEAD."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        is_one = scope["type"] == "http" and scope["method"] == "HEAD"
        if not is_one or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            # The server looks at the method when it sends: it must see what was asked.
            scope["method"] = "HEAD"
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["method"] = "GET"
        try:
            await self._app(scope, receive, send_head)
        finally:
            scope["method"] = "HEAD"
