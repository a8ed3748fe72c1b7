"""The three functions of Activate, and exactly what each may touch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.destinations import (
    customer_profiles,
    pinpoint,
    postgresql,
    redshift,
    ses,
    snowflake,
)
from infra.destinations.warehouses import reach_warehouses
from infra.foundation.foundation import Foundation
from infra.foundation.functions import FunctionMaker
from infra.kit.function import PythonFunction
from infra.kit.grants import (
    READ,
    WRITE,
    WRITE_TAGGED,
    allow_key,
    allow_objects,
    allow_secrets,
)
from infra.pipeline.settings import PipelineSettings
from tessera import naming
from tessera.environments.activate import ActivateEnvironment

DESTINATIONS = "tenants/*/runs/*/destinations/*"
_LEDGER = naming.ledger_prefix("*", "*")
_LEDGER_WRITES = {
    "start_load": (naming.LEDGER_TARGET, f"{naming.LEDGER_JOURNAL}*"),
    "poll_load": (f"{naming.LEDGER_JOURNAL}*",),
    "ensure_segments": (naming.SEGMENTS,),
}
_IDS = {"start_load": "StartLoad", "poll_load": "PollLoad", "ensure_segments": "EnsureSegments"}


class Reach(Protocol):
    """What a module of ``infra.destinations`` provides."""

    def options(
        self, scope: Construct, settings: PipelineSettings, foundation: Foundation, /
    ) -> Mapping[str, Any]:
        """Return the options of the destination's transport."""

    def grant(
        self, role: iam.Role, state: str, /, *, settings: PipelineSettings, foundation: Foundation
    ) -> None:
        """Let a function of Activate do its part. ``state`` is its folder."""


REACHES: Mapping[str, Reach] = {
    "customer_profiles": customer_profiles,
    "pinpoint": pinpoint,
    "postgresql": postgresql,
    "redshift": redshift,
    "ses": ses,
    "snowflake": snowflake,
}


class Loaders(Construct):
    """StartLoad, PollLoad and EnsureSegments, by the names of their folders.

    Parameters
    ----------
    own_warehouse
        The workgroup of the stage's own warehouse. Empty without one.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: PipelineSettings,
        foundation: Foundation,
        maker: FunctionMaker,
        own_warehouse: str,
    ) -> None:
        super().__init__(scope, id_)
        self._settings = settings
        self._foundation = foundation
        reached = {name: reach for name, reach in REACHES.items() if name in settings.destinations}
        options = {
            name: dict(reach.options(self, settings, foundation)) for name, reach in reached.items()
        }
        if own_warehouse and redshift.NAME in options:
            options[redshift.NAME] |= redshift.own_options(self, workgroup=own_warehouse)
        self.environment = ActivateEnvironment(
            data_bucket=foundation.bucket.bucket_name,
            identities_bucket=foundation.identities.bucket_name,
            stage=settings.stage,
            options=json.dumps(options, sort_keys=True),
        )
        self.by_folder = {
            folder: maker.make(
                self, id_, folder=folder, environment=self.environment, minutes=14,
                memory_mb=1024,
            )
            for folder, id_ in _IDS.items()
        }  # fmt: skip
        for folder, function in self.by_folder.items():
            self._grant(folder, function)
            for reach in reached.values():
                reach.grant(function.role, folder, settings=settings, foundation=foundation)
            if settings.needs_drivers:
                reach_warehouses(function, settings)

    def _grant(self, folder: str, function: PythonFunction) -> None:
        role, identities = function.role, self._foundation.identities
        allow_objects(role, self._foundation.bucket, READ, naming.run_key("*", "*", naming.TICKET))
        allow_objects(role, identities, (*READ, *WRITE_TAGGED), DESTINATIONS)
        allow_objects(role, identities, READ, f"{_LEDGER}*")
        written = [f"{_LEDGER}{name}" for name in _LEDGER_WRITES[folder]]
        allow_objects(role, identities, WRITE, *written)
        allow_key(role, self._foundation.identities_key)
        if self._settings.http_destinations or self._settings.warehouses:
            allow_secrets(role, *self._secrets())

    def _secrets(self) -> list[str]:
        """Return the default tenant's secret of each destination."""
        stage = self._settings.stage
        return [
            naming.destination_secret(stage, destination)
            for destination in (*self._settings.warehouses, *self._settings.http_destinations)
        ]
