"""The settings of the pipeline: its jobs, its clock, its alarms, and the defaults of a run."""

from __future__ import annotations

import dataclasses
import re

from infra.deployment.settings import DeploymentSettings
from infra.destinations.settings import DestinationSettings
from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed
from tessera.environments.machines import StageMachines
from tessera.settings import RunSettings

FUNCTIONS = "functions"
COMPUTE = ("jobs", FUNCTIONS)
GLUE_WORKERS = ("G.1X", "G.2X", "G.4X", "G.8X")

# SageMaker refuses a volume key for instances with local disks, so none of those.
_INSTANCE = re.compile(r"ml\.(t3|m4|m5|m6i|m7i|c4|c5|c6i|c7i|r5|r6i|r7i)\.(medium|large|\d*xlarge)")


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobSettings:
    """Machines and limits of the SageMaker and Glue jobs.

    ``prepare_memory_mb`` bounds the engine inside Prepare, ``load_hours`` the wait for one
    destination, ``run_hours`` the whole run. Uploads of ``spark_from_gb`` or more are prepared on
    Spark, unless a tenant's setting ``engine`` decides. ``keep_alive_minutes`` keeps the machines
    of trainings warm for the next run, and they are paid for while they wait.

    With ``compute`` "functions", runs whose upload and stored events have less than
    ``functions_below_mb`` together work in functions of ``function_memory_mb``, without waiting for
    machines. All others work in jobs, and so does a step that turns out to be too large.
    """

    prepare_instance: str = "ml.m5.xlarge"
    prepare_memory_mb: int = 8000
    train_instance: str = "ml.m5.large"
    score_instance: str = "ml.m5.large"
    volume_gb: int = 50
    job_hours: int = 4
    glue_worker: str = "G.1X"
    glue_workers: int = 2
    spark_from_gb: int = 20
    spark_worker: str = "G.2X"
    spark_workers: int = 10
    load_hours: int = 6
    run_hours: int = 24
    keep_alive_minutes: int = 0
    compute: str = "jobs"
    functions_below_mb: int = 200
    function_memory_mb: int = 1769

    @property
    def functions_below_bytes(self) -> int:
        """The size from which on runs work in jobs: 0 where all do."""
        return self.functions_below_mb << 20 if self.compute == FUNCTIONS else 0

    @property
    def machines(self) -> StageMachines:
        """What the jobs run on, for those who compute what a run costs."""
        return StageMachines(
            prepare_instance=self.prepare_instance,
            train_instance=self.train_instance,
            score_instance=self.score_instance,
            glue_worker=self.glue_worker,
            glue_workers=self.glue_workers,
            spark_worker=self.spark_worker,
            spark_workers=self.spark_workers,
            spark_from_bytes=self.spark_from_gb << 30,
            function_memory_mb=self.function_memory_mb if self.compute == FUNCTIONS else 0,
        )

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        checks = {
            name: (_INSTANCE.fullmatch(getattr(self, name)) is not None, "such as 'ml.m5.xlarge'")
            for name in ("prepare_instance", "train_instance", "score_instance")
        }
        checks |= {
            "prepare_memory_mb": (self.prepare_memory_mb >= 512, "at least 512"),
            "volume_gb": (1 <= self.volume_gb <= 16_384, "from 1 to 16384"),
            "job_hours": (1 <= self.job_hours <= 48, "from 1 to 48"),
            "glue_worker": (self.glue_worker in GLUE_WORKERS, f"one of {GLUE_WORKERS}"),
            "glue_workers": (2 <= self.glue_workers <= 299, "from 2 to 299"),
            "spark_from_gb": (self.spark_from_gb >= 1, "at least 1"),
            "spark_worker": (self.spark_worker in GLUE_WORKERS, f"one of {GLUE_WORKERS}"),
            "spark_workers": (2 <= self.spark_workers <= 299, "from 2 to 299"),
            "load_hours": (1 <= self.load_hours <= 48, "from 1 to 48"),
            "run_hours": (self.run_hours >= self.job_hours, "at least job_hours"),
            "keep_alive_minutes": (0 <= self.keep_alive_minutes <= 60, "from 0 to 60"),
            "compute": (self.compute in COMPUTE, f"one of {COMPUTE}"),
            "functions_below_mb": (1 <= self.functions_below_mb <= 2000, "from 1 to 2000"),
            "function_memory_mb": (1769 <= self.function_memory_mb <= 10_240, "from 1769 to 10240"),
        }
        return failed(checks)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScheduleSettings:
    """A daily run of each tenant without an upload, so that time passing moves customers too.

    ``hour`` is the hour of the day in UTC.
    """

    enabled: bool = False
    hour: int = 3

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        return failed({"hour": (0 <= self.hour <= 23, "from 0 to 23, in UTC")})


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasurePlaces:
    """Where people are beside the foundation.

    Parameters
    ----------
    labels
        The table of live labels, by its name. Empty in a stage without them.
    stream_days
        How long the event stream keeps its records. 0 in a stage without one.
    longest_write_seconds
        How long the longest of all jobs and functions may take: what began before an erasure
        writes nothing after that.
    """

    labels: str = ""
    stream_days: int = 0
    longest_write_seconds: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class PipelineSettings(FoundationSettings, DestinationSettings):
    """A stage with its destinations, and how its runs get there.

    Parameters
    ----------
    max_upload_gb
        The largest upload that is accepted.
    approval_days
        How long a run that the circuit breaker holds waits for a decision. Then it fails.
    run
        The settings of a run unless the tenant's own file sets them.
    """

    max_upload_gb: int = 50
    approval_days: int = 7
    jobs: JobSettings = dataclasses.field(default_factory=JobSettings)
    schedule: ScheduleSettings = dataclasses.field(default_factory=ScheduleSettings)
    deployment: DeploymentSettings = dataclasses.field(default_factory=DeploymentSettings)
    run: RunSettings = dataclasses.field(default_factory=RunSettings)


def problems(settings: PipelineSettings) -> dict[str, str]:
    """Return what was expected of each setting that is wrong."""
    available = set(settings.run.destinations) <= set(settings.destinations)
    return failed(
        {
            "max_upload_gb": (settings.max_upload_gb >= 1, "at least 1"),
            "approval_days": (1 <= settings.approval_days <= 90, "from 1 to 90"),
            "run.destinations": (available, f"some of {settings.destinations}"),
        }
    )
