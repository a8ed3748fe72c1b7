"""Train the models of a run in a training job's container: clusters, and cancellations."""

from __future__ import annotations

import numpy as np

from adapters.aws.container import Container, read_json, write_json
from adapters.stores.model_archive import MODEL
from adapters.tables.churn import CHURN, read_attributes
from adapters.tables.columns import integers, unscaled
from adapters.tables.parquet import read_table
from tessera.contracts.tables import FEATURES
from tessera.customers.clusters.fitting import fit_clusters
from tessera.customers.clusters.model import ClusterModel
from tessera.customers.subscriptions.churn import not_trained, train_churn
from tessera.naming import TICKET
from tessera.records.codec import decode, encode
from tessera.records.runs.ticket import Ticket
from tessera.records.scoring.churn import TrainedChurn
from tessera.settings import RunSettings


def train_kmeans(container: Container) -> ClusterModel:
    """Fit the clusters of the channel ``features``, write model.json, and return the model."""
    settings = _settings(container)
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


def train_cancellations(container: Container) -> TrainedChurn:
    """Train on the channel ``attributes``, write churn.json, and return it.

    Without anything to train on, churn.json says why.
    """
    settings = _settings(container)
    record = _cancellations(container, settings)
    write_json(container.model / CHURN, encode(record))
    return record


def _cancellations(container: Container, settings: RunSettings) -> TrainedChurn:
    folder = container.channel("attributes")
    if not any(folder.rglob("*.parquet")):
        return not_trained("there is no file of customer attributes")
    customers = read_attributes(folder)
    if customers.label is None or (len(customers.label) and np.isnan(customers.label).all()):
        reason = "the attributes do not say who cancelled: name the column in 'churn_label'"
        return not_trained(reason)
    return train_churn(
        customers.attributes,
        label=customers.label,
        observed=customers.observed,
        seed=settings.cluster_seed,
    )


def _settings(container: Container) -> RunSettings:
    path = container.channel("ticket") / TICKET
    return decode(Ticket, read_json(path), document=path.name).settings
