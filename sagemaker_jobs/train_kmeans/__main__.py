"""Channels features (Parquet) and ticket (JSON) become the model folder's model.json."""

from __future__ import annotations

import os
import sys

from adapters.aws.container import Container, read_json, write_json
from adapters.tables.columns import integers, unscaled
from adapters.tables.parquet import read_table
from tessera.contracts.tables import FEATURES
from tessera.customers.clustering import fit_clusters
from tessera.naming import TICKET
from tessera.records.codec import decode
from tessera.records.ticket import Ticket

MODEL = "model.json"


def train(container: Container) -> None:
    """Read, fit, write."""
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
    sys.stdout.write(
        f"{model.k} clusters of {model.customers} buyers ({model.rows} distinct), "
        f"inertia {model.inertia:.4f}: {model.note}\n"
    )


def main() -> None:
    """Train in this container; any error is left where SageMaker reads it."""
    container = Container(os.environ)
    with container.failing_to("failure"):
        train(container)


if __name__ == "__main__":
    main()
