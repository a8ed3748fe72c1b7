"""Train K-Means on the distinct features of buyers."""

from __future__ import annotations

from adapters.aws.container import Container, write_json
from adapters.stores.model_archive import MODEL
from adapters.tables.features import read_features
from steps.train.run import ticket_of
from tessera.customers.clusters.fitting import fit_rows
from tessera.customers.clusters.model import ClusterModel
from tessera.records.codec import encode


def train_kmeans(container: Container) -> ClusterModel:
    """Fit the clusters of the channel ``features``, write model.json, and return the model."""
    settings = ticket_of(container).settings
    model = fit_rows(
        read_features(container.channel("features")),
        k=settings.clusters,
        seed=settings.cluster_seed,
    )
    write_json(container.model / MODEL, encode(model))
    return model
