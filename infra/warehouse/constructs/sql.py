"""RunWarehouseSql, and the rule that calls it every day."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit.dead_letters import dead_letter_queue
from infra.kit.grants import DELETE, READ, WRITE, allow, allow_list, allow_objects
from infra.kit.nag import acknowledge
from infra.warehouse.constructs.place import DATABASE, WarehousePlace
from infra.warehouse.settings import WarehouseSettings
from tessera import naming
from tessera.environments.warehouse import RunWarehouseSqlEnvironment
from tessera.warehouse.redshift.statements import LoadedTable


class WarehouseSql(Construct):
    """A call that fails for good waits in ``missed``. The next one does all again."""

    def __init__(
        self, scope: Construct, id_: str, *, maker: FunctionMaker, place: WarehousePlace,
        settings: WarehouseSettings, stream: str,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        foundation = maker.foundation
        self.missed = dead_letter_queue(self, "Missed", key=foundation.data_key)
        self.function = maker.make(
            self,
            "RunWarehouseSql",
            folder="run_warehouse_sql",
            environment=RunWarehouseSqlEnvironment(
                data_bucket=foundation.bucket.bucket_name,
                key_arn=foundation.data_key.key_arn,
                catalog=foundation.catalog.database_name,
                workgroup=naming.warehouse(maker.stage.stage),
                workgroup_arn=place.arn,
                database=DATABASE,
                rpu_hours=str(settings.rpu_hours),
                stream=stream,
                customers_schema=settings.customers_schema,
                loads=";".join(settings.loads),
                orders=settings.orders,
                orders_tenant=settings.orders_tenant,
                tenants_table=foundation.tenants.table_name,
            ),
            minutes=15,
            dead_letters=self.missed,
        )
        self._allow(place, maker=maker, settings=settings)
        events.Rule(
            self,
            "Daily",
            description="Tessera: run_warehouse_sql",
            schedule=events.Schedule.cron(hour=str(settings.hour), minute="20"),
            targets=[
                targets.LambdaFunction(
                    self.function.live,
                    dead_letter_queue=self.missed,
                    retry_attempts=2,
                    max_event_age=Duration.hours(2),
                )
            ],
        )

    def _allow(
        self, place: WarehousePlace, *, maker: FunctionMaker, settings: WarehouseSettings
    ) -> None:
        role, bucket = self.function.role, maker.foundation.bucket
        runs = ("redshift-data:BatchExecuteStatement", "redshift-data:ExecuteStatement")
        allow(role, [*runs, "redshift-serverless:GetCredentials"], place.arn)
        # A statement is its caller's: the Data API shows nobody the statements of others.
        mine = {"StringEquals": {"redshift-data:statement-owner-iam-userid": "${aws:userid}"}}
        allow(
            role,
            ["redshift-data:DescribeStatement", "redshift-data:GetStatementResult"],
            "*",
            conditions=mine,
        )
        limits = [f"redshift-serverless:{verb}UsageLimit" for verb in ("Create", "Update")]
        allow(role, [*limits, "redshift-serverless:ListUsageLimits"], "*")
        acknowledge(
            role,
            {
                r"AwsSolutions-IAM5\[Resource::\*\]": (
                    "They take no resource: redshift-data:DescribeStatement, "
                    "redshift-data:GetStatementResult, "
                    "redshift-serverless:CreateUsageLimit, redshift-serverless:ListUsageLimits, "
                    "redshift-serverless:UpdateUsageLimit."
                )
            },
        )
        maker.allow_tenants(self.function, "Scan")
        for text in settings.loads:
            end = f"{naming.UPLOADS}*/{LoadedTable.parse(text).folder}/{naming.FOLDER_COMPLETE}"
            allow_objects(role, bucket, READ, end)
        if settings.loads or settings.orders:
            allow_objects(role, bucket, (*READ, *WRITE), f"{naming.warehouse_prefix('*')}*")
        if settings.orders:
            back = f"{naming.UPLOADS}*/{naming.WAREHOUSE_ORDERS}/"
            allow_objects(role, bucket, (*READ, *WRITE), f"{back}{naming.FOLDER_COMPLETE}")
            allow_objects(role, bucket, DELETE, f"{back}*")
            allow_list(role, bucket, f"{back}*")
