"""Train the model of cancellations on customers' attributes."""

from __future__ import annotations

import numpy as np

from adapters.aws.container import Container, write_json
from adapters.tables.churn import CHURN, read_attributes
from steps.train.run import ticket_of
from tessera.customers.subscriptions.churn import not_trained, train_churn
from tessera.customers.subscriptions.clicks import Clicks, apart
from tessera.records.codec import encode
from tessera.records.scoring.churn import TrainedChurn
from tessera.settings import RunSettings


def train_cancellations(container: Container) -> TrainedChurn:
    """Train on the channel ``attributes``, write churn.json, and return it.

    Without anything to train on, churn.json says why.
    """
    record = _cancellations(container, ticket_of(container).settings)
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
    attributes, looked_at = apart(customers.attributes)
    clicks = Clicks(looked_at, customers.numbers) if looked_at.columns else None
    return train_churn(
        attributes,
        label=customers.label,
        observed=customers.observed,
        seed=settings.cluster_seed,
        clicks=clicks,
    )
