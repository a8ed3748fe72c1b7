"""The job that erases, and exactly what it may touch: both buckets with all their versions."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.kit.grants import (
    DELETE,
    DELETE_VERSIONS,
    READ_VERSIONS,
    WRITE_TAGGED,
    allow,
    allow_items,
    allow_key,
    allow_list,
    allow_objects,
)
from infra.kit.states import jsonata
from infra.pipeline.constructs.erasures.functions import allow_describing
from infra.pipeline.constructs.job_machine import JobMachine
from infra.pipeline.constructs.sagemaker_job import PROCESSING, SageMakerJob
from infra.pipeline.settings import PipelineSettings
from tessera import naming
from tessera.environments.erasing import EraseEnvironment


class EraseJob(Construct):
    """EraseData, on a machine as Prepare has it. It reads all that Prepare does, and its secret.

    Parameters
    ----------
    labels
        The table of live labels, by its name. Empty in a stage without them.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: PipelineSettings,
        foundation: Foundation,
        code: s3_assets.Asset,
        labels: str,
    ) -> None:
        super().__init__(scope, id_)
        self._foundation, self._labels = foundation, labels
        self.job = SageMakerJob(
            self,
            "EraseData",
            kind=PROCESSING,
            step="erase",
            name=f"tessera-{settings.stage}-erase",
            code=code,
            region=settings.place,
            machine=JobMachine(
                instance=settings.jobs.prepare_instance,
                volume_gb=settings.jobs.volume_gb,
                hours=settings.jobs.job_hours,
            ),
            volume_key=foundation.identities_key,
            network=settings.network,
        )
        self._allow(settings)

    def request(self) -> dict[str, Any]:
        """Return the request that starts it."""
        foundation = self._foundation
        environment = EraseEnvironment(
            data_bucket=foundation.bucket.bucket_name,
            identities_bucket=foundation.identities.bucket_name,
            pseudonym_secret=foundation.secret.secret_arn,
            runs_table=foundation.runs.table_name,
            campaigns_table=foundation.campaigns.table_name if foundation.campaigns else "",
            labels_table=self._labels,
        )
        return self.job.processing(
            arguments=["--tenant", jsonata("$tenant"), "--case", jsonata("$case")],
            environment=environment.to_env(),
            isolated=False,
        )

    def _allow(self, settings: PipelineSettings) -> None:
        role, foundation = self.job.role, self._foundation
        tenants = f"{naming.TENANTS}*"
        # Whatever has a customer in it is below these, in files that later releases bring too.
        self._allow_all(
            foundation.bucket, f"{naming.UPLOADS}*", f"{naming.QUERY_RESULTS}*", tenants
        )
        self._allow_all(foundation.identities, tenants)
        allow_key(role, foundation.data_key, foundation.identities_key)
        allow(role, ["secretsmanager:GetSecretValue"], foundation.secret.secret_arn)
        allow_items(role, foundation.runs, "Query", key=foundation.data_key)
        allow_describing(role, settings.stage)
        if foundation.campaigns and foundation.campaigns_key:
            items = ("DeleteItem", "GetItem", "PutItem", "Query")
            allow_items(role, foundation.campaigns, *items, key=foundation.campaigns_key)
            allow_key(role, foundation.campaigns_key)
        if self._labels:  # by name: the table is another capability's
            table = Stack.of(self).format_arn(
                service="dynamodb", resource="table", resource_name=self._labels
            )
            allow(role, ["dynamodb:DeleteItem"], table)

    def _allow_all(self, bucket: s3.IBucket, *patterns: str) -> None:
        """Let the job read, replace and delete objects, each with all versions."""
        role = self.job.role
        every = (*READ_VERSIONS, *WRITE_TAGGED, *DELETE, *DELETE_VERSIONS)
        allow_objects(role, bucket, every, *patterns)
        allow_list(role, bucket, *patterns, action="s3:ListBucketVersions")
