"""A connection that closes instead of an answer, where a stand-in is asked for that."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.wrappers import Response

from local.loopback.serving import Handler

_DROP = "X-Local-Drop"


def dropped(response: Response) -> Response:
    """Return the answer marked as lost. What the request did stays done."""
    response.headers[_DROP] = "1"
    return response


class DroppingHandler(Handler):
    """Closes the connection instead of sending an answer that is marked as lost."""

    def _send(self, status: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        listed = list(headers)
        if any(name == _DROP for name, _ in listed):
            self.close_connection = True
            return
        super()._send(status, listed, body)
