"""Amazon Connect Customer Profiles on the loopback interface, as strict as the service's model.

Every request is routed, parsed and validated by botocore's model; what this stand-in lacks
answers 501 and says so.
"""

from __future__ import annotations

import collections
import json
import threading
from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from local.services.loopback import LoopbackServer
from local.services.profile_operations import OPERATIONS
from local.services.profile_store import Domain, ServiceError
from local.services.service_model import ServiceModel

SERVICE = "customer-profiles"
VARIABLE = "AWS_ENDPOINT_URL_CUSTOMER_PROFILES"
Parameters = Mapping[str, Any]


class Faults:
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
        """Return the error that this call shall meet, None for none."""
        if self._next and self._next[0][0] in (None, operation):
            return self._next.popleft()[1]
        return None

    def item(self, item_id: str) -> tuple[int, str] | None:
        """Return what shall go wrong with an item, None for nothing."""
        if item_id not in self.items:
            return None
        code, message, times = self.items[item_id]
        self.items[item_id] = (code, message, times - 1)
        return (code, message) if times > 0 else None


class CustomerProfiles:
    """The service's state and operations; ``calls`` counts what was asked, by operation."""

    def __init__(self) -> None:
        self.domains: dict[str, Domain] = {}
        self.faults = Faults()
        self.calls: collections.Counter[str] = collections.Counter()
        self.lock = threading.Lock()

    def call(self, operation: str, parameters: Parameters) -> dict[str, Any]:
        """Do one operation whose parameters are valid."""
        with self.lock:
            self.calls[operation] += 1
            fault = self.faults.due(operation)
            if fault:
                raise ServiceError(fault, f"{fault} was asked for.")
            return OPERATIONS[operation](self, parameters)

    def domain(self, name: str) -> Domain:
        """Return a domain, or say that there is none."""
        if name not in self.domains:
            raise ServiceError("ResourceNotFoundException", f"Domain {name} does not exist.")
        return self.domains[name]

    def item_fault(self, item_id: str) -> tuple[int, str] | None:
        """Return what shall go wrong with an item of a batch."""
        return self.faults.item(item_id)


class CustomerProfilesServer(LoopbackServer):
    """Serves the state over HTTP, for whoever reads the address in its ``variable``.

    Parameters
    ----------
    state
        What it serves; by default an empty service. Another may take its place while it serves.
    """

    def __init__(self, state: CustomerProfiles | None = None) -> None:
        super().__init__(VARIABLE)
        self.state = state or CustomerProfiles()
        self._model = ServiceModel(SERVICE)

    def respond(self, request: Request) -> Response:
        """Answer one request by the service's model."""
        body = request.get_data()
        route = self._model.match(request.method, request.path)
        if route is None:
            return _error(404, "UnknownOperationException", f"no such route: {request.path}")
        operation, path = route
        if operation not in OPERATIONS:
            message = f"{operation} is not served locally: see local/services/profile_operations.py"
            return _error(501, "NotImplementedException", message)
        try:
            parameters = self._model.parse(operation, path=path, query=request.args, body=body)
            problems = self._model.problems(operation, parameters)
            if problems:
                return _error(400, "BadRequestException", "; ".join(problems))
            return _reply(200, self.state.call(operation, parameters))
        except ServiceError as error:
            return _error(error.status, error.kind, str(error))
        except ValueError as error:
            return _error(400, "BadRequestException", str(error))


def _reply(status: int, value: Mapping[str, Any]) -> Response:
    text = json.dumps(value, ensure_ascii=False)
    return Response(text, status, content_type="application/json")


def _error(status: int, kind: str, message: str) -> Response:
    response = _reply(status, {"Message": message, "message": message})
    response.headers["x-amzn-ErrorType"] = kind
    return response
