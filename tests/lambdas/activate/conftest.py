"""A run that MapSchema has finished, for the three functions of Activate."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest

from adapters.aws.objects import Objects
from adapters.stores.ledger import Ledger
from infra.pipeline.settings import JobSettings
from tessera.contracts.customer_profiles import OBJECT_TYPE
from tessera.destinations.port import Item
from tessera.naming import destination_prefix, run_key
from tessera.records.loads.load import PlanCounts
from tests.tickets import prepared_json, ticket_json


class LoadedRun:
    """A run that MapSchema has finished: what the functions of Activate find."""

    def __init__(self, data: Objects, identities: Objects) -> None:
        self.data, self.identities = data, identities
        self.event = {"tenant": "default", "run_id": "r1", "destination": "customer_profiles"}
        data.write_json(
            run_key("default", "r1", "ticket.json"),
            ticket_json(started_at=dt.datetime(2026, 5, 1, 3, tzinfo=dt.UTC)),
        )
        prepared = prepared_json(as_of=dt.date(2026, 5, 1))
        data.write_json(run_key("default", "r1", "prepare.json"), prepared)

    def write(self, *parts: list[str], destination: str = "customer_profiles", **record) -> None:
        """Write load.json and a part for each list of customer ids."""
        prefix = destination_prefix("default", "r1", destination)
        described = []
        for index, ids in enumerate(parts):
            items = [self.item(customer_id) for customer_id in ids]
            text = "".join(item.to_line() for item in items).encode()
            key = f"{prefix}part-{index:05d}.jsonl"
            self.identities.write(key, text)
            described.append({"key": key, "rows": len(ids), "bytes": len(text), "sha256": ""})
        changes = sum(len(ids) for ids in parts)
        counts = dataclasses.asdict(PlanCounts(desired=changes, changes=changes, adds=changes))
        counts |= dict.fromkeys(("shared_addresses", "without_address", "without_identity"), 0)
        load = {"destination": destination, "as_of": "2026-05-01", "held": "", "needs": ""}
        load |= {**counts, "parts": described, "segments": SEGMENTS}
        self.identities.write_json(prefix + "load.json", load | record)

    def item(self, customer_id: str) -> Item:
        content = {"customer_id": customer_id, "email": f"{customer_id}@example.com"}
        return Item(f"key-{customer_id}", customer_id, "d" * 32, {**content, "rfm_segment": "Lost"})

    def read(self, name: str, destination: str = "customer_profiles") -> bytes:
        """Return one of the destination's files."""
        return self.identities.read(destination_prefix("default", "r1", destination) + name)

    def begin_again(self) -> None:
        """Fold the ledger and remove what came of the load, as if another run began."""
        self.acknowledged()
        prefix = destination_prefix("default", "r1", "customer_profiles")
        self.identities.delete_prefix(f"{prefix}results/")

    def acknowledged(self) -> list[str]:
        """Return the keys in the ledger."""
        ledger = Ledger(self.identities, tenant="default", destination="customer_profiles")
        with ledger.folded() as entries:
            return [entry.key for entry in entries]


SEGMENTS = [
    {
        "label": label,
        "name": name,
        "kind": kind,
        "value": value,
        "meaning": "as it says",
        "customers": 2,
        "cells": [],
    }
    for label, name, kind, value in (
        ("Lost", "_RFM_Lost", "segment", "Lost"),
        ("At Risk", "_RFM_At_Risk", "segment", "At Risk"),
        ("Cluster 1", "_RFM_Cluster_1", "cluster", "1"),
    )
]


@pytest.fixture
def loaded_run(buckets, profiles, monkeypatch: pytest.MonkeyPatch) -> LoadedRun:
    for name, value in {
        "DATA_BUCKET": "data",
        "IDENTITIES_BUCKET": "identities",
        "STAGE": "dev",
        "AWS_REGION": "us-east-1",
        "MACHINES": JobSettings().machines.to_text(),
        "OPTIONS": json.dumps(
            {"customer_profiles": {"domain": "amazon-connect-shop", "object_type": OBJECT_TYPE}}
        ),
    }.items():
        monkeypatch.setenv(name, value)
    return LoadedRun(*buckets)
