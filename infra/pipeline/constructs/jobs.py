"""The SageMaker and Glue jobs: what each reads and writes, and the request that starts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.kit import assets
from infra.kit.glue_connection import network_connection
from infra.kit.glue_job import GlueJob, Workers
from infra.kit.grants import (
    DELETE,
    READ,
    READ_VERSIONS,
    WRITE,
    WRITE_TAGGED,
    allow,
    allow_key,
    allow_objects,
)
from infra.kit.states import jsonata, text
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
        self.prepare = self._prepare(f"{name}-prepare")
        self.prepare_on_spark = self._prepare_on_spark(f"{name}-prepare-on-spark")
        self.train = self._train(f"{name}-train")
        self.train_forecasts = self._train_forecasts(f"{name}-forecasts")
        self.train_churn = self._train_churn(f"{name}-churn")
        self.score = self._score(f"{name}-score")
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

    def allow_start(self, role: iam.IRole) -> None:
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

    def _prepare(self, name: str) -> SageMakerJob:
        job = self._job(
            "Prepare", name, PROCESSING, step="prepare", key=self._foundation.identities_key
        )
        self._allow_preparing(job.role)
        return job

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
        self._allow_preparing(job.role)
        return job

    def _allow_preparing(self, role: iam.IRole) -> None:
        """Let a job read uploads and history, write both, and know the pseudonyms' secret."""
        bucket, identities = self._foundation.bucket, self._foundation.identities
        change = (*READ, *WRITE, *DELETE)
        change_run = (*READ, *WRITE_TAGGED, *DELETE)
        allow_objects(role, bucket, READ_VERSIONS, f"{naming.UPLOADS}*")
        stored = (f"{naming.events_prefix('*')}*", f"{naming.attributes_prefix('*')}*")
        allow_objects(role, bucket, change, *stored)
        allow_objects(role, bucket, change_run, _run_files("*"))
        before = (naming.latest_key("*"), f"{naming.profiles_prefix('*')}*")
        erased = f"{naming.erased_prefix('*')}*"
        allow_objects(role, bucket, READ, *before, erased)
        personal = [f"{prefix}*" for prefix in naming.upload_identities_prefixes("*")]
        allow_objects(role, identities, change, *personal)
        allow_objects(role, identities, change_run, _run_files("*"))
        allow_key(role, self._foundation.data_key, self._foundation.identities_key)
        allow(role, ["secretsmanager:GetSecretValue"], self._foundation.secret.secret_arn)

    def _train(self, name: str) -> SageMakerJob:
        read = (f"{naming.FEATURES}*", naming.TICKET)
        return self._training("Train", name, step="train_kmeans", read=read, model=naming.MODEL)

    def _train_forecasts(self, name: str) -> SageMakerJob:
        return self._training(
            "TrainForecasts",
            name,
            step="train_forecasts",
            read=(
                f"{naming.BEHAVIOUR_DAYS}*",
                naming.PREPARE_RECORD,
                naming.PREVIOUS_RECORD,
                naming.TICKET,
            ),
            model=naming.FORECASTS,
        )

    def _train_churn(self, name: str) -> SageMakerJob:
        read = (f"{naming.ATTRIBUTES}*", naming.TICKET)
        return self._training("TrainChurn", name, step="train_churn", read=read, model=naming.CHURN)

    def _training(
        self, id_: str, name: str, *, step: str, read: Sequence[str], model: str
    ) -> SageMakerJob:
        """Return a job that reads some of a run's files and writes below its folder ``model``."""
        job = self._job(id_, name, TRAINING, step=step, key=self._foundation.data_key)
        bucket = self._foundation.bucket
        allow_objects(job.role, bucket, READ, *(_run_files(each) for each in read))
        allow_objects(job.role, bucket, WRITE, _run_files(f"{model}*"))
        allow_key(job.role, self._foundation.data_key)
        return job

    def _score(self, name: str) -> SageMakerJob:
        job = self._job("Score", name, PROCESSING, step="score", key=self._foundation.data_key)
        folders = (
            naming.CUSTOMERS,
            naming.ATTRIBUTES,
            naming.DETAILS,
            naming.PREVIOUS,
            naming.MODEL,
            naming.FORECASTS,
            naming.CHURN,
        )
        names = (*(f"{each}*" for each in folders), naming.TICKET, naming.PREPARE_RECORD)
        allow_objects(
            job.role, self._foundation.bucket, READ, *(_run_files(each) for each in names)
        )
        tables = (
            naming.profiles_prefix("*"),
            naming.transitions_prefix("*"),
            naming.model_cards_prefix("*"),
        )
        written = (*(f"{each}*" for each in tables), _run_files(f"{naming.SCORE}*"))
        allow_objects(job.role, self._foundation.bucket, WRITE, *written)
        allow_key(job.role, self._foundation.data_key)
        return job

    def _map_schema(self, name: str) -> GlueJob:
        kept = self._foundation
        jobs = self._settings.jobs
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
        profiles = f"{naming.profiles_prefix('*')}*"
        pending = naming.events_prefix("*") + naming.PENDING_UPLOAD
        allow_objects(job.role, kept.bucket, READ, profiles, _run_files("*"), pending)
        allow_objects(job.role, kept.identities, READ, f"{naming.identities_prefix('*')}*")
        files = f"{naming.destination_prefix('*', '*', '*')}*"
        allow_objects(job.role, kept.identities, (*READ, *WRITE_TAGGED, *DELETE), files)
        if kept.campaigns:
            taken = naming.campaign_run_prefix("*", "*") + naming.CAMPAIGN_TAKEN
            allow_objects(job.role, kept.identities, READ, taken)
            allow_objects(job.role, kept.bucket, READ, f"{naming.handovers_prefix('*')}*")
        ledgers = f"{naming.ledger_prefix('*', '*')}*"
        allow_objects(job.role, kept.identities, (*READ, *WRITE, *DELETE), ledgers)
        allow_key(job.role, kept.data_key, kept.identities_key)
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

    def _job(self, id_: str, name: str, kind: str, *, step: str, key: Any) -> SageMakerJob:
        jobs = self._settings.jobs
        return SageMakerJob(
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
            volume_key=key,
            network=self._settings.network,
        )


def _run_files(name: str) -> str:
    return naming.run_key("*", "*", name)
