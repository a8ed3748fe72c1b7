"""The SageMaker and Glue jobs: what each reads and writes, and the request that starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from infra import assets
from infra.config import StageSettings
from infra.constructs.glue_job import GlueJob
from infra.constructs.grants import (
    DELETE,
    READ,
    READ_VERSIONS,
    WRITE,
    allow,
    allow_key,
    allow_objects,
)
from infra.constructs.sagemaker_job import PROCESSING, TRAINING, Machine, SageMakerJob
from infra.states import jsonata, text
from tessera import naming
from tessera.settings import MapSchemaEnvironment, PrepareEnvironment

if TYPE_CHECKING:
    from infra.stacks.data_stack import DataStack

_SCRIPT = assets.ROOT / "glue_jobs" / "map_schema.py"


class PipelineJobs(Construct):
    """Prepare, TrainKMeans, Score and MapSchema."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: StageSettings, data: DataStack, name: str
    ) -> None:
        super().__init__(scope, id_)
        self._settings = settings
        self._data = data
        built = assets.sagemaker_code()
        self._code = s3_assets.Asset(self, "Code", path=str(built.path), asset_hash=built.digest)
        self.prepare = self._prepare(f"{name}-prepare")
        self.train = self._train(f"{name}-train")
        self.score = self._score(f"{name}-score")
        self.map_schema = self._map_schema(f"{name}-map-schema")

    def requests(self) -> dict[str, Any]:
        """Return the arguments of the four states."""
        run = ["--tenant", jsonata("$tenant"), "--run", jsonata("$run_id")]
        inputs = {
            "customers": self._of_run(naming.CUSTOMERS),
            "backtest": self._of_run(naming.BACKTEST),
            "previous": self._of_run(naming.PREVIOUS),
            "model": jsonata("$model_uri"),
            "ticket": self._of_run(naming.TICKET),
            "record": self._of_run(naming.PREPARE_RECORD),
        }
        outputs = {
            "profiles": self._at(naming.profiles_prefix("$tenant")),
            "transitions": self._at(naming.transitions_prefix("$tenant")),
            "score": self._of_run(naming.SCORE),
        }
        channels = {
            "features": self._of_run(naming.FEATURES),
            "ticket": self._of_run(naming.TICKET),
        }
        environment = PrepareEnvironment(
            data_bucket=self._data.bucket.bucket_name,
            identities_bucket=self._data.identities.bucket_name,
            pseudonym_secret=self._data.secret.secret_arn,
            memory_limit_mb=str(self._settings.jobs.prepare_memory_mb),
        )
        return {
            # It reads the secret and pinned versions of objects itself, so it needs the network.
            "prepare": self.prepare.processing(
                arguments=run, environment=environment.to_env(), isolated=False
            ),
            "train": self.train.training(
                channels=channels, output=self._of_run(naming.MODEL.rstrip("/"))
            ),
            "score": self.score.processing(
                arguments=[], inputs=inputs, outputs=outputs, isolated=True
            ),
            "map_schema": {
                "JobName": self.map_schema.name,
                "Arguments": {"--tenant": jsonata("$tenant"), "--run": jsonata("$run_id")},
            },
        }

    def allow_start(self, role: iam.IRole) -> None:
        """Let the state machine start the jobs."""
        for job in (self.prepare, self.train, self.score, self.map_schema):
            job.allow_start(role)

    def _of_run(self, name: str) -> str:
        return self._at(naming.run_key("$tenant", "$run_id", name))

    def _at(self, key: str) -> str:
        return text(f"s3://{self._data.bucket.bucket_name}/{key}")

    def _prepare(self, name: str) -> SageMakerJob:
        job = self._job("Prepare", name, PROCESSING, step="prepare", key=self._data.identities_key)
        bucket, identities, role = self._data.bucket, self._data.identities, job.role
        change = (*READ, *WRITE, *DELETE)
        allow_objects(role, bucket, READ_VERSIONS, f"{naming.UPLOADS}*")
        allow_objects(role, bucket, change, f"{naming.events_prefix('*')}*", _run_files("*"))
        before = (naming.latest_key("*"), f"{naming.profiles_prefix('*')}*")
        allow_objects(role, bucket, READ, *before)
        allow_objects(
            role, identities, change, f"{naming.identities_prefix('*')}*", _run_files("*")
        )
        allow_key(role, self._data.data_key, self._data.identities_key)
        allow(role, ["secretsmanager:GetSecretValue"], self._data.secret.secret_arn)
        return job

    def _train(self, name: str) -> SageMakerJob:
        job = self._job("Train", name, TRAINING, step="train_kmeans", key=self._data.data_key)
        read = (_run_files(f"{naming.FEATURES}*"), _run_files(naming.TICKET))
        allow_objects(job.role, self._data.bucket, READ, *read)
        allow_objects(job.role, self._data.bucket, WRITE, _run_files(f"{naming.MODEL}*"))
        allow_key(job.role, self._data.data_key)
        return job

    def _score(self, name: str) -> SageMakerJob:
        job = self._job("Score", name, PROCESSING, step="score", key=self._data.data_key)
        folders = (naming.CUSTOMERS, naming.BACKTEST, naming.PREVIOUS, naming.MODEL)
        names = (*(f"{each}*" for each in folders), naming.TICKET, naming.PREPARE_RECORD)
        allow_objects(job.role, self._data.bucket, READ, *(_run_files(each) for each in names))
        tables = (naming.profiles_prefix("*"), naming.transitions_prefix("*"))
        written = (*(f"{each}*" for each in tables), _run_files(f"{naming.SCORE}*"))
        allow_objects(job.role, self._data.bucket, WRITE, *written)
        allow_key(job.role, self._data.data_key)
        return job

    def _map_schema(self, name: str) -> GlueJob:
        data = self._data
        modules = assets.glue_code()
        job = GlueJob(
            self,
            "MapSchema",
            name=name,
            script=_SCRIPT,
            modules=s3_assets.Asset(
                self, "GlueModules", path=str(modules.path), asset_hash=modules.digest
            ),
            arguments=MapSchemaEnvironment(
                data_bucket=data.bucket.bucket_name, identities_bucket=data.identities.bucket_name
            ),
            key=data.identities_key,
            jobs=self._settings.jobs,
        )
        profiles = f"{naming.profiles_prefix('*')}*"
        allow_objects(job.role, data.bucket, READ, profiles, _run_files("*"))
        allow_objects(job.role, data.identities, READ, f"{naming.identities_prefix('*')}*")
        written = (
            f"{naming.destination_prefix('*', '*', '*')}*",
            f"{naming.ledger_prefix('*', '*')}*",
        )
        allow_objects(job.role, data.identities, (*READ, *WRITE, *DELETE), *written)
        allow_key(job.role, data.data_key, data.identities_key)
        return job

    def _job(self, id_: str, name: str, kind: str, *, step: str, key: Any) -> SageMakerJob:
        jobs = self._settings.jobs
        return SageMakerJob(
            self,
            id_,
            kind=kind,
            step=step,
            name=name,
            code=self._code,
            region=self._settings.place,
            machine=Machine(
                instance=getattr(jobs, f"{id_.lower()}_instance"),
                volume_gb=jobs.volume_gb,
                hours=jobs.job_hours,
            ),
            volume_key=key,
        )


def _run_files(name: str) -> str:
    return naming.run_key("*", "*", name)
