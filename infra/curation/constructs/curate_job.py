"""The Glue job that curates, and exactly what it may touch."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from infra.curation.settings import CuratedSettings, ExportsPlace
from infra.foundation.foundation import Foundation
from infra.kit import assets
from infra.kit.glue_connection import network_connection
from infra.kit.glue_job import GlueJob, Workers
from infra.kit.grants import (
    DELETE,
    READ,
    WRITE,
    WRITE_TAGGED,
    allow,
    allow_key,
    allow_objects,
)
from infra.kit.nag import acknowledge
from tessera import naming
from tessera.environments.curate import CurateEnvironment


class CurateJob(Construct):
    """The job, in the stage's network where it has one.

    Parameters
    ----------
    folders
        Patterns of the upload folders that it may write, such as ``crm-*``.
    exports
        From where it copies exports of a CRM to change files first. None for no exports.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: CuratedSettings,
        foundation: Foundation,
        folders: Sequence[str],
        exports: ExportsPlace | None,
    ) -> None:
        super().__init__(scope, id_)
        name = naming.curate_job(settings.stage)
        built = assets.glue_code()
        modules = s3_assets.Asset(
            self, "GlueModules", path=str(built.path), asset_hash=built.digest
        )
        machines = settings.curation
        self.job = GlueJob(
            self,
            "Curate",
            name=name,
            module="curate",
            modules=modules,
            arguments=CurateEnvironment(
                data_bucket=foundation.bucket.bucket_name,
                identities_bucket=foundation.identities.bucket_name,
                raw_days=str(settings.storage.raw_days),
            ),
            key=foundation.identities_key,
            logs_key=foundation.data_key,
            log_retention_days=settings.log_retention_days,
            connection=network_connection(self, name, network=settings.network),
            machines=Workers(
                kind=machines.worker,
                count=machines.workers,
                hours=machines.hours,
                about="the files of a source to its upload",
            ),
        )
        self._allow(foundation, folders=folders, exports=exports)

    def _allow(
        self, foundation: Foundation, *, folders: Sequence[str], exports: ExportsPlace | None
    ) -> None:
        role, data, identities = self.job.role, foundation.bucket, foundation.identities
        described = f"{naming.sources_prefix('*')}*"
        allow_objects(role, data, READ, described)
        allow_objects(role, data, WRITE, f"{described}.json")
        uploads = [f"{naming.UPLOADS}*/{folder}/*" for folder in folders]
        allow_objects(role, data, (*READ, *WRITE, *DELETE), *uploads)
        allow_objects(role, identities, READ, f"{naming.raw_prefix('*', '*')}*")
        # Snapshots take the place of change files. Those of crm-orders are in raw/crm/.
        sources = [folder.removesuffix("-*") for folder in folders]
        compacted = [f"{naming.raw_prefix('*', source)}*" for source in sources]
        allow_objects(role, identities, (*WRITE_TAGGED, *DELETE), *compacted)
        if exports:
            if exports.bucket:
                self._allow_bucket(exports)
            else:
                allow_objects(role, identities, READ, f"{naming.crm_exports_prefix('*', '*')}*")
        allow_key(role, foundation.data_key, foundation.identities_key)

    def _allow_bucket(self, exports: ExportsPlace) -> None:
        """Let the job read the user's bucket, and nothing else of it than its exports."""
        role, stack = self.job.role, Stack.of(self)
        bucket = s3.Bucket.from_bucket_name(self, "Exports", exports.bucket)
        # Without the account, the name could become another's after the bucket is deleted.
        ours = {"StringEquals": {"aws:ResourceAccount": stack.account}}
        below = f"{exports.prefix}*"
        allow(role, READ, bucket.arn_for_objects(below), conditions=ours)
        listed = {**ours, "StringLike": {"s3:prefix": [below]}}
        allow(role, ["s3:ListBucket"], bucket.bucket_arn, conditions=listed)
        allow(role, ["s3:GetBucketLocation"], bucket.bucket_arn, conditions=ours)
        if exports.key_arn:
            allow(role, ["kms:Decrypt"], exports.key_arn)
        reason = "The exports that you put there: their objects and days are not known before."
        acknowledge(role, {rf"AwsSolutions-IAM5\[Resource::.+/{re.escape(below)}\]": reason})
