"""Amazon Connect Customer Profiles on the loopback interface, as strict as the service's model.

What this stand-in lacks answers 501 and says so: see ``operations.py`` beside it.
"""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from local.loopback.held import Held
from local.services.customer_profiles.operations import OPERATIONS
from local.services.customer_profiles.store import Domain
from local.services.customer_profiles.upload_jobs import PLACE, store
from local.services.frame.aws_service import AwsServer, AwsState, ServiceError

SERVICE = "customer-profiles"


class CustomerProfiles(AwsState):
    """The service's state and operations."""

    OPERATIONS = OPERATIONS
    REMEMBERS = ("domains",)
    PARTS = (Domain,)

    def __init__(self) -> None:
        super().__init__()
        self.domains: dict[str, Domain] = {}
        self.address = ""  # by which it was asked last

    def domain(self, name: str) -> Domain:
        """Return a domain, or say that there is none."""
        if name not in self.domains:
            raise ServiceError("ResourceNotFoundException", f"Domain {name} does not exist.")
        return self.domains[name]

    def held(self) -> Held:
        """Return profiles and segments. With several domains, each under its domain's name."""
        if len(self.domains) == 1:
            (only,) = self.domains.values()
            return only.held()
        by_domain = {name: domain.held() for name, domain in self.domains.items()}
        return {
            "customers": {
                f"{name}/{customer_id}": attributes
                for name, held in by_domain.items()
                for customer_id, attributes in held["customers"].items()
            },
            "segments": {
                f"{name}/{segment}": size
                for name, held in by_domain.items()
                for segment, size in held["segments"].items()
            },
        }

    def item_fault(self, item_id: str) -> tuple[int, str] | None:
        """Return the fault of an item of a batch."""
        return self.faults.item(item_id)


class CustomerProfilesServer(AwsServer):
    """Serves the state over HTTP. By default an empty service."""

    state: CustomerProfiles

    def __init__(self, state: CustomerProfiles | None = None) -> None:
        super().__init__(SERVICE, state or CustomerProfiles())

    def respond(self, request: Request) -> Response:
        """Answer a request, or take a file as the bucket behind an upload job would."""
        if not request.path.startswith(PLACE):
            self.state.address = request.host_url.rstrip("/")
            return super().respond(request)
        if request.method != "PUT":
            return Response("", 405)
        with self.state.lock:
            status = store(
                self.state,
                request.path,
                request.get_data(),
                signature=request.args.get("X-Amz-Signature", ""),
                headers=request.headers,
            )
        return Response("", status)
