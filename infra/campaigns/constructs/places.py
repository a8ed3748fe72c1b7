"""What all functions of campaigns share: places, and how a function is made and let in."""

from __future__ import annotations

import dataclasses

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.campaigns.constructs.mail import Mail
from infra.foundation.foundation import Foundation
from infra.foundation.functions import FunctionMaker
from infra.foundation.keys import Key
from infra.kit import assets
from infra.kit.document import JsonDocument
from infra.kit.function import PythonFunction
from infra.kit.grants import allow_items, allow_key
from infra.kit.stage import Stage
from tessera.environments.environment import Environment

ONE_PROCESSOR_MB = 1769  # of memory: Lambda gives a whole one from here on


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignPlaces:
    """What all functions of campaigns share.

    Parameters
    ----------
    stage, foundation
        Of the stage.
    table, key
        The campaigns' table, and what encrypts it.
    mail
        What sends.
    links
        The keys of unsubscribe links.
    origin
        Where these links lead.
    warm_up_from
        The day of the sending domain's first message, empty for a domain that is known.
    defaults
        The stage's settings of a run.
    has_webhook
        Whether the stage has the destination whose key signs messages to a webhook.
    """

    stage: Stage
    foundation: Foundation
    table: dynamodb.ITable
    key: Key
    mail: Mail
    links: secretsmanager.ISecret
    origin: str
    warm_up_from: str
    defaults: JsonDocument
    has_webhook: bool

    @property
    def ses_tenant_prefix(self) -> str:
        """What comes before a tenant's name in the name of its SES tenant."""
        return f"tessera-{self.stage.stage}-"

    def common(self) -> dict[str, str]:
        """Return what most functions get in their environment."""
        return {
            "data_bucket": self.foundation.bucket.bucket_name,
            "identities_bucket": self.foundation.identities.bucket_name,
            "campaigns_table": self.table.table_name,
            "run_defaults": self.defaults.uri,
        }

    def allow_table(self, function: PythonFunction, *operations: str) -> None:
        """Let a function do operations on the campaigns' table."""
        allow_items(function.role, self.table, *operations, key=self.key)
        allow_key(function.role, self.key)


class FunctionRoom(Construct):
    """Functions of one bundle of code."""

    def __init__(
        self, scope: Construct, id_: str, *, places: CampaignPlaces, built: assets.Built
    ) -> None:
        super().__init__(scope, id_)
        self.places = places
        code = lambda_.Code.from_asset(str(built.path), asset_hash=built.digest)
        self._maker = FunctionMaker(stage=places.stage, foundation=places.foundation, code=code)

    def allow_tenants(self, function: PythonFunction, *operations: str) -> None:
        """Let a function use the tenants table."""
        self._maker.allow_tenants(function, *operations)

    def make(
        self, id_: str, *, folder: str, environment: Environment, minutes: int,
        memory_mb: int = ONE_PROCESSOR_MB, storage_gb: int = 0, name: str | None = None,
        no_queue: str = "",
    ) -> PythonFunction:  # fmt: skip
        """Return a function. ``name`` is of one that another stack calls by it."""
        return self._maker.make(
            self, id_, folder=folder, environment=environment, minutes=minutes,
            memory_mb=memory_mb, storage_gb=storage_gb, name=name, no_queue=no_queue,
        )  # fmt: skip
