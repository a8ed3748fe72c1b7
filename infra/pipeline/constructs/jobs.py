"""The SageMaker and Glue jobs: what each reads and writes, and the request that starts it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.kit import assets
from infra.kit.glue_connection import network_connection
from infra.kit.glue_job import GlueJob, Workers
from infra.kit.states import jsonata, text
from infra.pipeline.constructs.job_grants import JobGrants
from infra.pipeline.constructs.job_machine import JobMachine
from infra.pipeline.constructs.sagemaker_job import PROCESSING, TRAINING, SageMakerJob
from infra.pipeline.settings import PipelineSettings
from tessera import naming
from tessera.environments.environment import Environment
from tessera.environments.map_schema import MapSchemaEnvironment
from tessera.environments.prepare import PrepareEnvironment, PrepareOnSparkEnvironment

_MACHINE_OF = {
    "Prepare": "prepare", "Train": "train", "TrainForecasts": "train", "TrainChurn": "train",
    "Score": "score",
}  # fmt: skip


class PipelineJobs(Construct):
    """Prepare (on one machine or on Spark), the training of models, Score and MapSchema."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: PipelineSettings,
        foundation: Foundation,
        name: str,
        forwarded: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id_)
        self._forwarded = forwarded
        self._settings = settings
        self._foundation = foundation
        built = assets.sagemaker_code()
        self.code = s3_assets.Asset(self, "Code", path=str(built.path), asset_hash=built.digest)
        modules = assets.glue_code()
        self._modules = s3_assets.Asset(
            self, "GlueModules", path=str(modules.path), asset_hash=modules.digest
        )
        self._connection = network_connection(self, name, network=self._settings.network)
        self.grants = allowed = JobGrants(foundation)
        self.prepare = self._job(
            "Prepare", f"{name}-prepare", PROCESSING, step="prepare", allow=allowed.prepare
        )
        self.prepare_on_spark = self._prepare_on_spark(f"{name}-prepare-on-spark")
        self.train = self._job(
            "Train", f"{name}-train", TRAINING, step="train_kmeans", allow=allowed.train
        )
        self.train_forecasts = self._job(
            "TrainForecasts",
            f"{name}-forecasts",
            TRAINING,
            step="train_forecasts",
            allow=allowed.train_forecasts,
        )
        self.train_churn = self._job(
            "TrainChurn", f"{name}-churn", TRAINING, step="train_churn", allow=allowed.train_churn
        )
        self.score = self._job(
            "Score", f"{name}-score", PROCESSING, step="score", allow=allowed.score
        )
        self.map_schema = self._map_schema(f"{name}-map-schema")

    def requests(self) -> dict[str, Any]:
        """Return the arguments of the states."""
        run = ["--tenant", jsonata("$tenant"), "--run", jsonata("$run_id")]
        inputs = {
            "customers": self._of_run(naming.CUSTOMERS),
            "attributes": self._of_run(naming.ATTRIBUTES),
            "details": self._of_run(naming.DETAILS),
            "previous": self._of_run(naming.PREVIOUS),
            "model": jsonata("$model_uri"),
            "forecasts": jsonata("$forecasts_uri"),
            "ticket": self._of_run(naming.TICKET),
            "record": self._of_run(naming.PREPARE_RECORD),
        }
        outputs = {
            "profiles": self._at(naming.profiles_prefix("$tenant")),
            "transitions": self._at(naming.transitions_prefix("$tenant")),
            "model_cards": self._at(naming.model_cards_prefix("$tenant")),
            "score": self._of_run(naming.SCORE),
        }
        channels = {
            "features": self._of_run(naming.FEATURES),
            "ticket": self._of_run(naming.TICKET),
        }
        behaviour = {
            "behaviour_days": self._of_run(naming.BEHAVIOUR_DAYS),
            "record": self._of_run(naming.PREPARE_RECORD),
            "previous": self._of_run(naming.PREVIOUS_RECORD),
            "ticket": self._of_run(naming.TICKET),
        }
        known = {
            "attributes": self._of_run(naming.ATTRIBUTES),
            "ticket": self._of_run(naming.TICKET),
        }
        environment = PrepareEnvironment(
            data_bucket=self._foundation.bucket.bucket_name,
            identities_bucket=self._foundation.identities.bucket_name,
            pseudonym_secret=self._foundation.secret.secret_arn,
            memory_limit_mb=str(self._settings.jobs.prepare_memory_mb),
        )
        return {
            # It reads the secret and pinned versions of objects itself, so it needs the network.
            "prepare": self.prepare.processing(
                arguments=run, environment=environment.to_env(), isolated=False
            ),
            "prepare_on_spark": self._start_of(self.prepare_on_spark),
            "train": self.train.training(
                channels=channels, output=self._of_run(naming.MODEL.rstrip("/"))
            ),
            "train_forecasts": self.train_forecasts.training(
                channels=behaviour, output=self._of_run(naming.FORECASTS.rstrip("/"))
            ),
            "train_churn": self.train_churn.training(
                channels=known, output=self._of_run(naming.CHURN.rstrip("/"))
            ),
            "score": self.score.processing(
                arguments=[],
                inputs=inputs,
                optional={"churn": "$churn_uri"},
                outputs=outputs,
                isolated=True,
            ),
            "map_schema": self._start_of(self.map_schema),
        }

    def small_requests(self, *, memory_mb: int) -> dict[str, Any]:
        """Return the same requests for functions of a memory, by the job's state."""
        requests, mapped = self.requests(), self.map_schema.arguments
        prepare, glue = requests["prepare"], requests["map_schema"]
        limit = min(self._settings.jobs.prepare_memory_mb, memory_mb // 2)
        bounded = {**prepare["Environment"], "MEMORY_LIMIT_MB": str(limit)}
        on_one_machine = {**mapped, **glue["Arguments"], "--engine": "duckdb"}
        return {
            "Prepare": {**prepare, "Environment": bounded},
            "TrainKMeans": requests["train"],
            "TrainForecasts": requests["train_forecasts"],
            "TrainChurn": requests["train_churn"],
            "Score": requests["score"],
            "MapSchema": {**glue, "Arguments": on_one_machine},
        }

    def allow_start(self, role: iam.Role) -> None:
        """Let the state machine start the jobs."""
        trained = (self.train, self.train_forecasts, self.train_churn)
        for job in (self.prepare, *trained, self.score):
            job.allow_start(role)
        for glue_job in (self.prepare_on_spark, self.map_schema):
            glue_job.allow_start(role)

    def _start_of(self, job: GlueJob) -> dict[str, Any]:
        return job.request({"--tenant": jsonata("$tenant"), "--run": jsonata("$run_id")})

    def _of_run(self, name: str) -> str:
        return self._at(naming.run_key("$tenant", "$run_id", name))

    def _at(self, key: str) -> str:
        return text(f"s3://{self._foundation.bucket.bucket_name}/{key}")

    def _prepare_on_spark(self, name: str) -> GlueJob:
        jobs, kept = self._settings.jobs, self._foundation
        job = self._glue_job(
            "PrepareOnSpark",
            name,
            module="prepare_events",
            arguments=PrepareOnSparkEnvironment(
                data_bucket=kept.bucket.bucket_name,
                identities_bucket=kept.identities.bucket_name,
                pseudonym_secret=kept.secret.secret_arn,
            ),
            machines=Workers(
                kind=jobs.spark_worker,
                count=jobs.spark_workers,
                hours=jobs.job_hours,
                about="a large upload to events and the customer summary",
            ),
        )
        self.grants.prepare(job.role)
        return job

    def _map_schema(self, name: str) -> GlueJob:
        kept, jobs = self._foundation, self._settings.jobs
        job = self._glue_job(
            "MapSchema",
            name,
            module="map_schema",
            arguments=MapSchemaEnvironment(
                data_bucket=kept.bucket.bucket_name,
                identities_bucket=kept.identities.bucket_name,
                files_only=",".join(self._settings.files_only),
                handovers="on" if kept.campaigns else "off",
                forwarded=",".join(self._forwarded),
            ),
            machines=Workers(
                kind=jobs.glue_worker,
                count=jobs.glue_workers,
                hours=jobs.job_hours,
                about="profiles and identities to each destination's import files",
            ),
        )
        self.grants.map_schema(job.role)
        return job

    def _glue_job(
        self, id_: str, name: str, *, module: str, arguments: Environment, machines: Workers
    ) -> GlueJob:
        return GlueJob(
            self,
            id_,
            name=name,
            module=module,
            modules=self._modules,
            arguments=arguments,
            key=self._foundation.identities_key,
            logs_key=self._foundation.data_key,
            log_retention_days=self._settings.log_retention_days,
            connection=self._connection,
            machines=machines,
        )

    def _job(
        self, id_: str, name: str, kind: str, *, step: str, allow: Callable[[iam.Role], None]
    ) -> SageMakerJob:
        """Return a job. Only Prepare's disk has what names a person."""
        jobs, kept = self._settings.jobs, self._foundation
        job = SageMakerJob(
            self,
            id_,
            kind=kind,
            step=step,
            name=name,
            code=self.code,
            region=self._settings.place,
            machine=JobMachine(
                instance=getattr(jobs, f"{_MACHINE_OF[id_]}_instance"),
                volume_gb=jobs.volume_gb,
                hours=jobs.job_hours,
                keep_alive_minutes=jobs.keep_alive_minutes,
            ),
            volume_key=kept.identities_key if id_ == "Prepare" else kept.data_key,
            network=self._settings.network,
        )
        allow(job.role)
        return job
