"""Who has lost the label that a run's trigger led them into."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io

import boto3
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from moto import mock_aws

from adapters.aws.objects import Objects
from adapters.campaigns.exits import CampaignExits
from adapters.campaigns.taken import TakenPeople
from adapters.stores.records import write_record
from steps.campaign.consent import StillInside
from tessera import naming
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.planning.assigned import Assigned
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.latest import Latest
from tests.campaigns.fakes import FakeWanted, hexes, recipient
from tests.campaigns.made import document, schedule

MONDAY = dt.date(2026, 11, 30)
TENANT, RUN = "acme", "win-back-r001"
TRIGGERED = parse_definition(
    document(
        schedule=schedule(kind="daily"), again_after_days=30,
        trigger={"set": "segment", "into": ["At Risk"]},
    )
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Planned:
    definition: object = TRIGGERED
    profiles: RunOfDay | None = RunOfDay(run_id="monday", as_of=MONDAY)  # noqa: RUF009


@pytest.fixture
def exits(aws_environment):
    with mock_aws():
        for name in ("data", "identities"):
            boto3.client("s3").create_bucket(Bucket=name)
        data, identities = Objects("data"), Objects("identities")
        people = Assigned(
            recipient=np.array([hexes(n) for n in range(4)], "S32"),
            customer_key=np.array([f"c{n}" for n in range(4)], "S36"),
            day=np.zeros(4, np.int64), is_held_out=np.zeros(4, np.bool_),
            variant=np.array(["a"] * 4, object), churn_band=np.array(["High"] * 4, object),
            value_tier=np.array(["Low"] * 4, object),
        )  # fmt: skip
        TakenPeople(identities, tenant=TENANT, run_id=RUN).write(people)
        yield CampaignExits(data, identities, tenant=TENANT, run_id=RUN)


def labelled(exits, run_id, day, **labels):
    """Let the shop's newest run have these labels."""
    content = io.BytesIO()
    table = {"customer_key": sorted(labels), "segment": [labels[key] for key in sorted(labels)]}
    pq.write_table(pa.table(table), content)
    folder = naming.profiles_prefix(TENANT) + naming.profiles_partition(day, run_id)
    exits._data.write(f"{folder}part-00000.parquet", content.getvalue())
    write_record(
        Latest(run_id=run_id, as_of=dt.date.fromisoformat(day)),
        exits._data,
        naming.latest_key(TENANT),
    )


def test_nobody_has_left_while_the_labels_are_those_of_the_plan(exits):
    labelled(exits, "monday", "2026-11-30", c0="Champions")
    exits.update(Planned())
    assert exits.recipients() == frozenset()


def test_who_has_another_label_or_none_has_left_and_who_is_gone_is_not_guessed(exits):
    labelled(exits, "tuesday", "2026-12-01", c0="At Risk", c1="Champions", c2=None)
    exits.update(Planned())
    assert exits.recipients() == {hexes(1), hexes(2)}
    labelled(exits, "wednesday", "2026-12-02", c0="Loyal", c1="At Risk", c2="At Risk")
    exits.update(Planned())
    assert exits.recipients() == {hexes(0)}


def test_a_run_without_a_trigger_or_without_customers_has_no_exits(exits):
    labelled(exits, "tuesday", "2026-12-01", c0="Champions")
    exits.update(Planned(definition=parse_definition(document())))
    exits.update(Planned(profiles=None))
    assert exits.recipients() == frozenset()


def test_who_has_left_is_sent_nothing_and_others_are_asked_for_their_consent():
    wanted = FakeWanted({hexes(2): "unsubscribed"})
    inside = StillInside(wanted=wanted, exited=frozenset({hexes(1)}))
    assert [inside.why_not(recipient(n)) for n in (1, 2, 3)] == ["exited", "unsubscribed", ""]
