"""Channels attributes (Parquet) and ticket (JSON) become the model folder's churn.json."""

from __future__ import annotations

import os

from adapters.aws.container import Container, run_of
from adapters.aws.logs import job_log
from steps.train.cancellations import train_cancellations


def main() -> None:
    """Train in this container. Any error is left where SageMaker reads it."""
    container = Container(os.environ)
    with container.failing_to("failure"), job_log("TrainChurn") as log:
        log.bind(**run_of(container.channel("ticket")))
        record = train_cancellations(container)
        log.decided(record.decision or "not trained", reason=record.reason)


if __name__ == "__main__":
    main()
