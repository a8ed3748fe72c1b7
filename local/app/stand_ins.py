"""What takes a destination's place on a laptop, and the made-up keys by which it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from infra.settings import StageSettings
from tessera import naming
from tessera.destinations import catalog

_MADE_UP = "made-up-on-this-machine"


def services(stage: StageSettings) -> dict[str, Callable[[], Any]]:
    """Return the services that moto lacks and the app uses, and the stage's destinations."""
    from local.services.customer_profiles.server import CustomerProfilesServer  # noqa: PLC0415
    from local.services.pinpoint.server import Pinpoint, PinpointServer  # noqa: PLC0415
    from local.services.postgresql import PostgresServer  # noqa: PLC0415
    from local.services.ses.server import Ses, SesServer  # noqa: PLC0415

    applications = stage.pinpoint.applications.values()
    in_aws: dict[str, Callable[[], Any]] = {  # by the catalog's names
        "pinpoint": lambda: PinpointServer(Pinpoint(applications)),
        "postgresql": PostgresServer,
        "ses": lambda: SesServer(Ses(stage.ses.contact_list)),
    }
    wanted = {name: in_aws[name] for name in stage.destinations if name in in_aws}
    return {"customer-profiles": CustomerProfilesServer, **wanted, **stand_ins(stage)}


def stand_ins(stage: StageSettings) -> dict[str, Callable[[], Any]]:
    """Return what stands in for the stage's destinations beyond AWS, by the catalog's names."""
    known = every_stand_in()
    return {name: known[name] for name in stage.http_destinations}


def every_stand_in() -> dict[str, Callable[[], Any]]:
    """Return what stands in for any destination beyond AWS, by the catalog's names."""
    from local.services.braze import BrazeServer  # noqa: PLC0415
    from local.services.customerio import CustomerIoServer  # noqa: PLC0415
    from local.services.google_ads import GoogleAdsServer  # noqa: PLC0415
    from local.services.hubspot.server import HubSpotServer  # noqa: PLC0415
    from local.services.iterable import IterableServer  # noqa: PLC0415
    from local.services.klaviyo.server import KlaviyoServer  # noqa: PLC0415
    from local.services.meta import MetaServer  # noqa: PLC0415
    from local.services.webhook import WebhookServer  # noqa: PLC0415

    return {
        "braze": BrazeServer,
        "customerio": CustomerIoServer,
        "google_ads": GoogleAdsServer,
        "hubspot": HubSpotServer,
        "iterable": IterableServer,
        "klaviyo": KlaviyoServer,
        "meta": MetaServer,
        "webhook": WebhookServer,
    }


def give_keys(aws: KeyKeeper, *, tenant: str, stage: StageSettings) -> None:
    """Store made-up keys for these destinations, of the default tenant and of this one.

    Of a database that stands in, each tenant has a schema of its own.
    """
    for owner in sorted({naming.DEFAULT_TENANT, tenant}):
        keys: dict[str, dict[str, str]] = {
            destination: dict.fromkeys(catalog.HTTP[destination].SECRET_FIELDS, _MADE_UP)
            for destination in stage.http_destinations
        }
        keys |= {name: aws.secret(name, tenant=owner) for name in stage.warehouses}
        for destination, fields in keys.items():
            aws.client("secretsmanager").create_secret(
                Name=naming.destination_secret(stage.stage, destination, tenant=owner),
                SecretString=json.dumps(fields),
            )


class KeyKeeper(Protocol):
    """An embedded AWS that is being made ready."""

    def client(self, service: str) -> Any:
        """Return a boto3 client of a service."""

    def secret(self, destination: str, *, tenant: str) -> dict[str, str]:
        """Return what a tenant's secret has to say for a destination's stand-in to be found."""
