"""DMS' two ends: the database, and the folder of its change files."""

from __future__ import annotations

from typing import Any

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_dms as dms
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.databases.settings import DatabaseSettings
from infra.foundation.bucket import PrivateBucket
from infra.foundation.keys import Key
from infra.kit.grants import DELETE, WRITE_TAGGED, allow, allow_key, allow_objects
from infra.kit.trust import trusted
from tessera import naming

COMMITTED_AT = "dms_commit_at"  # as tessera.sources.changes reads it
_SECONDS_PER_FILE, _KILOBYTES_PER_FILE = 60, 32_000
_HEARTBEAT_SCHEMA = "tessera"


class SourceEndpoint(Construct):
    """The database, by a secret that people store."""

    def __init__(
        self, scope: Construct, id_: str, *, stage: str, settings: DatabaseSettings, key: Key
    ) -> None:
        super().__init__(scope, id_)
        secret = naming.source_secret(stage, "database")
        stack = Stack.of(self)
        # DMS assumes this role under its name of the region.
        self._role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                f"dms.{stack.region}.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            ),
        )
        arn = stack.format_arn(
            service="secretsmanager",
            resource="secret",
            resource_name=f"{secret}-??????",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        allow(self._role, ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], arn)
        self._secret = secret
        self.endpoint = dms.CfnEndpoint(
            self,
            "Endpoint",
            endpoint_type="source",
            engine_name=settings.engine,
            database_name=settings.name or None,
            ssl_mode=settings.ssl_mode,
            certificate_arn=settings.certificate_arn or None,
            kms_key_id=key.key_arn,
            **self._of_engine(settings),
        )
        self.endpoint.node.add_dependency(self._role)

    def _of_engine(self, settings: DatabaseSettings) -> dict[str, Any]:
        known: dict[str, Any] = {
            "secrets_manager_access_role_arn": self._role.role_arn,
            "secrets_manager_secret_id": self._secret,
        }
        if settings.engine in ("postgres", "aurora-postgresql"):
            return {"postgre_sql_settings": _postgresql(settings, known)}
        if settings.engine == "sqlserver":
            return {
                "microsoft_sql_server_settings": dms.CfnEndpoint.MicrosoftSqlServerSettingsProperty(
                    **known, database_name=settings.name
                )
            }
        if settings.engine == "oracle":
            return {"oracle_settings": dms.CfnEndpoint.OracleSettingsProperty(
                **known,
                # A value that does not fit ends the replication: none is cut off.
                fail_tasks_on_lob_truncation=True,
            )}  # fmt: skip
        return {"my_sql_settings": dms.CfnEndpoint.MySqlSettingsProperty(**known)}


class FilesEndpoint(Construct):
    """The folder of change files in the bucket of what names people."""

    def __init__(self, scope: Construct, id_: str, *, bucket: PrivateBucket, key: Key) -> None:
        super().__init__(scope, id_)
        folder = naming.raw_prefix(naming.DEFAULT_TENANT, "database").removesuffix("/")
        role = iam.Role(self, "Role", assumed_by=trusted("dms"))
        allow_objects(role, bucket, [*WRITE_TAGGED, *DELETE], f"{folder}/*")
        allow(role, ["s3:GetBucketLocation", "s3:ListBucket"], bucket.bucket_arn)
        allow_key(role, key)
        self.endpoint = dms.CfnEndpoint(
            self,
            "Endpoint",
            endpoint_type="target",
            engine_name="s3",
            kms_key_id=key.key_arn,
            s3_settings=dms.CfnEndpoint.S3SettingsProperty(
                bucket_name=bucket.bucket_name,
                bucket_folder=folder,
                service_access_role_arn=role.role_arn,
                expected_bucket_owner=Aws.ACCOUNT_ID,
                data_format="parquet",
                parquet_version="parquet-2-0",
                include_op_for_full_load=True,
                timestamp_column_name=COMMITTED_AT,
                # Else a row that was loaded would be newer than a change made during the load.
                use_task_start_time_for_full_load_timestamp=True,
                cdc_max_batch_interval=_SECONDS_PER_FILE,
                cdc_min_file_size=_KILOBYTES_PER_FILE,
                encryption_mode="sse-kms",
                server_side_encryption_kms_key_id=key.key_arn,
            ),
        )
        self.endpoint.node.add_dependency(role)


def _postgresql(
    settings: DatabaseSettings, known: dict[str, Any]
) -> dms.CfnEndpoint.PostgreSqlSettingsProperty:
    reads_changes = settings.mode == "changes"
    return dms.CfnEndpoint.PostgreSqlSettingsProperty(
        **known,
        capture_ddls=False,  # which would need triggers of a superuser
        fail_tasks_on_lob_truncation=True,
        # An idle slot would keep the server's log until its disk is full.
        heartbeat_enable=reads_changes,
        heartbeat_schema=_HEARTBEAT_SCHEMA if reads_changes else None,
    )
