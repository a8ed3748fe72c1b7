"""The Lambda functions of the run's own states, and exactly what each may touch."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.foundation.functions import FunctionMaker
from infra.kit import assets
from infra.kit.document import JsonDocument
from infra.kit.function import PythonFunction
from infra.kit.grants import (
    DELETE,
    READ,
    READ_VERSIONS,
    TAG,
    WRITE,
    WRITE_TAGGED,
    allow,
    allow_key,
    allow_list,
    allow_notifying,
    allow_objects,
)
from infra.pipeline.constructs.approval import Approval
from infra.pipeline.constructs.erasures.functions import allow_describing
from infra.pipeline.constructs.loaders import DESTINATIONS, Loaders
from infra.pipeline.settings import PipelineSettings
from tessera import naming
from tessera.environments.activate import PlanLoadsEnvironment
from tessera.environments.check_upload import CheckUploadEnvironment
from tessera.environments.fail_run import FailRunEnvironment
from tessera.environments.finish_run import FinishRunEnvironment

_GIB = 1 << 30
_PENDING = naming.events_prefix("*") + naming.PENDING_UPLOAD
_POINTER = naming.events_prefix("*", "*") + naming.UPLOAD_POINTER


class Functions(Construct):
    """Those of the run's states, and PlanLoads and DecideRun, which people call."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: PipelineSettings,
        foundation: Foundation,
        topic: sns.ITopic,
        machine_name: str,
        console: str,
        own_warehouse: str,
    ) -> None:
        super().__init__(scope, id_)
        self._settings = settings
        self._console = console
        self._foundation = foundation
        self._topic = topic
        built = assets.lambda_code()
        code = lambda_.Code.from_asset(str(built.path), asset_hash=built.digest)
        self.maker = FunctionMaker(stage=settings, foundation=foundation, code=code)
        self.check_upload = self._check_upload()
        self.loaders = Loaders(
            self,
            "Loaders",
            settings=settings,
            foundation=foundation,
            maker=self.maker,
            own_warehouse=own_warehouse,
        )
        self.plan_loads = self._plan_loads()
        self.approval = Approval(
            self,
            "Approval",
            maker=self.maker,
            topic=topic,
            machine_name=machine_name,
            days=self._settings.approval_days,
            machines=self._settings.jobs.machines,
        )
        self.finish_run = self._finish_run()
        self.fail_run = self._fail_run()

    def steps(self) -> dict[str, Any]:
        """Return each function as a state calls it."""
        return {name: function.called for name, function in self._all().items()}

    def allow_call(self, role: iam.Role) -> None:
        """Let the state machine call the functions."""
        allow(role, ["lambda:InvokeFunction"], *(each.arn for each in self._all().values()))

    def alone(self) -> list[PythonFunction]:
        """Return the functions whose errors no run reports.

        FailRun is one: a run that failed fails again when it fails, and nobody learns why.
        """
        return [self.fail_run, self.plan_loads, self.approval.decide_run]

    def _all(self) -> dict[str, PythonFunction]:
        return {
            "check_upload": self.check_upload,
            "await_approval": self.approval.await_approval,
            **self.loaders.by_folder,
            "finish_run": self.finish_run,
            "fail_run": self.fail_run,
        }

    def _check_upload(self) -> PythonFunction:
        defaults = JsonDocument(self, "RunDefaults", value=self._settings.run.to_dict())
        environment = CheckUploadEnvironment(
            data_bucket=self._foundation.bucket.bucket_name,
            runs_table=self._foundation.runs.table_name,
            tenants_table=self._foundation.tenants.table_name,
            run_defaults=defaults.uri,
            max_upload_bytes=str(self._settings.max_upload_gb * _GIB),
            available_destinations=",".join(self._settings.destinations),
            tenancy=self._settings.tenant.tenancy.to_text(),
        )
        function = self.maker.make(
            self, "CheckUpload", folder="check_upload", environment=environment, minutes=2
        )
        bucket, role = self._foundation.bucket, function.role
        allow_objects(role, bucket, READ_VERSIONS, f"{naming.UPLOADS}*")
        allow_objects(role, bucket, READ, naming.settings_key("*"))
        allow_list(role, bucket, naming.attributes_prefix("*"), naming.events_prefix("*"))
        defaults.allow_read(role)
        ticket = naming.run_key("*", "*", naming.TICKET)
        allow_objects(role, bucket, (*READ, *WRITE_TAGGED), ticket)
        turns = ("DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem")
        self.maker.allow_runs(function, *turns)
        self.maker.allow_tenants(function, "GetItem", "UpdateItem")
        # By name: the machine knows the function, so the function cannot refer to the machine.
        allow_describing(role, self._settings.stage)
        return function

    def _plan_loads(self) -> PythonFunction:
        """Return the function that people call to see what a run would send. It sends nothing."""
        function = self.maker.make(
            self,
            "PlanLoads",
            folder="plan_loads",
            environment=PlanLoadsEnvironment(
                **vars(self.loaders.environment), machines=self._settings.jobs.machines.to_text()
            ),
            minutes=1,
        )
        role = function.role
        records = [
            naming.run_key("*", "*", name) for name in (naming.TICKET, naming.PREPARE_RECORD)
        ]
        allow_objects(role, self._foundation.bucket, READ, *records, naming.latest_key("*"))
        planned = f"{DESTINATIONS}/{naming.LOAD_RECORD}"
        segments = f"{naming.ledger_prefix('*', '*')}{naming.SEGMENTS}"
        allow_objects(role, self._foundation.identities, READ, planned, segments)
        allow_key(role, self._foundation.identities_key)
        return function

    def _allow_tagging(self, role: iam.Role) -> None:
        """Let a role tag what SageMaker wrote for a run: it knows the folders, not the names."""
        folders = [naming.run_key("*", "*", f"{name}*") for name in naming.SERVICE_WRITTEN]
        allow_objects(role, self._foundation.bucket, TAG, *folders)
        allow_list(role, self._foundation.bucket, *folders)

    def _allow_settling(self, role: iam.Role) -> None:
        """Let a role remove what an upload had before, or what a run stored and did not keep."""
        bucket, identities = self._foundation.bucket, self._foundation.identities
        allow_objects(role, bucket, READ, _PENDING, _POINTER)
        upload = naming.events_prefix("*", "*")
        # Folders such as content=…: not the pointer, without which the upload's events are lost.
        allow_objects(role, bucket, DELETE, _PENDING, f"{upload}*=*/*")
        allow_list(role, bucket, f"{upload}*", naming.events_prefix("*"))
        personal = [f"{prefix}*" for prefix in naming.upload_identities_prefixes("*")]
        allow_objects(role, identities, DELETE, *personal)
        allow_list(role, identities, *personal)

    def _finish_run(self) -> PythonFunction:
        environment = FinishRunEnvironment(
            data_bucket=self._foundation.bucket.bucket_name,
            identities_bucket=self._foundation.identities.bucket_name,
            runs_table=self._foundation.runs.table_name,
            database=self._foundation.catalog.database_name,
            topic_arn=self._topic.topic_arn,
            stage=self._settings.stage,
            machines=self._settings.jobs.machines.to_text(),
            console=self._console,
        )
        function = self.maker.make(
            self, "FinishRun", folder="finish_run", environment=environment, minutes=5
        )
        role = function.role
        # The summary is the previous run's, which has the trend and what came of each source. It
        # may have expired, and only a role that may list it learns so.
        read = (naming.TICKET, naming.PREPARE_RECORD, naming.SCORE_RECORD, naming.SUMMARY)
        records = [naming.run_key("*", "*", name) for name in read]
        allow_objects(role, self._foundation.bucket, READ, *records, naming.latest_key("*"))
        written = [
            naming.run_key("*", "*", name)
            for name in (naming.SUMMARY, naming.INSIGHTS, naming.MANIFEST, naming.REPORT)
        ]
        allow_objects(role, self._foundation.bucket, WRITE_TAGGED, *written)
        latest = (naming.latest_key("*"), naming.latest_run_key("*"))
        allow_objects(role, self._foundation.bucket, WRITE, *latest)
        allow_objects(role, self._foundation.bucket, WRITE, _POINTER)
        self._allow_settling(role)
        self._allow_tagging(role)
        reports = [f"{DESTINATIONS}/{name}" for name in (naming.LOAD_RECORD, naming.LOAD_REPORT)]
        allow_objects(role, self._foundation.identities, READ, *reports)
        allow_key(role, self._foundation.identities_key)
        self.maker.allow_runs(function, "DeleteItem", "GetItem", "UpdateItem")
        self._foundation.catalog.allow_partitions(role)
        allow_notifying(role, self._topic)
        return function

    def _fail_run(self) -> PythonFunction:
        environment = FailRunEnvironment(
            data_bucket=self._foundation.bucket.bucket_name,
            identities_bucket=self._foundation.identities.bucket_name,
            runs_table=self._foundation.runs.table_name,
            topic_arn=self._topic.topic_arn,
        )
        function = self.maker.make(
            self, "FailRun", folder="fail_run", environment=environment, minutes=2
        )
        written = naming.run_key("*", "*", naming.ERROR)
        allow_objects(function.role, self._foundation.bucket, WRITE_TAGGED, written)
        self._allow_settling(function.role)
        self._allow_tagging(function.role)
        self.maker.allow_runs(function, "DeleteItem", "GetItem", "UpdateItem")
        allow_notifying(function.role, self._topic)
        return function
