"""Customers, the cluster model and the run before become profiles (Parquet) and score.json."""

from __future__ import annotations

import os
import sys
from typing import Any

from adapters.aws.container import Container, write_json
from sagemaker_jobs.score.job import Job

RECORD = "score.json"


def score(container: Container) -> dict[str, Any]:
    """Read, score, write; return the record."""
    return Job(container).run()


def main() -> None:
    """Score in this container; any error is left where SageMaker reads it."""
    container = Container(os.environ)
    with container.failing_to("message"):
        record = score(container)
        write_json(container.output("score") / RECORD, record)
        published = record["models"]["published"] or "no model"
        sys.stdout.write(
            f"{record['customers']} customers in {len(record['segments'])} segments and "
            f"{len(record['clusters'])} clusters as of {record['as_of']}; {published} published\n"
        )


if __name__ == "__main__":
    main()
