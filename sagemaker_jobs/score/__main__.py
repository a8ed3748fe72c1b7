"""Customers, the cluster model and the run before become profiles (Parquet) and score.json."""

from __future__ import annotations

import os
from typing import Any

from adapters.aws.container import Container, run_of, write_json
from adapters.aws.logs import job_log
from sagemaker_jobs.score.job import Job

RECORD = "score.json"


def score(container: Container) -> dict[str, Any]:
    """Read, score, write; return the record."""
    return Job(container).run()


def main() -> None:
    """Score in this container; any error is left where SageMaker reads it."""
    container = Container(os.environ)
    with container.failing_to("message"), job_log("Score") as log:
        log.bind(**run_of(container.input("ticket")))
        record = score(container)
        write_json(container.output("score") / RECORD, record)
        log.decided(
            "scored",
            customers=record["customers"],
            segments=len(record["segments"]),
            clusters=len(record["clusters"]),
            as_of=record["as_of"],
            published=record["models"]["published"] or "no model",
        )


if __name__ == "__main__":
    main()
