"""A stand-in for a service of AWS: requests checked by botocore's model, errors in its form."""

from __future__ import annotations

import collections
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from local.loopback.held import Held
from local.services.frame.loopback import LoopbackServer
from local.services.frame.service_model import ServiceModel

Parameters = Mapping[str, Any]

_STATUS = {
    "ResourceNotFoundException": 404,
    "NotFoundException": 404,
    "AccessDeniedException": 403,
    "ForbiddenException": 403,
    "ThrottlingException": 429,
    "TooManyRequestsException": 429,
    "InternalServerException": 500,
    "InternalServerErrorException": 500,
}


class ServiceError(Exception):
    """An error that the service answers with: its type, its HTTP status and its words."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = _STATUS.get(kind, 400)


class AwsFaults:
    """What tests ask the service to do wrong."""

    def __init__(self) -> None:
        self._next: collections.deque[tuple[str | None, str]] = collections.deque()
        self.items: dict[str, tuple[int, str, int]] = {}

    def fail_next(self, times: int, kind: str, *, operation: str | None = None) -> None:
        """Answer the next calls (of an operation, or any) with an error such as Throttling…."""
        self._next.extend([(operation, kind)] * times)

    def fail_item(self, item_id: str, *, code: int, message: str, times: int = 1_000_000) -> None:
        """Let an item of a batch fail, so many times."""
        self.items[item_id] = (code, message, times)

    def due(self, operation: str) -> str | None:
        """Return the error of this call, None for none."""
        if self._next and self._next[0][0] in (None, operation):
            return self._next.popleft()[1]
        return None

    def item(self, item_id: str) -> tuple[int, str] | None:
        """Return the fault of an item, None for none."""
        if item_id not in self.items:
            return None
        code, message, times = self.items[item_id]
        self.items[item_id] = (code, message, times - 1)
        return (code, message) if times > 0 else None


class AwsState:
    """What a service holds. ``calls`` counts what was asked of it, by operation."""

    OPERATIONS: Mapping[str, Callable[[Any, Parameters], dict[str, Any]]]

    def __init__(self) -> None:
        self.faults = AwsFaults()
        self.calls: collections.Counter[str] = collections.Counter()
        self.lock = threading.Lock()

    def call(self, operation: str, parameters: Parameters) -> dict[str, Any]:
        """Do one operation whose parameters are valid. Raises ServiceError."""
        with self.lock:
            self.calls[operation] += 1
            fault = self.faults.due(operation)
            if fault:
                raise ServiceError(fault, f"{fault} was asked for.")
            return self.OPERATIONS[operation](self, parameters)

    def held(self) -> Held | None:
        """Return what the service holds, None where that is not to be seen. The lock is taken."""
        return None


class AwsServer(LoopbackServer):
    """Serves a state over HTTP to processes with the address in its ``variable``.

    Parameters
    ----------
    service
        As botocore calls it. It has to speak REST with JSON.
    state
        What is served. Another may take its place while it serves.
    wrong
        The kind of error that this service has for a request that its model does not allow.
    """

    def __init__(
        self, service: str, state: AwsState, *, wrong: str = "BadRequestException"
    ) -> None:
        super().__init__(f"AWS_ENDPOINT_URL_{service.upper().replace('-', '_')}")
        self.state = state
        self._model = ServiceModel(service)
        self._wrong = wrong

    def held(self) -> Held | None:
        """Return what the state holds."""
        with self.state.lock:
            return self.state.held()

    def respond(self, request: Request) -> Response:
        """Answer one request by the service's model."""
        body = request.get_data()
        route = self._model.match(request.method, request.path)
        if route is None:
            return _error(404, "UnknownOperationException", f"no such route: {request.path}")
        operation, path = route
        if operation not in self.state.OPERATIONS:
            return _error(501, "NotImplementedException", f"{operation} is not served locally")
        try:
            parameters = self._model.parse(operation, path=path, query=request.args, body=body)
            problems = self._model.problems(operation, parameters)
            if problems:
                return _error(400, self._wrong, "; ".join(problems))
            reply = self.state.call(operation, parameters)
            return _reply(200, self._model.reply(operation, reply))
        except ServiceError as error:
            return _error(error.status, error.kind, str(error))
        except ValueError as error:
            return _error(400, self._wrong, str(error))


def _reply(status: int, value: Mapping[str, Any]) -> Response:
    text = json.dumps(value, ensure_ascii=False)
    return Response(text, status, content_type="application/json")


def _error(status: int, kind: str, message: str) -> Response:
    response = _reply(status, {"Message": message, "message": message})
    response.headers["x-amzn-ErrorType"] = kind
    return response
