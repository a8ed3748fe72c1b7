"""What the stand-ins of a `serve` process hold, for other processes of this machine to see."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from werkzeug.wrappers import Request, Response

from local.app.system import System
from local.services.frame.loopback import LoopbackServer
from tessera.errors import InvalidInput

PARAMETER = "/tessera/local/inspection"  # in SSM: where it answers


class Inspection(LoopbackServer):
    """Answers ``GET /`` with the stand-ins' names, and ``GET /<name>`` with what one holds.

    It only reads, and is no part of any destination's interface.
    """

    def __init__(self, system: System) -> None:
        super().__init__("TESSERA_INSPECTION")
        self._system = system

    def respond(self, request: Request) -> Response:
        """Answer one request."""
        name = request.path.strip("/")
        if request.method != "GET" or (name and name not in self._system.stand_ins):
            return _json({"message": "no such call"}, status=404)
        if not name:
            return _json(self._system.stand_ins)
        most, customer = request.args.get("most", "0"), request.args.get("customer", "")
        try:
            return _json(self._system.look_into(name, most=int(most), customer=customer))
        except InvalidInput as error:
            return _json({"message": str(error)}, status=400)


def _json(value: Any, *, status: int = 200) -> Response:
    text = json.dumps(value, ensure_ascii=False)
    return Response(text, status, content_type="application/json")


@contextlib.contextmanager
def inspected(system: System) -> Iterator[None]:
    """Let other processes see what this one's stand-ins hold, while a ``with`` block lasts."""
    server = Inspection(system)
    system.announce(PARAMETER, server.start())
    try:
        yield
    finally:
        server.stop()
