"""The real app in embedded AWS: outputs, idempotence, every failure, privacy, reproducibility."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import random
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyarrow.parquet as pq
import pytest
from fastapi import FastAPI

from adapters.stores.runs import Runs
from lambdas.api.app import create_app
from local.app import outputs
from local.app.inputs.settings_file import stage_settings
from local.app.receipts import verified
from local.app.system import System
from local.aws.jobs.scripts import Ending
from local.aws.server import EmbeddedAws
from local.console.services import local_services
from steps.serve.erasures import create_erasure, erasure_detail
from steps.serve.once import Attempt
from tessera import naming
from tessera.api.documents.erasures import ErasureOrder
from tessera.api.roles import Principal
from tessera.errors import InvalidInput
from tests.api_function import ApiFunction
from tests.local.conftest import columns
from tests.local.everywhere import Everywhere
from tests.local.stub_jobs import StubJobs

pytestmark = pytest.mark.slow

Rows = list[dict[str, str]]

# Sets by conditions, which read columns, segments and each other, and one over such a set.
OWN_SETS = b"""
segment_sets = ["value_tier", "churn_band", "value_at_risk", "joined", "kept", "attention"]

[sets.attention]
prefix = "Attention"
meaning = "Who needs a personal word."
otherwise = { label = "Usual", meaning = "All others.", action = "As usual." }
[[sets.attention.label]]
label = "Call"
meaning = "They spent 50, or order often."
action = "Call."
when.any = [{ column = "monetary", from = 50 }, { column = "f_score", in = [4, 5] }]

[sets.kept]
prefix = "Kept"
meaning = "Who needs a word and is no newcomer."
otherwise = { label = "No", meaning = "All others.", action = "As usual." }
[[sets.kept.label]]
label = "Yes"
meaning = "Both."
action = "Thank them."
when.all = [
  { set = "attention", in = ["Call"] },
  { column = "segment", not_in = ["New", "Lost"] },
]

[sets.joined]
prefix = "Joined"
meaning = "Who needs a word, by value."
of = ["kept", "value_tier"]
label = [{ label = "First", meaning = "Both.", action = "Write.", pairs = [["Yes", "High"]] }]
otherwise = { label = "Later", meaning = "All others.", action = "As usual." }
"""


def write(rows: Rows, path: Path) -> Path:
    buffer = io.StringIO(newline="")
    lines = csv.DictWriter(buffer, rows[0], lineterminator="\n")
    lines.writeheader()
    lines.writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8")
    return path


class App:
    """What the tests do with the app."""

    def __init__(self, aws: EmbeddedAws, system: System, folder: Path) -> None:
        self.aws = aws
        self.system = system
        self.folder = folder
        runs_table = system._deployed.output("RunsTable")
        self.runs = Runs(runs_table, dynamodb=aws.client("dynamodb"))
        name = f"messages-{uuid.uuid4().hex}"
        self.queue = aws.client("sqs").create_queue(QueueName=name)["QueueUrl"]
        arn = aws.client("sqs").get_queue_attributes(
            QueueUrl=self.queue, AttributeNames=["QueueArn"]
        )["Attributes"]["QueueArn"]
        aws.client("sns").subscribe(TopicArn=system.topic, Protocol="sqs", Endpoint=arn)

    def upload(self, rows: Rows, name: str, *, tenant: str = "default") -> str:
        """Upload rows. Return the execution that they start."""
        before = frozenset(self.system.executions())
        path = write(rows, self.folder / name)
        key = self.system.upload(path, tenant=tenant)
        return self.system.execution_of(key, after=before)

    def finish(self, execution: str) -> dict[str, Any]:
        return self.system.wait(execution)

    def again(self, execution: str) -> str:
        """Start another execution with the same input."""
        started = self.aws.client("stepfunctions").start_execution(
            stateMachineArn=self.system.machine,
            input=json.dumps(self.system.describe(execution)["input"]),
        )
        return str(started["executionArn"])

    def run(self, execution: str) -> tuple[str, str]:
        run = self.system.run_of(execution)
        assert run is not None
        return run

    def file(self, execution: str, name: str) -> bytes:
        """Return a file of a run from the identities bucket."""
        key = naming.run_prefix(*self.run(execution)) + name
        return self.system.read(self.system.identities_bucket, key)

    def history(self, tenant: str = "default") -> dict[str, bytes]:
        """Return every object of a tenant's uploads, by key."""
        buckets = {
            naming.events_prefix(tenant): self.system.data_bucket,
            naming.identities_prefix(tenant): self.system.identities_bucket,
            naming.search_prefix(tenant): self.system.identities_bucket,
            naming.order_ids_prefix(tenant): self.system.identities_bucket,
        }
        return {
            key: self.system.read(bucket, key)
            for prefix, bucket in buckets.items()
            for key in self.system.keys(bucket, prefix)
        }

    def messages(self) -> list[str]:
        """Return the notifications that have come, waiting a little for the first."""
        until = time.monotonic() + 5
        while not (received := self._receive()) and time.monotonic() < until:
            time.sleep(0.1)
        return received

    def forget(self) -> None:
        """Drop the notifications that have come: a run that has ended sends none any more."""
        while self._receive():
            pass

    def _receive(self) -> list[str]:
        sqs, messages = self.aws.client("sqs"), []
        received = sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        for message in received.get("Messages", []):
            messages.append(json.loads(message["Body"])["Message"])
            sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return messages


@pytest.fixture(scope="module")
def app(aws: EmbeddedAws, system: System, tmp_path_factory: pytest.TempPathFactory) -> App:
    return App(aws, system, tmp_path_factory.mktemp("uploads"))


@pytest.fixture(scope="module")
def first(app: App, sample: Rows) -> Iterator[str]:
    """The execution of the first upload, which all others come after."""
    app.system.put_settings("default", OWN_SETS)
    execution = app.upload(sample, "first.csv")
    described = app.finish(execution)
    assert described["status"] == "SUCCEEDED", app.system.error_of(execution)
    yield execution
    app.aws.client("s3").delete_object(
        Bucket=app.system.data_bucket, Key=naming.settings_key("default")
    )


def test_every_state_of_the_way_to_success_ran(app: App, first: str):
    entered = [
        event["stateEnteredEventDetails"]["name"]
        for event in app.system.history(first)
        if "stateEnteredEventDetails" in event
    ]
    wanted = ["CheckUpload", "Prepare", "TrainKMeans", "Score", "MapSchema", "Activate"]
    assert [name for name in entered if name in wanted] == wanted
    assert {"TrainForecasts", "StartLoad", "EnsureSegments", "FinishRun"} <= set(entered)


def test_the_run_is_recorded_and_announced(app: App, first: str):
    assert app.runs.get(*app.run(first)).status == "SUCCEEDED"
    assert any("2,0" in text or "customers" in text for text in app.messages())


def test_the_destination_counts_every_set_as_the_run_does(app: App, first: str):
    key = naming.run_key(*app.run(first), naming.SCORE_RECORD)
    score = json.loads(app.system.read(app.system.data_bucket, key))
    ours = {naming.segment_name(one["label"]): one["customers"] for one in score["segments"]}
    ours |= {
        naming.segment_name(label["segment_label"]): label["customers"]
        for one in score["sets"].values()
        for label in one["labels"]
    }
    report = json.loads(app.file(first, "destinations/customer_profiles/report.json"))
    there = {one["name"]: one["size"] for one in report["segments"]}
    assert {name: there[name] for name in ours} == ours
    assert {"_RFM_Value_High", "_RFM_Churn_Risk_High", "_RFM_Risk_Save_First"} < set(there)
    own = {"_RFM_Attention_Call", "_RFM_Kept_Yes", "_RFM_Joined_First"}
    assert all(there[name] for name in own), "nobody is in a segment: it proves nothing"
    exported = json.loads(app.file(first, "destinations/export/segments.json"))
    assert {one["name"]: one["customers"] for one in exported["segments"]} == there
    names = ["rfm", *score["sets"]]
    assert {one["name"]: one["customers"] for one in exported["sets"]} == dict.fromkeys(
        names, score["customers"]
    )


def test_insights_are_a_recount_of_the_profiles(app: App, first: str):
    tenant, run_id = app.run(first)
    made = app.system.read_json(
        app.system.data_bucket, naming.run_key(tenant, run_id, naming.INSIGHTS)
    )
    [key] = app.system.keys(app.system.data_bucket, made["profiles"])
    stored = pq.read_table(io.BytesIO(app.system.read(app.system.data_bucket, key)))
    rows = stored.to_pylist()
    keys = [row["customer_key"] for row in rows]
    assert keys == sorted(keys)
    assert made["overview"]["customers"] == len(rows)
    for row in rows:
        row["labels"] = {"rfm": row["segment"], **json.loads(row["labels"])}
    for name, one in made["sets"].items():
        for group in one["groups"]:
            members = [row for row in rows if row["labels"][name] == group["group"]]
            assert (group["uuids"], group["monetary"]) == recount(members)
            for average, column in AVERAGES.items():
                known = [float(row[column]) for row in members if row[column] is not None]
                mean = sum(known) / len(known) if known else None
                shown = group[average]
                assert (mean is None) == (shown is None), (name, group["group"], average)
                near = 1e-6 if column.startswith("p_") else 0.00501  # of figures with two digits
                assert mean is None or float(shown) == pytest.approx(mean, abs=near), average


AVERAGES = {
    "order_count_avg": "frequency", "timeliness_avg_days": "recency_days", "clv_avg": "clv_365d",
    "clv_from_avg": "clv_365d_from", "clv_to_avg": "clv_365d_to",
    "historic_value_avg": "historic_value", "p_no_order_90d_avg": "p_no_order_90d",
}  # fmt: skip


def recount(members: list[dict[str, Any]]) -> tuple[int, str]:
    """Count customers and their money, row by row."""
    return len(members), str(sum((row["monetary"] for row in members), Decimal("0.00")))


def test_the_cost_of_a_run_is_that_of_the_seconds_that_its_jobs_ran(app: App, first: str):
    key = naming.run_key(*app.run(first), naming.INSIGHTS)
    cost = app.system.read_json(app.system.data_bucket, key)["cost"]
    steps = {step["step"]: step for step in cost["steps"]}
    assert set(steps) == {"Prepare", "TrainKMeans", "TrainForecasts", "Score", "MapSchema"}
    for step in steps.values():
        billed = max(step["seconds"], 60 if step["step"] == "MapSchema" else 0)
        assert step["usd"] == pytest.approx(billed * step["usd_per_hour"] / 3600, abs=1e-6)
    assert cost["usd"] == pytest.approx(sum(step["usd"] for step in steps.values()))


def test_the_plan_is_what_the_run_has_reported(app: App, first: str):
    loads = {load["destination"]: load for load in app.system.plan(*app.run(first))["loads"]}
    assert set(loads) == {"customer_profiles", "export"}
    for name, planned in loads.items():
        report = json.loads(app.file(first, f"destinations/{name}/report.json"))
        counts = ("adds", "updates", "exits", "unchanged", "requests", "held")
        assert {count: planned[count] for count in counts} == {
            count: report[count] for count in counts
        }
    with pytest.raises(InvalidInput, match="there is no run 'none'"):
        app.system.plan("default", "none")


def test_what_a_run_leaves_has_what_the_stand_ins_hold(app: App, first: str, tmp_path: Path):
    tenant, run_id = app.run(first)
    outputs.write_results(
        app.system, tmp_path / "out", tenant=tenant, run_id=run_id, holders=app.system
    )
    folder = tmp_path / "out" / "destinations"
    held = json.loads((folder / "customer_profiles" / outputs.HELD).read_text())
    report = json.loads((folder / "customer_profiles" / "report.json").read_text())
    assert held["customers"] >= report["sent"] > 0
    assert {one["name"] for one in report["segments"]} <= {
        name.rpartition("/")[2] for name in held["segments"]
    }
    assert not (folder / "export" / outputs.HELD).exists()


def test_the_api_says_what_the_run_says(app: App, first: str):
    """Through the app that a laptop serves: every number is the run's own."""
    tenant, run_id = app.run(first)
    services = local_services(app.system, client=app.aws.client, stage=stage_settings())
    principal = Principal(tenant=tenant, role="admin", subject="user:tests")
    api = Api(create_app(services, principal=lambda _: principal, log=lambda _: None), run_id)
    key = naming.run_key(tenant, run_id, naming.INSIGHTS)
    insights = json.loads(app.system.read(app.system.data_bucket, key))
    assert api.read("/v1/insights", run=run_id) == insights
    for name, one in insights["sets"].items():
        statistics = api.read("/v1/segment-statistics", run=run_id, set=name)
        assert statistics["groups"] == one["groups"]
        counted = {group["group"]: group["uuids"] for group in one["groups"]}
        assert {label: len(api.keys(label=f"{name}:{label}")) for label in counted} == counted
    exported = app.file(first, "destinations/export/customers.csv").decode("utf-8-sig")
    customers = list(csv.DictReader(io.StringIO(exported)))
    assert api.keys() == sorted(row["customer_key"] for row in customers)
    row = customers[0]
    detail = api.read(f"/v1/customers/{row['customer_key']}", run=run_id)
    assert detail["explanation"]["segment"]["label"] == row["segment"]
    match = services.finder.find(tenant, row["customer_id"], by="user:tests")
    assert match == (row["customer_key"],)
    run = api.read(f"/v1/runs/{run_id}")
    assert run["status"] == "SUCCEEDED"
    assert {"Prepare", "Score", "FinishRun"} <= {state["name"] for state in run["states"]}
    assert api.read(f"/v1/runs/{run_id}/rejects")["rejected"] == run["rows"]["rejected"]


class Api:
    """Asks the API about one run."""

    def __init__(self, app: FastAPI, run_id: str) -> None:
        self._function, self._run_id = ApiFunction(app), run_id

    def read(self, path: str, **query: object) -> Any:
        http = {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}
        event = {
            "version": "2.0", "routeKey": "$default", "rawPath": path,
            "rawQueryString": urlencode(query), "headers": {"host": "api"},
            "isBase64Encoded": False,
            "requestContext": {"http": {**http, "userAgent": "tests"}, "stage": "$default"},
        }  # fmt: skip
        answer = self._function(event)
        assert answer["statusCode"] == 200, answer
        return json.loads(answer["body"])

    def keys(self, **query: object) -> list[str]:
        """The keys of all customers, page by page."""
        keys: list[str] = []
        at: dict[str, object] = {"run": self._run_id}
        while at:
            page = self.read("/v1/customers", limit=200, **query, **at)
            keys += [one["customer_key"] for one in page["items"]]
            at = {"cursor": page["next"]} if page["next"] else {}
        return keys


def test_the_same_event_twice_makes_one_run(app: App, first: str):
    second = app.again(first)
    assert app.finish(second)["status"] == "SUCCEEDED"
    states = [
        event.get("stateEnteredEventDetails", {}).get("name")
        for event in app.system.history(second)
    ]
    assert "NothingToDo" in states
    assert "Prepare" not in states


def test_the_same_bytes_again_send_nothing(app: App, first: str, sample: Rows):
    execution = app.upload(sample, "first.csv")
    assert app.finish(execution)["status"] == "SUCCEEDED", app.system.error_of(execution)
    load = json.loads(app.file(execution, "destinations/customer_profiles/load.json"))
    assert load["changes"] == 0
    assert load["unchanged"] == load["desired"] > 0


def _forget_ledger(app: App, tenant: str) -> None:
    """Remove what Customer Profiles acknowledged, so that the next run sends everybody."""
    ledger = naming.ledger_prefix(tenant, "customer_profiles")
    for key in app.system.keys(app.system.identities_bucket, ledger):
        app.aws.client("s3").delete_object(Bucket=app.system.identities_bucket, Key=key)


def test_shuffled_rows_give_the_same_bytes(app: App, first: str, sample: Rows):
    tenant, run_id = app.run(first)
    _forget_ledger(app, tenant)
    shuffled = random.Random(7).sample(sample, len(sample))  # noqa: S311
    execution = app.upload(shuffled, "first.csv")
    assert app.finish(execution)["status"] == "SUCCEEDED", app.system.error_of(execution)
    assert app.run(execution) != (tenant, run_id)
    base = f"{naming.run_prefix(tenant, run_id)}destinations/"
    listed = app.system.keys(app.system.identities_bucket, base)
    names = [key.removeprefix(naming.run_prefix(tenant, run_id)) for key in listed]
    parts = [name for name in names if name.endswith((".parquet", ".csv", ".jsonl"))]
    assert {"destinations/export/customers.parquet"} < set(parts)
    for name in parts:
        assert app.file(execution, name) == app.file(first, name), name


def test_two_uploads_at_once_both_finish(app: App, first: str, sample: Rows):
    one = app.upload(sample[:400], "one.csv")
    two = app.upload(sample[400:900], "two.csv")
    for execution in (one, two):
        assert app.finish(execution)["status"] == "SUCCEEDED", app.system.error_of(execution)
    assert app.run(one) != app.run(two)


def failing_job(app: App, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """Make jobs whose program or name has ``part`` exit with status 3."""
    original = app.aws.jobs.execute

    def execute(name: str, command: Sequence[str], **kwargs: Any) -> Ending:
        if part in " ".join([name, *map(str, command)]):
            return Ending(3, "it broke", timed_out=False)
        return original(name, command, **kwargs)

    monkeypatch.setattr(app.aws.jobs, "execute", execute)


def failing_function(app: App, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """Make the function of a state raise."""
    original = app.aws.lambdas.invoke
    raised = json.dumps({"errorType": "RuntimeError", "errorMessage": "it broke"})

    def invoke(function: Any, event: Any = None) -> tuple[str, bool, str]:
        if f"lambdas.{part}." in function.handler:
            return raised, True, ""
        return original(function, event)

    monkeypatch.setattr(app.aws.lambdas, "invoke", invoke)


FAILURES: dict[str, tuple[Callable[..., None], str]] = {
    "CheckUpload": (failing_function, "check_upload"),
    "Prepare": (failing_job, "-prepare-"),
    "TrainKMeans": (failing_job, "-train-"),
    "TrainForecasts": (failing_job, "-forecasts-"),
    "Score": (failing_job, "-score-"),
    "MapSchema": (failing_job, "--JOB_RUN_ID"),
    "Activate": (failing_function, "start_load"),
    "Activate, segments": (failing_function, "ensure_segments"),
    "FinishRun": (failing_function, "finish_run"),
}


def test_every_failure_is_reported_and_a_rerun_continues(
    app: App, first: str, sample: Rows, monkeypatch: pytest.MonkeyPatch
):
    """One upload fails at each state in turn. Each rerun gets one state further.

    None of them leaves anything of the upload in the history. A job that has succeeded is a stub
    in the reruns that fail. In the last one, every job is real again.
    """
    stubs = StubJobs(app.aws, app.system)
    history = app.history()
    earlier = set(app.system.keys(app.system.data_bucket, "tenants/"))
    execution = ""
    for state, (fail, part) in FAILURES.items():
        app.forget()
        with monkeypatch.context() as patch:
            patch.setattr(app.aws.jobs, "execute", stubs.execute)
            fail(app, patch, part)
            execution = app.again(execution) if execution else app.upload(sample[:700], "f.csv")
            assert app.finish(execution)["status"] == "FAILED", state
        record = app.system.error_of(execution)
        assert record is not None
        assert record["state"] == state.split(",")[0]
        assert record["what_to_do"]
        messages = [text for text in app.messages() if record["run_id"] in text]
        assert messages, state
        assert "The history is as it was before this run." in messages[0], state
        assert app.history() == history, state
        assert app.runs.get(record["tenant"], record["run_id"]).status == "FAILED"
        assert earlier <= set(app.system.keys(app.system.data_bucket, "tenants/"))
    last = app.again(execution)
    assert app.finish(last)["status"] == "SUCCEEDED", app.system.error_of(last)
    assert app.runs.get(*app.run(last)).status == "SUCCEEDED"
    added = app.history().keys() - history.keys()
    [upload] = {
        next((part for part in key.split("/") if part.startswith("upload=")), key) for key in added
    }
    assert upload.startswith("upload="), "nothing is pending any more"
    assert {key.split("/")[2] for key in added} >= {"events", "identities"}


def test_a_destination_that_fails_keeps_nothing_from_the_others(
    app: App, first: str, sample: Rows, monkeypatch: pytest.MonkeyPatch
):
    app.forget()
    _forget_ledger(app, app.run(first)[0])  # the rows are known, so nothing else would be sent
    with monkeypatch.context() as patch:
        failing_function(app, patch, "poll_load")
        execution = app.upload(sample[:350], "partly.csv")
        assert app.finish(execution)["status"] == "SUCCEEDED", app.system.error_of(execution)
    reports = {
        name: json.loads(app.file(execution, f"destinations/{name}/report.json"))
        for name in ("customer_profiles", "export")
    }
    assert reports["customer_profiles"]["failed"]["state"] == "PollLoad"
    assert reports["export"]["failed"] is None
    assert any("customer_profiles: Failed at PollLoad" in text for text in app.messages())
    following = app.upload(sample[:350], "partly.csv")
    assert app.finish(following)["status"] == "SUCCEEDED", app.system.error_of(following)
    report = json.loads(app.file(following, "destinations/customer_profiles/report.json"))
    assert (report["failed"], report["sent"] > 0) == (None, True)


def test_a_wrong_file_is_refused_with_a_reason(app: App, first: str):
    execution = app.upload([{"a": "1", "b": "2"}], "wrong.csv")
    assert app.finish(execution)["status"] == "FAILED"
    record = app.system.error_of(execution)
    assert record is not None
    assert (record["state"], record["error"]) == ("CheckUpload", "InvalidInput")


def test_every_step_of_a_run_logs_a_line_that_names_the_run(app: App, first: str):
    tenant, run_id = app.run(first)
    lines = [line for _, text in app.system.logs() for line in text.splitlines()]
    parsed = [json.loads(line) for line in lines if line.startswith('{"level"')]
    steps = {
        line["step"] for line in parsed if (line["tenant"], line["run_id"]) == (tenant, run_id)
    }
    assert steps >= {
        "CheckUpload", "Prepare", "TrainKMeans", "TrainForecasts", "Score", "AwaitApproval",
        "MapSchema",
        "StartLoad", "PollLoad", "EnsureSegments", "FinishRun",
    }  # fmt: skip
    assert all(line["service"] == "tessera" for line in parsed)


def test_no_person_is_named_outside_the_identities_bucket(app: App, first: str):
    def named(text: str) -> bool:
        return any(mark in text for mark in ("Customer/", "Nym-", "@example.com"))

    for key in app.system.keys(app.system.data_bucket):
        if not key.startswith(naming.UPLOADS):
            body = app.system.read(app.system.data_bucket, key)
            body = gzip.decompress(body) if key.endswith(".csv.gz") else body
            assert not named(body.decode("latin-1")), key
    for group, line in app.system.logs():
        assert not named(line), f"{group}: {line}"
    for execution in app.system.executions():
        assert not named(json.dumps(app.system.history(execution), default=str)), execution
    assert not any(named(text) for text in app.messages())


def test_an_erased_customer_is_nowhere_any_more(app: App, first: str, sample: Rows, tmp_path: Path):
    """The last test of this file: the machine of erasures runs as in an account, by the API."""
    services = local_services(app.system, client=app.aws.client, stage=stage_settings())
    ids, names, addresses = columns(sample)
    row = sample[0]
    key = services.finder.find("default", row[ids], by="user:tests")[0]
    theirs = (row[ids], row[names], row[addresses], key)

    search = Everywhere(app.aws, app.system, theirs)

    def places() -> tuple[list[str], list[str]]:
        """Where they stand as this person, and as another tenant's."""
        there = search.places()
        others = [place for place in there if "/careful/" in place]
        return [place for place in there if place not in others], others

    ours, others = places()  # the same id of another tenant is another person
    assert any("stand-in" in place for place in ours)
    order = ErasureOrder(customers=(row[addresses],), case="dsr-1")
    attempt = Attempt(
        tenant="default", key="once-only", operation="create_erasure", body=order,
        now=services.clock(),
    )  # fmt: skip
    create_erasure(order, attempt, by="user:tests", services=services)
    files = services.erasures.files("default", "dsr-1")
    machine = services.erasures.executions.machine_arn.replace(":stateMachine:", ":execution:")
    app.finish(f"{machine}:{files.state()['execution']}")
    waits = files.known()
    assert (waits.state, waits.open_until > services.clock()) == ("open", True)
    assert [place for place in places()[0] if "/erasures/dsr-1/" not in place] == []
    files.write_state({**files.state(), "look_again_at": services.clock().isoformat()})
    services.erasures.start("default", "dsr-1", now=services.clock() + dt.timedelta(seconds=1))
    described = app.finish(f"{machine}:{files.state()['execution']}")
    assert described["status"] == "SUCCEEDED", (described, files.state())
    shown = erasure_detail("default", "dsr-1", services=services)
    assert (shown.state, shown.receipt is not None) == ("complete", True)
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(files.receipt()), encoding="utf-8")
    known = verified(path)
    assert (known.signature.algorithm, known.receipt.search.hits) == ("ECDSA_SHA_256", 0)
    [there] = [one for one in known.receipt.destinations if one.destination == "customer_profiles"]
    assert there.answers["deleted"] >= 1
    assert places() == ([], others)
    assert app.runs.of_tenant("default"), "runs are counted as before"
    assert app.aws.client("dynamodb").get_item(
        TableName=app.system.runs_table, Key={"tenant": {"S": "default"}, "run_id": {"S": "turn"}}
    ).get("Item") is None  # fmt: skip
