"""The groups of settings of single destinations, each with its own checks."""

from __future__ import annotations

import dataclasses
import re

from infra.kit.checks import failed
from tessera.naming import DEFAULT_TENANT

LOADERS = ("batches", "upload")  # of Customer Profiles

_DOMAIN = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_CONTACT_LIST = _DOMAIN
_OBJECT_TYPE = re.compile(r"[a-zA-Z_][a-zA-Z_0-9-]{0,254}")
_APPLICATION = re.compile(r"[a-zA-Z0-9]{1,64}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerProfilesSettings:
    """The Customer Profiles domains: one per tenant, so that shops never share customers.

    ``domain`` names the default tenant's existing domain, such as that of a Connect instance. Empty
    creates one. ``object_type`` names an object type there in the same way.
    Customers are sent by ``loader``: ``batches`` of ten, or ``upload`` jobs of up to 10,000.
    """

    domain: str = ""
    object_type: str = ""
    loader: str = LOADERS[0]

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        return failed(
            {
                "domain": (
                    not self.domain or bool(_DOMAIN.fullmatch(self.domain)),
                    "the name of a domain, at most 64 of A-Z a-z 0-9 _ -",
                ),
                "object_type": (
                    not self.object_type
                    or (bool(self.domain) and bool(_OBJECT_TYPE.fullmatch(self.object_type))),
                    "the name of an object type that the setting 'customer_profiles.domain' has",
                ),
                "loader": (self.loader in LOADERS, f"one of {LOADERS}"),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class PinpointSettings:
    """The Amazon Pinpoint applications, one per tenant, so that shops never share customers.

    ``application_id`` is the default tenant's, ``tenant_applications`` names those of others, such
    as "acme=0123456789abcdef0123456789abcdef". ``addresses`` creates an endpoint for each address
    too: for an application that knows no address yet.
    """

    application_id: str = ""
    tenant_applications: tuple[str, ...] = ()
    addresses: bool = False

    @property
    def applications(self) -> dict[str, str]:
        """Every tenant's application."""
        others = dict(one.split("=", 1) for one in self.tenant_applications)
        return {DEFAULT_TENANT: self.application_id, **others}

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        parts = [one.partition("=") for one in self.tenant_applications]
        named = not self.application_id or bool(_APPLICATION.fullmatch(self.application_id))
        others = all(
            tenant and _APPLICATION.fullmatch(application) for tenant, _, application in parts
        )
        return failed(
            {
                "application_id": (named, "the id of an application: letters and digits"),
                "tenant_applications": (others, "such as 'acme=<the application's id>' each"),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class SesSettings:
    """What Amazon SES gets beside the files of recipients that it always gets.

    ``import_contacts`` imports the default tenant's customers as contacts of ``contact_list``, the
    account's only one, and replaces its contacts' ``attributesData``.
    """

    contact_list: str = ""
    import_contacts: bool = False

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        named = bool(_CONTACT_LIST.fullmatch(self.contact_list))
        return failed(
            {
                "contact_list": (
                    named or not (self.contact_list or self.import_contacts),
                    "the name of the account's contact list, at most 64 of A-Z a-z 0-9 _ -",
                )
            }
        )
