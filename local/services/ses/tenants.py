"""SES tenants: what each is associated with, and its own suppression list."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Mapping
from typing import Any

from local.loopback.place import ACCOUNT, REGION
from local.services.frame.aws_service import Parameters, ServiceError

SuppressionList = dict[str, tuple[str, float]]  # reason and time by address
_PREFIX = f"arn:aws:ses:{REGION}:{ACCOUNT}:"
_KINDS = {"identity": "EMAIL_IDENTITY", "configuration-set": "CONFIGURATION_SET"}


@dataclasses.dataclass
class MailTenant:
    """A tenant.

    Parameters
    ----------
    scope
        Whose suppression list counts: ``TENANT`` or ``ACCOUNT``.
    resources
        ARNs of what it may send by.
    suppressed
        Its own list.
    """

    scope: str
    resources: set[str] = dataclasses.field(default_factory=set)
    suppressed: SuppressionList = dataclasses.field(default_factory=dict)


class MailTenants:
    """The tenants of the account."""

    def __init__(self) -> None:
        self.held: dict[str, MailTenant] = {}

    def create(self, given: Parameters) -> dict[str, Any]:
        """Make a tenant."""
        name = given["TenantName"]
        if name in self.held:
            raise ServiceError("AlreadyExistsException", f"Tenant <{name}> already exists.")
        wanted = given.get("SuppressionAttributes", {})
        self.held[name] = MailTenant(wanted.get("SuppressionScope", "ACCOUNT"))
        return {"TenantName": name, "SendingStatus": "ENABLED"}

    def associate(
        self, given: Parameters, *, existing: Mapping[str, Container[str]]
    ) -> dict[str, Any]:
        """Let a tenant send by an identity or a configuration set that exists."""
        tenant, arn = self.named(given["TenantName"]), given["ResourceArn"]
        kind, _, name = arn.removeprefix(_PREFIX).partition("/")
        if not arn.startswith(_PREFIX) or name not in existing.get(kind, ()):
            raise ServiceError("NotFoundException", f"Resource <{arn}> does not exist.")
        if arn in tenant.resources:
            raise ServiceError("AlreadyExistsException", "The association already exists.")
        tenant.resources.add(arn)
        return {}

    def describe(self, given: Parameters) -> dict[str, Any]:
        """Describe a tenant."""
        scope = {"SuppressionScope": self.named(given["TenantName"]).scope}
        described = {"TenantName": given["TenantName"], "SendingStatus": "ENABLED"}
        return {"Tenant": {**described, "SuppressionAttributes": scope}}

    def list_resources(self, given: Parameters) -> dict[str, Any]:
        """List what a tenant is associated with."""
        arns = sorted(self.named(given["TenantName"]).resources)
        kinds = [arn.removeprefix(_PREFIX).partition("/")[0] for arn in arns]
        listed = [
            {"ResourceType": _KINDS[kind], "ResourceArn": arn}
            for kind, arn in zip(kinds, arns, strict=True)
        ]
        return {"TenantResources": listed}

    def check(self, name: str, *, sender: str, configuration_set: str) -> None:
        """Refuse a message by resources that its tenant is not associated with."""
        tenant, domain = self.named(name), sender.rpartition("@")[2]
        senders = {f"{_PREFIX}identity/{sender}", f"{_PREFIX}identity/{domain}"}
        wanted = f"{_PREFIX}configuration-set/{configuration_set}"
        if not senders & tenant.resources or wanted not in tenant.resources:
            raise ServiceError(
                "BadRequestException",
                f"Tenant <{name}> is not associated with the identity or configuration set.",
            )

    def named(self, name: str) -> MailTenant:
        """Return a tenant that exists. Raises ServiceError."""
        if name not in self.held:
            raise ServiceError("NotFoundException", f"Tenant <{name}> does not exist.")
        return self.held[name]

    def suppressed(self, name: str) -> SuppressionList | None:
        """Return a tenant's own list, None where the account's counts."""
        tenant = self.held.get(name)
        return tenant.suppressed if tenant and tenant.scope == "TENANT" else None
