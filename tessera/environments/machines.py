"""The machines of a stage's jobs, as functions get them in their environment."""

from __future__ import annotations

import dataclasses
import json

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
    function_memory_mb
        Of the functions that work in small runs. 0 in a stage without them.
    """

    prepare_instance: str
    train_instance: str
    score_instance: str
    glue_worker: str
    glue_workers: int
    spark_worker: str
    spark_workers: int
    spark_from_bytes: int
    function_memory_mb: int = 0

    def to_text(self) -> str:
        """Return them as one line, without functions where there are none."""
        fields = dataclasses.asdict(self)
        return json.dumps(
            {name: value for name, value in fields.items() if value != 0}, separators=(",", ":")
        )
