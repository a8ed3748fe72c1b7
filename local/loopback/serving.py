"""How the loopback servers answer: connections stay open, an answer leaves in one piece.

werkzeug's own server closes every connection, because it can't know what a request left unread.
Here a request is read to its end before it is answered.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable
from typing import Any

import boto3
import moto.backends
import moto.core.loaders
import moto.core.utils
from moto.core.base_backend import AccountSpecificBackend
from moto.moto_server import threaded_moto_server
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import WSGIRequestHandler

_BODILESS = (204, 304)


class Handler(WSGIRequestHandler):
    """Answers requests of one connection until the client closes it."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # buffered: an unbuffered head and its body leave as two packets
    disable_nagle_algorithm = True

    def handle_expect_100(self) -> bool:
        """Ask for a body that its client holds back."""
        going_on = bool(super().handle_expect_100())
        self.wfile.flush()
        return going_on

    def run_wsgi(self) -> None:
        """Answer one request."""
        if "Transfer-Encoding" in self.headers:
            super().run_wsgi()  # of unknown length: werkzeug takes it apart, and closes
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        # What is at hand as a whole need not be read in pieces.
        given = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}
        self.environ = {**self.make_environ(), **given}
        try:
            status, headers, answer = self._answer(self.environ)
        except Exception:  # noqa: BLE001 (whatever the application raises, its client is answered)
            status, headers, answer = "500 INTERNAL SERVER ERROR", [], b""
        self._send(status, headers, answer)

    def _answer(self, environ: dict[str, Any]) -> tuple[str, Iterable[tuple[str, str]], bytes]:
        started: list[tuple[str, Any]] = []
        written: list[bytes] = []

        def start_response(status: str, headers: Any, _failed: Any = None) -> Any:
            started.append((status, headers))
            return written.append

        pieces: Iterable[bytes] = self.server.app(environ, start_response)
        try:
            written.extend(pieces)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        return *started[-1], b"".join(written)

    def _send(self, status: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        has_length = False
        for name, value in headers:
            self.send_header(name, value)
            has_length = has_length or name.lower() == "content-length"
        if not has_length and int(code) not in _BODILESS:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def log(self, _type: str, _message: str, *_args: object) -> None:
        """Say nothing: paths and bodies are personal data."""


class _MotoHandler(Handler, MotoRequestHandler):
    """The same with moto's reading of headers."""


def install() -> None:
    """Make moto's server answer like this, and work out once what it does at each request."""
    threaded_moto_server.MotoRequestHandler = _MotoHandler
    modules = frozenset(moto.backends.list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
    moto.core.utils.create_loader = functools.cache(moto.core.loaders.create_loader)
    AccountSpecificBackend.get_session = _session


def _session() -> boto3.Session:
    """Return the session of all clients of this process, which keeps what it has read."""
    return boto3._get_default_session()
