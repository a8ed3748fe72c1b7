"""A shop with finished runs, identities and a table of campaigns, in an AWS of the test's own."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from moto import mock_aws

from adapters.aws.objects import Objects
from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.keys import requests_pk, runs_pk
from adapters.campaigns.versioned import VersionedRecords
from adapters.stores.events import EventStore, UploadRecord
from adapters.stores.records import write_record
from adapters.tables.parquet import arrow_schema
from steps.campaign.planning.services import PlanningServices
from tessera import naming
from tessera.campaigns.campaign_record import RunRequest
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.sending.states import CampaignRun, new_run
from tessera.contracts.table import Table
from tessera.contracts.tables import EVENTS, IDENTITIES, PROFILES
from tessera.environments.campaigns import PlanCampaignEnvironment
from tessera.events.pseudonym import address_keys
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.latest import Latest
from tessera.records.runs.ticket import Ticket
from tessera.settings import RunSettings
from tessera.sources.toml_text import to_toml
from tests.adapters.campaigns.table import make_table
from tests.campaigns.made import TEMPLATE, document
from tests.lambdas.api.run_of_two import insights

TENANT = "shop"
NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
SECRET = "a secret of the tests"
KEY_OF = address_keys(SECRET.encode(), tenant=TENANT)
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
}  # fmt: skip
_DAY = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True)
class Customer:
    """A customer of a run: a row of its profiles, and rows of identities."""

    key: str
    address: str | None = None
    segment: str = "At Risk"
    churn_band: str | None = "High"
    country: str | None = "DE"
    monetary: str = "100.00"
    bought_days_ago: int | None = 100
    consent: str | None = None  # GRANTED or DENIED, as the shop's data has it
    consent_at: dt.datetime = _DAY


def customer(name: str, **changes: Any) -> Customer:
    return Customer(key=name, **({"address": f"{name}@mail.example"} | changes))


class Shop:
    """Writes what earlier steps leave, and reads what plans write."""

    def __init__(self) -> None:
        self.data, self.identities = Objects("data"), Objects("identities")
        self.runs = VersionedRecords("campaigns", pk=runs_pk(TENANT), kind=CampaignRun)
        self.requests = VersionedRecords("campaigns", pk=requests_pk(TENANT), kind=RunRequest)
        self.consent = ConsentRows("campaigns")
        self._previous: RunOfDay | None = None
        self._numbers = iter(range(1, 100))
        self.settings(legal_basis={"*": "opt_out"})
        self.publish("A message to {{ customer.segment }}, {{ customer.monetary }}")

    def settings(self, **campaigns: Any) -> None:
        """Write the tenant's settings."""
        text = to_toml({"time_zone": "Europe/Berlin", "campaigns": campaigns})
        self.data.write(naming.settings_key(TENANT), text.encode())

    def publish(self, text: str) -> None:
        """Publish the template that all definitions of the tests use."""
        key = naming.published_template_key(TENANT, TEMPLATE["id"], TEMPLATE["version"])
        self.data.write_json(key, {"template": {"text": text}})

    def finish_run(
        self, customers: Sequence[Customer], *, with_identities: bool = True
    ) -> RunOfDay:
        """Leave what a run of the pipeline leaves."""
        number = next(self._numbers)
        run = RunOfDay(run_id=f"{number:016x}", as_of=_DAY.date() + dt.timedelta(days=number - 1))
        ticket = Ticket.issue(
            tenant=TENANT, trigger="upload", settings=RunSettings(), started_at=_DAY
        )
        folder = naming.run_prefix(TENANT, run.run_id)
        write_record(ticket, self.data, folder + naming.TICKET)
        made = insights(TENANT, run.run_id)
        overview = dataclasses.replace(made.overview, customers=len(customers))
        made = dataclasses.replace(
            made, as_of=run.as_of, overview=overview, previous=self._previous
        )
        write_record(made, self.data, folder + naming.INSIGHTS)
        partition = naming.profiles_partition(run.as_of.isoformat(), run.run_id)
        self._table(
            self.data, f"{naming.profiles_prefix(TENANT)}{partition}part-0.parquet", PROFILES,
            sorted((_profile(one) for one in customers), key=lambda row: row["customer_key"]),
        )  # fmt: skip
        if with_identities:
            self.add_identities([row for one in customers for row in identity(one)])
        write_record(Latest(run_id=run.run_id, as_of=run.as_of), self.data,
                     naming.latest_key(TENANT))  # fmt: skip
        self._previous = run
        return run

    def add_identities(self, rows: list[dict[str, Any]]) -> None:
        """Leave what one more upload says of people."""
        key = f"{naming.identities_prefix(TENANT, f'u{next(self._numbers)}')}content=c/part.parquet"
        self._table(self.identities, key, IDENTITIES, rows)

    def ask(self, number: int = 1, **changes: Any) -> str:
        """Ask for a run, and return its id."""
        return self.ask_for(parse_definition(document(**changes)), number)

    def ask_for(self, definition: CampaignDefinition, number: int = 1) -> str:
        """Ask for a run of a definition, and return its id."""
        run_id = f"{definition.id}-r{number:03d}"
        at = NOW + dt.timedelta(minutes=number)
        request = RunRequest(
            run_id=run_id, definition=definition, day=NOW.date(), asked_by="user:1", asked_at=at
        )
        self.requests.change(run_id, lambda _: request)
        self.runs.change(run_id, lambda _: new_run(TENANT, run_id, at=at))
        return run_id

    def upload_receivers(self, name: str, text: str) -> None:
        """Upload a list of receivers."""
        self.identities.write(naming.receivers_key(TENANT, name), text.encode())

    def buy(self, key: str, *, at: dt.datetime, amount: str) -> None:
        """Leave an upload of one purchase."""
        number = next(self._numbers)
        row = dict.fromkeys(EVENTS.names) | {
            "customer_key": key, "event": "PURCHASED", "occurred_at": at,
            "amount": Decimal(amount),
        }  # fmt: skip
        moment = at.isoformat()
        record = UploadRecord(
            id=f"u{number}", name=f"u{number}.csv", content="c", since=f"{number:04d}", events=1,
            event_ids=0, first_event_at=moment, last_event_at=moment, currency="EUR",
            order_ids=0, keyed_ids=True,
        )  # fmt: skip
        store = EventStore(self.data, tenant=TENANT)
        self._table(self.data, store.folder(record) + "part-00000.parquet", EVENTS, [row])
        store.commit(record)

    def services(self) -> PlanningServices:
        """Return what a plan works with, from the environment as a function has it."""
        return PlanningServices.of(ENVIRONMENT, tenant=TENANT)

    def _table(
        self, objects: Objects, key: str, contract: Table, rows: list[dict[str, Any]]
    ) -> None:
        content = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(contract)), content)
        objects.write(key, content.getvalue())


def _profile(one: Customer) -> dict[str, Any]:
    ago = one.bought_days_ago
    bought = None if ago is None else _DAY - dt.timedelta(days=ago)
    return dict.fromkeys(PROFILES.names) | {
        "customer_key": one.key, "frequency": int(ago is not None), "last_purchase_at": bought,
        "monetary": Decimal(one.monetary), "views": 0, "segment": one.segment,
        "churn_band": one.churn_band, "value_tier": "Low", "as_of": _DAY.date(),
    }  # fmt: skip


def identity(one: Customer, **changes: Any) -> list[dict[str, Any]]:
    """Return a customer's row of identities, if there is an address."""
    if one.address is None:
        return []
    row = dict.fromkeys(IDENTITIES.names) | {
        "customer_key": one.key, "customer_id": one.key, "channel_type": "EMAIL",
        "address": one.address, "country": one.country, "last_seen_at": _DAY,
        "email_consent": one.consent,
        "email_consent_at": one.consent_at if one.consent else None,
    }  # fmt: skip
    return [row | changes]


ENVIRONMENT = PlanCampaignEnvironment(
    data_bucket="data", identities_bucket="identities", campaigns_table="campaigns",
    run_defaults="s3://assets/campaign-defaults.json", pseudonym_secret="pseudonyms",
)  # fmt: skip


@contextlib.contextmanager
def open_shop() -> Iterator[Shop]:
    """Return a shop without a run."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _ENVIRONMENT.items():
            patch.setenv(name, value)
        with mock_aws():
            client = boto3.client("s3")
            for bucket in ("data", "identities", "assets"):
                client.create_bucket(Bucket=bucket)
            Objects("assets").write_json("campaign-defaults.json", {})
            make_table(boto3.client("dynamodb"))
            boto3.client("secretsmanager").create_secret(Name="pseudonyms", SecretString=SECRET)
            yield Shop()
