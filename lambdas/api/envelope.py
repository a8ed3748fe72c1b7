"""What every answer has: security headers, and one line in the log without personal data."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

Log = Callable[[Mapping[str, object]], None]
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Any]
_Send = Callable[[_Message], Any]
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}
_RAW = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class Envelope:
    """Wraps the app (ASGI).

    Parameters
    ----------
    app
        The app.
    log
        Takes the method, the route's template, the status, the milliseconds, the tenant and who
        asked. Never the address, a parameter or a body: these may name a customer.
    """

    def __init__(self, app: Callable[..., Any], *, log: Log) -> None:
        self._app, self._log = app, log

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, error = time.perf_counter(), 500, None

        async def sent(message: _Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *_RAW]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as raised:
            error = type(raised).__name__
            raise
        finally:
            self._log({**_line(scope, status=status, began=began), "error": error})


def _line(scope: _Message, *, status: int, began: float) -> dict[str, object]:
    principal = scope.get("state", {}).get("principal")
    return {
        "method": scope["method"],
        "route": getattr(scope.get("route"), "path", None),
        "status": status,
        "ms": round(1000 * (time.perf_counter() - began), 1),
        "tenant": principal.tenant if principal else None,
        "by": principal.subject if principal else None,
    }
