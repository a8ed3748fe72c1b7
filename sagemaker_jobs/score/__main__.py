"""Customers, the cluster model and the run before become profiles (Parquet) and score.json."""

from __future__ import annotations

import os

from adapters.aws.container import Container, run_of
from adapters.aws.logs import job_log
from steps.score.run import ScoreRun
from steps.score.step import score


def main() -> None:
    """Score in this container. Any error is left where SageMaker reads it."""
    container = Container(os.environ)
    with container.failing_to("message"), job_log("Score") as log:
        log.bind(**run_of(container.input("ticket")))
        record = score(ScoreRun.open(container))
        log.decided(
            "scored",
            customers=record.customers,
            segments=len(record.segments),
            clusters=len(record.clusters),
            as_of=record.as_of.isoformat(),
            published=(record.models and record.models.published) or "no model",
        )


if __name__ == "__main__":
    main()
