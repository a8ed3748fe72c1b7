"""DMS Serverless: which tables, how, and with how much capacity."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_dms as dms
from constructs import Construct

from infra.databases.constructs.endpoints import FilesEndpoint, SourceEndpoint
from infra.databases.constructs.place import DatabasePlace
from infra.databases.settings import DatabaseSettings
from infra.foundation.keys import Key

SEQUENCE = "dms_change_seq"  # as tessera.sources.changes reads it
_TYPES = {"nightly": "full-load", "changes": "full-load-and-cdc"}
_LEAST_UNITS = 1
_LARGEST_TEXT_KB = 1024  # of a column without a limit


class DatabaseReplication(Construct):
    """A replication that is started by the state machine, never by a deployment."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, settings: DatabaseSettings,
        source: SourceEndpoint, files: FilesEndpoint, place: DatabasePlace, key: Key,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        subnets = dms.CfnReplicationSubnetGroup(
            self,
            "Subnets",
            replication_subnet_group_description="Tessera: where DMS reads the database",
            subnet_ids=list(settings.subnet_ids),
        )
        self.name = name
        self.config = dms.CfnReplicationConfig(
            self,
            "Config",
            replication_config_identifier=name,
            replication_type=_TYPES[settings.mode],
            source_endpoint_arn=source.endpoint.ref,
            target_endpoint_arn=files.endpoint.ref,
            table_mappings=table_mappings(settings.tables),
            compute_config=dms.CfnReplicationConfig.ComputeConfigProperty(
                min_capacity_units=_LEAST_UNITS,
                max_capacity_units=settings.most_units,
                multi_az=False,
                replication_subnet_group_id=subnets.ref,
                vpc_security_group_ids=[place.group.attr_group_id],
                kms_key_id=key.key_arn,
            ),
            replication_settings=replication_settings(),
        )

    @property
    def arn(self) -> str:
        """The ARN by which it is started."""
        return str(self.config.attr_replication_config_arn)


def table_mappings(tables: tuple[str, ...]) -> dict[str, Any]:
    """Return which tables are read, and the column that puts their changes in order."""
    rules: list[dict[str, Any]] = []
    for name in tables:
        schema, _, table = name.partition(".")
        where = {"schema-name": schema, "table-name": table}
        number = str(len(rules) + 1)
        rules.append({
            "rule-type": "selection", "rule-id": number, "rule-name": number,
            "object-locator": where, "rule-action": "include",
        })  # fmt: skip
        number = str(len(rules) + 1)
        rules.append({
            "rule-type": "transformation", "rule-id": number, "rule-name": number,
            "rule-target": "column", "object-locator": where, "rule-action": "add-column",
            "value": SEQUENCE, "expression": "$AR_H_CHANGE_SEQ",
            "data-type": {"type": "string", "length": 50},
        })  # fmt: skip
    return {"rules": rules}


def replication_settings() -> dict[str, Any]:
    """Return DMS' task settings that differ from its own."""
    return {
        "FullLoadSettings": {"TargetTablePrepMode": "DO_NOTHING"},
        "TargetMetadata": {
            "SupportLobs": True,
            "FullLobMode": False,  # which a target in S3 does not have
            "LimitedSizeLobMode": True,
            "LobMaxSize": _LARGEST_TEXT_KB,
        },
        "Logging": {"EnableLogging": True},
    }
