"""The machines of a stage's jobs, as functions get them in their environment."""

from __future__ import annotations

import dataclasses

from tessera.environments.one_line import OneLine


@dataclasses.dataclass(frozen=True, kw_only=True)
class StageMachines(OneLine):
    """What the jobs of a stage run on.

    Parameters
    ----------
    prepare_instance, train_instance, score_instance
        SageMaker's instance types. Each job has one.
    glue_worker, glue_workers
        Of MapSchema.
    spark_worker, spark_workers
        Of Prepare on Spark.
    spark_from_bytes
        Uploads of this size or more are prepared there, unless a tenant's setting decides.
    """

    prepare_instance: str
    train_instance: str
    score_instance: str
    glue_worker: str
    glue_workers: int
    spark_worker: str
    spark_workers: int
    spark_from_bytes: int
