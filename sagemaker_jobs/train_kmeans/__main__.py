"""Channels features (Parquet) and ticket (JSON) become the model folder's model.json."""

from __future__ import annotations

import os

from adapters.aws.container import Container, read_json, run_of, write_json
from adapters.aws.logs import job_log
from adapters.tables.columns import integers, unscaled
from adapters.tables.parquet import read_table
from tessera.contracts.tables import FEATURES
from tessera.customers.clustering import fit_clusters
from tessera.customers.clusters import ClusterModel
from tessera.naming import TICKET
from tessera.records.codec import decode
from tessera.records.ticket import Ticket

MODEL = "model.json"


def train(container: Container) -> ClusterModel:
    """Read, fit, write; return the model."""
    ticket = decode(Ticket, read_json(container.channel("ticket") / TICKET), document=TICKET)
    settings = ticket.settings
    rows = read_table(container.channel("features"), columns=FEATURES.names)
    model = fit_clusters(
        recency_days=integers(rows.column("recency_days")),
        frequency=integers(rows.column("frequency")),
        monetary=unscaled(rows.column("monetary")),
        customers=integers(rows.column("customers")),
        k=settings.clusters,
        seed=settings.cluster_seed,
    )
    write_json(container.model / MODEL, model.to_dict())
    return model


def main() -> None:
    """Train in this container; any error is left where SageMaker reads it."""
    container = Container(os.environ)
    with container.failing_to("failure"), job_log("TrainKMeans") as log:
        log.bind(**run_of(container.channel("ticket")))
        model = train(container)
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
