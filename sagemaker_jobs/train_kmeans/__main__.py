"""Channels features (Parquet) and ticket (JSON) become the model folder's model.json."""

from __future__ import annotations

import os

from adapters.aws.container import Container, run_of
from adapters.aws.logs import job_log
from steps.train.clusters import train_kmeans


def main() -> None:
    """Train in this container. Any error is left where SageMaker reads it."""
    container = Container(os.environ)
    with container.failing_to("failure"), job_log("TrainKMeans") as log:
        log.bind(**run_of(container.channel("ticket")))
        model = train_kmeans(container)
        log.decided(
            "trained",
            clusters=model.k,
            buyers=model.customers,
            distinct=model.rows,
            inertia=round(model.inertia, 4),
            note=model.note,
        )


if __name__ == "__main__":
    main()
