"""What buyers did by day (Parquet) becomes the model folder's forecasts.json."""

from __future__ import annotations

import os

from adapters.aws.container import Container, run_of
from adapters.aws.logs import job_log
from steps.train.forecasts import learn_forecasts


def main() -> None:
    """Train in this container. Any error is left where SageMaker reads it."""
    container = Container(os.environ)
    with container.failing_to("failure"), job_log("TrainForecasts") as log:
        log.bind(**run_of(container.channel("ticket")))
        record = learn_forecasts(container)
        log.decided(
            "reused" if record.reused else "learnt",
            published=record.published or "no model",
            learnt_as_of=record.learnt_as_of.isoformat(),
        )


if __name__ == "__main__":
    main()
