"""A whole run with customer attributes, on real subscribers: from a CSV to p_cancel_30d."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest

from local.app.system import System
from tessera import naming
from tests import reference

AS_OF = dt.date(2019, 1, 1)
CUSTOMERS = 1_000  # of the file's 7,043, to save time
TENANT = "telco"


@pytest.fixture(scope="module")
def people() -> list[dict[str, str]]:
    """The first customers of IBM's Telco file: their contract, charges, and who left."""
    return reference.rows("tables/telco")[:CUSTOMERS]


def subscriptions(people: list[dict[str, str]]) -> str:
    """Return events: the file has none, so a customer subscribed ``tenure`` months before AS_OF.

    The row carries all that the customer has been charged, and nothing for those not yet billed.
    """
    buffer = io.StringIO(newline="")
    lines = csv.writer(buffer, lineterminator="\n")
    lines.writerow(["EventName", "CustomerID", "Date", "Amount"])
    for row in people:
        day = AS_OF - dt.timedelta(days=30 * int(row["tenure"]) + 1)
        lines.writerow(["SUBSCRIBED", row["customerID"], day, row["TotalCharges"].strip()])
    return buffer.getvalue()


def attributes(people: list[dict[str, str]]) -> str:
    buffer = io.StringIO(newline="")
    lines = csv.DictWriter(buffer, list(people[0]), lineterminator="\n")
    lines.writeheader()
    lines.writerows(people)
    return buffer.getvalue()


def states(system: System, execution: str) -> list[str]:
    details = (event.get("stateEnteredEventDetails") for event in system.history(execution))
    return [each["name"] for each in details if each]


def finished(system: System, key: str, *, after: frozenset[str]) -> str:
    execution = system.execution_of(key, after=after)
    status = system.wait(execution)["status"]
    assert status == "SUCCEEDED", json.dumps(system.error_of(execution), indent=1)
    return execution


def test_attributes_predict_who_cancels(
    system: System, people: list[dict[str, str]], tmp_path: Path
):
    system.put_settings(TENANT, b'segment_sets = ["cancel_band"]\ndestinations = ["export"]\n')
    before = frozenset(system.executions())
    events = tmp_path / "subscriptions.csv"
    events.write_text(subscriptions(people), encoding="utf-8")
    first = finished(
        system, system.upload(events, tenant=TENANT, as_of=AS_OF.isoformat()), after=before
    )
    assert "TrainChurn" not in states(system, first)
    file = tmp_path / "people.csv"
    file.write_text(attributes(people), encoding="utf-8")
    key = system.upload_attributes(file, tenant=TENANT, as_of=AS_OF.isoformat())
    second = finished(system, key, after=before)
    assert "TrainChurn" in states(system, second)

    run = system.run_of(second)
    assert run is not None
    folder = naming.run_prefix(*run)
    churn = json.loads(system.read(system.data_bucket, folder + naming.SCORE_RECORD))["churn"]
    left = {row["customerID"] for row in people if row["Churn"] == "Yes"}
    assert (churn["decision"], churn["customers"], churn["cancelled"]) == (
        "publish", CUSTOMERS, len(left),
    )  # fmt: skip
    assert churn["metrics"]["auc"] > 0.8
    assert churn["scored"]["customers"] == CUSTOMERS - len(left)
    assert churn["reasons"]["features"][0]["feature"] == "Contract"

    text = system.read(system.identities_bucket, f"{folder}destinations/export/customers.csv")
    rows = {row["customer_id"]: row for row in csv.DictReader(io.StringIO(text.decode()))}
    assert rows.keys() == {row["customerID"] for row in people}
    assert {name for name, row in rows.items() if not row["p_cancel_30d"]} == left
    assert all(0 < float(row["p_cancel_30d"]) < 1 for n, row in rows.items() if n not in left)
    bands = {row["cancel_band"] for row in rows.values()}
    assert len(bands) == 4
