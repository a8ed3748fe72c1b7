"""The steps of a run that cost money by the second, and how long they are expected to take."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from tessera.environments.machines import StageMachines, in_function
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.ticket import Ticket

PREPARE, ON_SPARK = "Prepare", "PrepareOnSpark"
CLUSTERS, FORECASTS, CHURN = "TrainKMeans", "TrainForecasts", "TrainChurn"
SCORE, MAP_SCHEMA = "Score", "MapSchema"

GLUE_LEAST_SECONDS = 60.0  # what Glue bills a run for at least
_MILLION = 1e6
_SAMPLE = 100_000  # customers that forecasts are learnt from at most
_ATTRIBUTE_ROWS = 50_000  # beyond them, learning who cancels takes hardly longer


@dataclasses.dataclass(frozen=True, kw_only=True)
class BilledStep:
    """A step of a run, and what it runs on.

    Parameters
    ----------
    name
        The state's.
    service, kind, count
        Whose machines, which, and how many. Of a function, how many GB of memory.
    """

    name: str
    service: Literal["sagemaker", "glue", "lambda"]
    kind: str
    count: float = 1

    @property
    def words(self) -> str:
        """The machines as people read them, such as ``2 × G.1X``."""
        if self.service == "lambda":
            return f"a function of {self.count:.2f} GB"
        return self.kind if self.service == "sagemaker" else f"{self.count} × {self.kind}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunSize:
    """What decides how long a run's jobs take.

    Parameters
    ----------
    events, customers
        Of the tenant's history, after the upload.
    attributes
        Rows that a model of cancellations learns from.
    on_spark
        Whether Prepare runs on Spark.
    """

    events: int
    customers: int
    attributes: int = 0
    on_spark: bool = False

    @classmethod
    def of(cls, ticket: Ticket, prepared: PrepareRecord, *, machines: StageMachines) -> RunSize:
        """Return the size of a run that is prepared."""
        return cls(
            events=prepared.history.events,
            customers=prepared.customers,
            attributes=prepared.attributes.rows,
            on_spark=_on_spark(ticket, machines),
        )


def billed_steps(size: RunSize, *, machines: StageMachines) -> Iterator[BilledStep]:
    """Yield the steps of a run, in order."""
    train = machines.train_instance
    if size.on_spark:
        yield BilledStep(
            name=ON_SPARK,
            service="glue",
            kind=machines.spark_worker,
            count=machines.spark_workers,
        )
    else:
        yield BilledStep(name=PREPARE, service="sagemaker", kind=machines.prepare_instance)
    yield BilledStep(name=CLUSTERS, service="sagemaker", kind=train)
    yield BilledStep(name=FORECASTS, service="sagemaker", kind=train)
    if size.attributes:
        yield BilledStep(name=CHURN, service="sagemaker", kind=train)
    yield BilledStep(name=SCORE, service="sagemaker", kind=machines.score_instance)
    yield BilledStep(
        name=MAP_SCHEMA, service="glue", kind=machines.glue_worker, count=machines.glue_workers
    )


def in_functions(
    steps: Iterable[BilledStep], seconds: Mapping[str, float], *, machines: StageMachines
) -> Iterator[BilledStep]:
    """Yield the steps that a run was billed for: functions in place of the jobs they stood for.

    A function that turned out to be too small replied nothing, so its time is not known.
    """
    for step in steps:
        name = in_function(step.name)
        gb = machines.function_memory_mb / 1024
        ran = name in seconds and gb
        yield BilledStep(name=name, service="lambda", kind="gb_hour", count=gb) if ran else step


def expected_seconds(size: RunSize) -> Mapping[str, float]:
    """Return how long each step is expected to be billed, by its name.

    They come from docs/performance.md, docs/scale.md and docs/model.md, which measured machines of
    two cores. Prepare on Spark was not measured there, so it has none.
    """
    events, customers = size.events / _MILLION, size.customers / _MILLION
    sample = min(size.customers / _SAMPLE, 1.0)
    rows = min(size.attributes / _ATTRIBUTE_ROWS, 1.0)
    return {
        PREPARE: round(10 + 8 * events, 1),
        CLUSTERS: round(5 + 0.4 * customers, 1),
        FORECASTS: round(15 + 35 * sample, 1),
        CHURN: round(25 + 25 * rows, 1),
        SCORE: round(8 + 20 * customers, 1),  # most runs have one before
        MAP_SCHEMA: round(max(GLUE_LEAST_SECONDS, 30 + 40 * customers), 1),
    }


def _on_spark(ticket: Ticket, machines: StageMachines) -> bool:
    engine, upload = ticket.settings.engine, ticket.source
    large = upload is not None and upload.bytes >= machines.spark_from_bytes
    return engine == "spark" or (engine == "auto" and large)
