"""What all stand-ins for vendors' HTTP interfaces share: serving, faults, counts and a real rate.

A vendor's stand-in is a subclass with its routes. It is as strict as the vendor's description, so
that what passes here has a chance there, and what is wrong is named.
"""

from __future__ import annotations

import collections
import dataclasses
import json
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from werkzeug.wrappers import Request, Response

from local.loopback.held import Held
from local.services.frame.dropping import DroppingHandler, dropped
from local.services.frame.loopback import LoopbackServer
from tessera import naming

BUSY, BROKEN, DROPPED, MALFORMED, DENIED = "busy", "broken", "dropped", "malformed", "denied"
_STATUS = {BUSY: 429, BROKEN: 500, DENIED: 401}
_REMEMBERED = 200


class Rejected(Exception):  # noqa: N818 (what became of the request)
    """A request that the vendor refuses."""

    def __init__(self, status: int, words: str, *, pointer: str = "") -> None:
        super().__init__(words)
        self.status = status
        self.pointer = pointer


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReceivedRequest:
    """A parsed request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    text: bytes

    @property
    def body(self) -> Any:
        """The JSON value."""
        try:
            return json.loads(self.text)
        except ValueError as error:
            raise Rejected(400, "the body is not valid JSON") from error


@dataclasses.dataclass(frozen=True)
class Fault:
    """What goes wrong with a request, and how long a busy service asks to wait."""

    kind: str
    method: str | None = None
    retry_after: str = "0"


class HttpFaults:
    """What tests ask the service to do wrong."""

    def __init__(self) -> None:
        self._next: collections.deque[Fault] = collections.deque()
        self.items: dict[str, tuple[str, str]] = {}

    def fail_next(
        self, times: int, kind: str, *, method: str | None = None, retry_after: str = "0"
    ) -> None:
        """Let the next requests (of a method, or any) fail in one of the ways above."""
        self._next.extend([Fault(kind, method, retry_after)] * times)

    def fail_item(self, customer_id: str, *, code: str, message: str) -> None:
        """Let a customer be refused, for as long as it stands in ``items``."""
        self.items[customer_id] = (code, message)

    def due(self, method: str) -> Fault | None:
        """Return the fault of this request, None for none."""
        if self._next and self._next[0].method in (None, method):
            return self._next.popleft()
        return None


class HttpService(ABC):
    """A vendor's interface on the loopback interface.

    ``DESTINATION`` is the destination's name in ``tessera.contracts.destinations``. ``REMEMBERS``
    and ``PARTS`` are for ``local.loopback.memory``.

    Attributes
    ----------
    faults
        The faults to inject.
    calls
        How often each route was requested, by method and first words of the path.
    requests
        The last requests, for tests to look into.
    limit
        Requests and seconds: the most that a window of fixed length takes. None for any number.
    """

    DESTINATION: str
    REMEMBERS: ClassVar[tuple[str, ...]]
    PARTS: ClassVar[tuple[type, ...]] = ()

    def __init__(self) -> None:
        self.faults = HttpFaults()
        self.calls: collections.Counter[str] = collections.Counter()
        self.requests: collections.deque[ReceivedRequest] = collections.deque(maxlen=_REMEMBERED)
        self.limit: tuple[int, float] | None = None
        self._window = (0.0, 0)
        self._lock = threading.Lock()

    @abstractmethod
    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Return status and JSON value for a request, or raise Rejected."""

    @abstractmethod
    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return the attributes that the service holds, by the shop's customer id."""

    def sizes(self) -> dict[str, int]:
        """Return the segments that the service has, and how many members it counts in each."""
        return {}

    def held(self) -> Held:
        """Return what the service holds, for code in the same process."""
        with self._lock:
            return {"customers": self.customers(), "segments": self.sizes()}

    @abstractmethod
    def error(self, status: int, words: str, *, pointer: str = "") -> Any:
        """Return an error's JSON value in the vendor's form."""

    def respond(self, request: Request) -> Response:
        """Respond to one request, one at a time."""
        received = ReceivedRequest(
            method=request.method,
            path=request.path,
            query=request.args.to_dict(),
            headers={name.lower(): value for name, value in request.headers.items()},
            text=request.get_data(),
        )
        with self._lock:
            self.requests.append(received)
            self.calls[f"{received.method} {'/'.join(received.path.split('/')[:3])}"] += 1
            wait = self._over_limit()
            if wait is not None:
                return self._refusal(429, wait)
            fault = self.faults.due(received.method)
            if fault is not None and fault.kind in _STATUS:
                return self._refusal(_STATUS[fault.kind], fault.retry_after)
            return self._spoilt(self._handled(received), fault)

    def _handled(self, request: ReceivedRequest) -> Response:
        try:
            status, value = self.handle(request)
        except Rejected as error:
            status, value = (
                error.status,
                self.error(error.status, str(error), pointer=error.pointer),
            )
        return _response(status, value)

    def _refusal(self, status: int, retry_after: str) -> Response:
        response = _response(status, self.error(status, f"{status} was asked for"))
        if status == _STATUS[BUSY] and retry_after:
            response.headers["Retry-After"] = retry_after
        return response

    def _spoilt(self, response: Response, fault: Fault | None) -> Response:
        if fault is not None and fault.kind == MALFORMED:
            return Response("<html>fine</html>", response.status_code, content_type="text/html")
        if fault is not None and fault.kind == DROPPED:
            return dropped(response)
        return response

    def _over_limit(self) -> str | None:
        if self.limit is None:
            return None
        most, seconds = self.limit
        start, count = self._window
        now = time.monotonic()
        if now - start >= seconds:
            start, count = now, 0
        self._window = (start, count + 1)
        return None if count < most else f"{max(0.0, start + seconds - now):.3f}"


class HttpServer(LoopbackServer):
    """Serves a stand-in over HTTP. Another may take its place while it serves."""

    HANDLER = DroppingHandler

    def __init__(self, state: HttpService) -> None:
        super().__init__(naming.endpoint_variable(state.DESTINATION))
        self.state = state

    def held(self) -> Held:
        """Return what whichever state serves by then holds."""
        return self.state.held()

    def respond(self, request: Request) -> Response:
        """Respond to one request by whichever state serves by then."""
        return self.state.respond(request)


def _response(status: int, value: Any) -> Response:
    text = "" if status == 204 else json.dumps(value, ensure_ascii=False)
    return Response(text, status, content_type="application/json")
