"""The machines of a stage's jobs, as functions get them in their environment."""

from __future__ import annotations

import dataclasses
import json

from tessera.environments.one_line import OneLine

IN_FUNCTION = "InFunction"  # at the end of a state's name


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
        if not self.function_memory_mb:
            del fields["function_memory_mb"]
        return json.dumps(fields, separators=(",", ":"))


def in_function(state: str) -> str:
    """Return the state that does the work of a job's state in a function."""
    return f"{state}{IN_FUNCTION}"
