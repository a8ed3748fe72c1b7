"""A small server on the loopback interface, which every stand-in is."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod

from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Request, Response

from local.loopback.held import Held
from local.loopback.serving import Handler

_LOOKS_EVERY_S = 0.02  # whether to stop: stopping waits this long


class LoopbackServer(ABC):
    """Serves over HTTP on a free port, to processes with the address in its ``variable``."""

    HANDLER: type[Handler] = Handler

    def __init__(self, variable: str) -> None:
        self.variable = variable
        self.url = ""
        self._server: BaseWSGIServer | None = None

    def held(self) -> Held | None:
        """Return what it holds, None where that is not to be seen."""
        return None

    @abstractmethod
    def respond(self, request: Request) -> Response:
        """Answer one request."""

    def start(self) -> str:
        """Start serving and return the address."""
        self._server = make_server(
            "127.0.0.1",
            0,
            Request.application(self.respond),
            threaded=True,
            request_handler=self.HANDLER,
        )
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(_LOOKS_EVERY_S,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self.url

    def stop(self) -> None:
        """Close the port."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
