"""Exports of a CRM or ERP: read once a day, copied, curated, uploaded."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.crm.constructs.flows import SalesforceFlows
from infra.crm.constructs.watch import ExportsWatch
from infra.crm.definition import SOURCE, definition
from infra.crm.settings import CrmSettings, ExportSettings
from infra.foundation.foundation import Foundation
from infra.kit.daily_start import DailyStart
from infra.kit.glue_job import GlueJob
from infra.kit.machine import StateMachine
from infra.kit.states import jsonata
from tessera import naming


class CrmStack(Stack):
    """The clock → the state machine → the Curate job for each object → its upload folder.

    Parameters
    ----------
    curate
        The job, and how long it may take.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: CrmSettings,
        foundation: Foundation,
        curate: GlueJob,
        curate_hours: int,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id_, **stack)
        crm = settings.crm
        request = curate.request(
            {"--tenant": crm.tenant, "--source": jsonata(SOURCE), **_own_bucket(crm)}
        )
        machine = StateMachine(
            self,
            "Machine",
            name=naming.crm_machine(settings.stage),
            key=foundation.data_key,
            log_retention_days=settings.log_retention_days,
            definition=definition(
                crm.objects,
                request,
                partition=settings.place.partition,
                job_hours=curate_hours,
            ),
        )
        curate.allow_start(machine.role)
        daily = DailyStart(
            self,
            "DailyExports",
            machine=machine,
            key=foundation.data_key,
            hour=crm.hour,
            about="exports of a CRM or ERP",
        )
        ExportsWatch(
            self,
            "ExportsWatch",
            machine=machine.machine,
            missed=daily.missed,
            topic=foundation.topic,
        )
        if crm.appflow:
            SalesforceFlows(
                self, "Flows", settings=crm, foundation=foundation, stage=settings.stage
            )
        CfnOutput(self, "ExportsMachineArn", value=machine.machine.state_machine_arn)


def _own_bucket(crm: ExportSettings) -> dict[str, str]:
    """Return the job's arguments for exports in a bucket of the user's."""
    if not crm.source_bucket:
        return {}
    prefix = {"--exports_prefix": crm.source_prefix} if crm.source_prefix else {}
    return {"--exports_bucket": crm.source_bucket, **prefix}
