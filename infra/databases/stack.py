"""An operational database: DMS Serverless to change files, and each table to an upload."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.databases.constructs.aurora import AuroraCluster
from infra.databases.constructs.clock import DatabaseClock
from infra.databases.constructs.endpoints import FilesEndpoint, SourceEndpoint
from infra.databases.constructs.place import DatabasePlace
from infra.databases.constructs.replication import DatabaseReplication
from infra.databases.constructs.watch import DatabaseWatch
from infra.databases.definition import SOURCE, DatabaseStates, definition
from infra.databases.settings import DatabasesSettings
from infra.foundation.foundation import Foundation
from infra.kit.glue_job import GlueJob
from infra.kit.grants import allow
from infra.kit.machine import StateMachine
from infra.kit.nag import acknowledge
from infra.kit.states import jsonata
from tessera import naming


class DatabasesStack(Stack):
    """The clock → the state machine → DMS → change files → Curate → an upload a table.

    Parameters
    ----------
    settings, foundation
        Of the stage.
    curate, curate_hours
        The job that makes an upload of a table's change files, and its time limit. None where no
        table is read.
    """

    def __init__(
        self, scope: Construct, id_: str, *, settings: DatabasesSettings, foundation: Foundation,
        curate: GlueJob | None, curate_hours: int, **stack: Any,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_, **stack)
        self._settings, self._foundation = settings, foundation
        self._curate_hours = curate_hours
        database = settings.database
        name = naming.database_machine(settings.stage)
        place = DatabasePlace(self, "Place", settings=database)
        if database.aurora:
            AuroraCluster(
                self,
                "Aurora",
                name=name,
                settings=database,
                key=foundation.identities_key,
                caller=place.group,
                retain=settings.retain,
            )
        if curate is not None:
            self._read(name, place, curate)

    def _read(self, name: str, place: DatabasePlace, curate: GlueJob) -> None:
        settings, foundation = self._settings, self._foundation
        database, key = settings.database, foundation.identities_key
        replication = DatabaseReplication(
            self,
            "Replication",
            name=name,
            settings=database,
            source=SourceEndpoint(self, "Source", stage=settings.stage, settings=database, key=key),
            files=FilesEndpoint(self, "Files", bucket=foundation.identities, key=key),
            place=place,
            key=key,
        )
        machine = StateMachine(
            self,
            "DatabaseMachine",
            name=name,
            key=foundation.data_key,
            log_retention_days=settings.log_retention_days,
            definition=definition(
                DatabaseStates(
                    mode=database.mode,
                    replication_arn=replication.arn,
                    request=curate.request(
                        {"--tenant": naming.DEFAULT_TENANT, "--source": jsonata(SOURCE)}
                    ),
                    sources=[f"database-{name.partition('.')[2]}" for name in database.tables],
                    curate_hours=self._curate_hours,
                    partition=settings.place.partition,
                )
            ),
        )
        curate.allow_start(machine.role)
        allow(machine.role, ["dms:StartReplication"], replication.arn)
        allow(machine.role, ["dms:DescribeReplications"], "*")
        acknowledge(
            machine.role,
            {
                r"AwsSolutions-IAM5\[Resource::\*\]": (
                    "It takes no resource: dms:DescribeReplications."
                )
            },
        )
        DatabaseClock(
            self,
            "Clock",
            machine=machine,
            hour=None if database.mode == "changes" else database.hour,
            key=foundation.data_key,
        )
        DatabaseWatch(
            self,
            "DatabaseWatch",
            machine=machine.machine,
            replication=name,
            changes=database.mode == "changes",
            topic=foundation.topic,
        )
        CfnOutput(self, "DatabaseMachineArn", value=machine.machine.state_machine_arn)
        CfnOutput(self, "ReplicationConfigArn", value=replication.arn)
