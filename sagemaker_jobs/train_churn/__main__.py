"""Channels attributes (Parquet) and ticket (JSON) become the model folder's churn.json."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from adapters.aws.container import Container, read_json, run_of, write_json
from adapters.aws.logs import job_log
from adapters.tables.churn import CHURN, read_attributes
from tessera.customers.subscriptions.churn import not_trained, train_churn
from tessera.naming import TICKET
from tessera.records.codec import decode
from tessera.records.ticket import Ticket


def train(container: Container) -> dict[str, Any]:
    """Read, train, write; without anything to train on, write that and why."""
    ticket = decode(Ticket, read_json(container.channel("ticket") / TICKET), document=TICKET)
    record = _record(container, ticket)
    write_json(container.model / CHURN, record)
    return record


def _record(container: Container, ticket: Ticket) -> dict[str, Any]:
    folder = container.channel("attributes")
    if not any(folder.rglob("*.parquet")):
        return not_trained("there is no file of customer attributes", customers=0, cancelled=0)
    customers = read_attributes(folder)
    if customers.label is None or (len(customers.label) and np.isnan(customers.label).all()):
        reason = "the attributes do not say who cancelled: name the column in 'churn_label'"
        return not_trained(reason, customers=0, cancelled=0)
    return train_churn(
        customers.attributes,
        label=customers.label,
        observed=customers.observed,
        seed=ticket.settings.cluster_seed,
    )


def main() -> None:
    """Train in this container; any error is left where SageMaker reads it."""
    container = Container(os.environ)
    with container.failing_to("failure"), job_log("TrainChurn") as log:
        log.bind(**run_of(container.channel("ticket")))
        record = train(container)
        log.decided(str(record.get("decision", "not trained")), reason=str(record["reason"]))


if __name__ == "__main__":
    main()
