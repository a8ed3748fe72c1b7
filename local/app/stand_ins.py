"""The stand-ins for destinations on a laptop, and the made-up keys that they accept."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from infra.settings import StageSettings
from tessera import naming
from tessera.contracts.destinations import PINPOINT, SES, SNOWFLAKE
from tessera.destinations import catalog

_MADE_UP = "made-up-on-this-machine"
_POSTGRESQL = "postgresql"
_OUTSIDE_HTTP = (PINPOINT, _POSTGRESQL, SES, SNOWFLAKE)


def services(stage: StageSettings, *, inbox: Path | None = None) -> dict[str, Callable[[], Any]]:
    """Return the servers of the stage's destinations, and of what else moto lacks.

    Parameters
    ----------
    stage
        The settings of the stage.
    inbox
        The folder that the mails of campaigns are written to. None for a stage without campaigns.
    """
    from local.services.customer_profiles.server import CustomerProfilesServer  # noqa: PLC0415

    wanted = {*stage.destinations, *([SES] if inbox else [])}
    chosen: dict[str, Callable[[], Any]] = {}
    if wanted & {*_OUTSIDE_HTTP}:
        every = _outside_http(stage, inbox=inbox)
        chosen = {name: every[name] for name in _OUTSIDE_HTTP if name in wanted}
    return {"customer-profiles": CustomerProfilesServer, **chosen, **stand_ins(stage)}


def _outside_http(stage: StageSettings, *, inbox: Path | None) -> dict[str, Callable[[], Any]]:
    """Return the servers of AWS's own destinations and of databases, by destination name."""
    from local.services.pinpoint.server import Pinpoint, PinpointServer  # noqa: PLC0415
    from local.services.postgresql import PostgresServer  # noqa: PLC0415
    from local.services.ses.message_events import EventOutbox  # noqa: PLC0415
    from local.services.ses.sending import AnyName, MailService  # noqa: PLC0415
    from local.services.ses.server import Ses, SesServer  # noqa: PLC0415
    from local.services.snowflake.server import Snowflake, SnowflakeServer  # noqa: PLC0415
    from local.services.snowflake.tokens import embedded_public_key  # noqa: PLC0415

    # Nothing here has DNS, so each domain counts as verified.
    every = AnyName()
    mail = (
        MailService(inbox, identities=every, configuration_sets=every, emit=EventOutbox())
        if inbox
        else None
    )
    applications = stage.pinpoint.applications.values()
    key = functools.partial(embedded_public_key, naming.snowflake_key(stage.stage))
    return {
        PINPOINT: lambda: PinpointServer(Pinpoint(applications)),
        _POSTGRESQL: PostgresServer,
        SES: lambda: SesServer(Ses(stage.ses.contact_list, mail=mail)),
        SNOWFLAKE: lambda: SnowflakeServer(Snowflake(key)),
    }


def stand_ins(stage: StageSettings) -> dict[str, Callable[[], Any]]:
    """Return the stand-ins for the stage's HTTP destinations, by destination name."""
    if not stage.http_destinations:
        return {}  # none is imported
    every = every_stand_in()
    return {name: every[name] for name in stage.http_destinations}


def every_stand_in() -> dict[str, Callable[[], Any]]:
    """Return the stand-in for each HTTP destination, by the name that the stand-in declares."""
    from local.services.braze import Braze  # noqa: PLC0415
    from local.services.customerio import CustomerIo  # noqa: PLC0415
    from local.services.frame.http_service import HttpServer  # noqa: PLC0415
    from local.services.google_ads import GoogleAds  # noqa: PLC0415
    from local.services.hubspot.server import HubSpot  # noqa: PLC0415
    from local.services.iterable import Iterable  # noqa: PLC0415
    from local.services.klaviyo.server import Klaviyo  # noqa: PLC0415
    from local.services.meta import Meta  # noqa: PLC0415
    from local.services.webhook import Webhook  # noqa: PLC0415

    def serve(service: Callable[[], Any]) -> HttpServer:
        return HttpServer(service())

    services = (Braze, CustomerIo, GoogleAds, HubSpot, Iterable, Klaviyo, Meta, Webhook)
    return {service.DESTINATION: functools.partial(serve, service) for service in services}


def give_keys(aws: KeyKeeper, *, tenant: str, stage: StageSettings) -> None:
    """Store made-up keys for the stage's destinations, for the default tenant and this one.

    In a stand-in database, each tenant has its own schema.
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
        """Return the content of a tenant's secret that leads to a destination's stand-in."""
