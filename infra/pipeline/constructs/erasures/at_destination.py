"""The function that erases people at destinations, with what it may touch."""

from __future__ import annotations

from constructs import Construct

from infra.destinations.warehouses import reach_warehouses
from infra.foundation.functions import FunctionMaker
from infra.kit.grants import READ, WRITE, allow_key, allow_objects, allow_secrets
from infra.pipeline.constructs.erasures.functions import ERASURES
from infra.pipeline.constructs.loaders import REACHES
from infra.pipeline.settings import PipelineSettings
from tessera import naming
from tessera.environments.activate import ActivateEnvironment
from tessera.environments.erasing import EraseAtDestinationEnvironment


class ErasingFunction(Construct):
    """EraseAtDestination. It reads who is erased, and the destinations' keys.

    Parameters
    ----------
    environment
        As the functions of Activate have it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        maker: FunctionMaker,
        settings: PipelineSettings,
        environment: ActivateEnvironment,
    ) -> None:
        super().__init__(scope, id_)
        foundation = maker.foundation
        self.function = maker.make(
            self,
            "EraseAtDestination",
            folder="erase_at_destination",
            environment=EraseAtDestinationEnvironment(
                **vars(environment), destinations=",".join(settings.destinations)
            ),
            minutes=14,
            memory_mb=512,
            no_queue="Its callers get the error, and try again.",
        )
        role = self.function.role
        allow_objects(role, foundation.identities, READ, ERASURES)
        allow_objects(role, foundation.bucket, (*READ, *WRITE), ERASURES)
        allow_key(role, foundation.data_key, foundation.identities_key)
        names = [
            naming.destination_secret(settings.stage, destination)
            for destination in (*settings.warehouses, *settings.http_destinations)
        ]
        if names:
            allow_secrets(role, *names)
        for name, reach in REACHES.items():
            if name in settings.destinations:
                reach.grant(role, "erase", settings=settings, foundation=foundation)
        if settings.needs_drivers:
            reach_warehouses(self.function, settings)
