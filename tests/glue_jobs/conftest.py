"""A run as MapSchema finds it, in embedded buckets."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from adapters.aws.objects import Objects
from adapters.tables.parquet import arrow_schema, write_table
from tessera.contracts.tables import IDENTITIES, PROFILES
from tessera.naming import identities_prefix, profiles_partition, profiles_prefix, run_key
from tests.step_guard import step_guard  # noqa: F401 (watches every test here)
from tests.tickets import cluster, prepared_json, score_json, ticket_json

AS_OF = dt.date(2026, 5, 1)


class Shop:
    """Customers of one tenant. ``write`` puts a run for them into the buckets."""

    def __init__(self, folder: Path, *, tenant: str = "default", run_id: str = "r1") -> None:
        self._folder = folder
        self.tenant, self.run_id = tenant, run_id
        self.data, self.identities = Objects("data"), Objects("identities")
        self.profiles: list[dict] = []
        self.people: list[dict] = []
        self.destinations = ["export", "customer_profiles"]
        self.settings: dict = {}
        self.as_of = AS_OF

    def customer(
        self,
        key: str,
        customer_id: str,
        *,
        segment: str = "Champions",
        tier: str = "High",
        own: dict[str, str] | None = None,
        **profile,
    ):
        """Add a customer, by default one with a purchase. ``own`` has labels by set."""
        bought = segment != "Prospect"
        tier, band = (tier, "Low") if bought else ("Unknown", "Unknown")
        risk = "Keep" if tier == "High" else "Usual"
        instant = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC) if bought else None
        self.profiles.append(
            {
                "customer_key": key,
                "first_purchase_at": instant,
                "last_purchase_at": instant,
                "recency_days": 30 if bought else None,
                "frequency": 2 if bought else 0,
                "monetary": Decimal("12.50") if bought else Decimal("0.00"),
                "mean_order_value": Decimal("6.25") if bought else None,
                "tenure_days": 30 if bought else None,
                "views": 3,
                "r_score": 5 if bought else None,
                "f_score": 4 if bought else None,
                "m_score": 3 if bought else None,
                "rfm_score": "543" if bought else None,
                "cluster": 1 if bought else None,
                "segment": segment,
                "value_tier": tier,
                "churn_band": band,
                "value_at_risk": risk,
                "labels": json.dumps(
                    {"value_tier": tier, "churn_band": band, "value_at_risk": risk} | (own or {})
                ),
                "as_of": self.as_of,
            }
            | profile
        )
        self.seen(key, customer_id)

    def seen(
        self,
        key: str,
        customer_id: str,
        channel=None,
        address=None,
        *,
        day: int = 1,
        consent: str | None = None,
        consent_day: int = 0,
    ):
        """Add an identity: the customer was seen with this address on a day of April.

        ``consent`` was recorded on that day too, or on ``consent_day``.
        """
        self.people.append(
            {
                "customer_key": key,
                "customer_id": customer_id,
                "username": None,
                "channel_type": channel,
                "address": address,
                "city": None,
                "state": None,
                "country": None,
                "ad_consent": consent,
                "ad_consent_at": dt.datetime(2026, 4, consent_day or day, tzinfo=dt.UTC)
                if consent
                else None,
                "email_consent": None,
                "email_consent_at": None,
                "last_seen_at": dt.datetime(2026, 4, day, tzinfo=dt.UTC),
            }
        )

    def write(self) -> None:
        """Put profiles, identities and the records of earlier states into the buckets."""
        partition = profiles_partition(self.as_of.isoformat(), self.run_id)
        key = f"{profiles_prefix(self.tenant)}{partition}part-0.parquet"
        self._table(self.data, key, self.profiles, PROFILES)
        half = len(self.people) // 2
        for upload, rows in (("a", self.people[:half]), ("b", self.people[half:])):
            key = f"{identities_prefix(self.tenant, upload)}part-0.parquet"
            self._table(self.identities, key, rows, IDENTITIES)
        ticket = ticket_json(
            tenant=self.tenant,
            run_id=self.run_id,
            settings={"destinations": self.destinations, **self.settings},
        )
        clusters = [cluster(1, name="recent, often, much")]
        score = score_json(as_of=self.as_of, customers=len(self.profiles), clusters=clusters)
        for name, record in (
            ("ticket.json", ticket),
            ("prepare.json", prepared_json(as_of=self.as_of)),
            ("score/score.json", score),
        ):
            self.data.write_json(run_key(self.tenant, self.run_id, name), record)

    def _table(self, objects: Objects, key: str, rows: list[dict], contract) -> None:
        path = self._folder / "table.parquet"
        write_table(path, pa.Table.from_pylist(rows, schema=arrow_schema(contract)), contract)
        objects.upload(path, key)

    def destination(self, name: str) -> dict[str, bytes]:
        """Return a destination's files by name."""
        prefix = run_key(self.tenant, self.run_id, f"destinations/{name}/")
        return {
            key.removeprefix(prefix): self.identities.read(key)
            for key in self.identities.keys(prefix)
        }


@pytest.fixture
def shop(buckets: tuple[Objects, Objects], tmp_path: Path) -> Shop:
    return Shop(tmp_path)
