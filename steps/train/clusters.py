"""Train K-Means on the distinct features of buyers."""

from __future__ import annotations

from adapters.aws.container import Container, write_json
from adapters.stores.model_archive import MODEL
from adapters.tables.columns import integers, unscaled
from adapters.tables.parquet import read_table
from steps.train.run import ticket_of
from tessera.contracts.tables import FEATURES
from tessera.customers.clusters.fitting import fit_clusters
from tessera.customers.clusters.model import ClusterModel
from tessera.records.codec import encode


def train_kmeans(container: Container) -> ClusterModel:
    """Fit the clusters of the channel ``features``, write model.json, and return the model."""
    settings = ticket_of(container).settings
    rows = read_table(container.channel("features"), columns=FEATURES.names)
    model = fit_clusters(
        recency_days=integers(rows.column("recency_days")),
        frequency=integers(rows.column("frequency")),
        monetary=unscaled(rows.column("monetary")),
        customers=integers(rows.column("customers")),
        k=settings.clusters,
        seed=settings.cluster_seed,
    )
    write_json(container.model / MODEL, encode(model))
    return model
