"""Amazon Connect Customer Profiles on the loopback interface, as strict as the service's model.

What this stand-in lacks answers 501 and says so: see ``local/services/profile_operations.py``.
"""

from __future__ import annotations

from local.services.aws_service import AwsServer, AwsState, ServiceError
from local.services.profile_operations import OPERATIONS
from local.services.profile_store import Domain

SERVICE = "customer-profiles"


class CustomerProfiles(AwsState):
    """The service's state and operations."""

    OPERATIONS = OPERATIONS

    def __init__(self) -> None:
        super().__init__()
        self.domains: dict[str, Domain] = {}

    def domain(self, name: str) -> Domain:
        """Return a domain, or say that there is none."""
        if name not in self.domains:
            raise ServiceError("ResourceNotFoundException", f"Domain {name} does not exist.")
        return self.domains[name]

    def item_fault(self, item_id: str) -> tuple[int, str] | None:
        """Return what shall go wrong with an item of a batch."""
        return self.faults.item(item_id)


class CustomerProfilesServer(AwsServer):
    """Serves the state over HTTP; by default an empty service."""

    state: CustomerProfiles

    def __init__(self, state: CustomerProfiles | None = None) -> None:
        super().__init__(SERVICE, state or CustomerProfiles())
