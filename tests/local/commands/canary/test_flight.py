"""The canary in embedded AWS finishes. A failure names the state, the reason and the row."""

import datetime as dt
import io

import pytest

from local.commands.canary.flight import TENANT, CanaryFailed, canary
from local.terminal import Terminal

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def sing(system, *, destinations=("export",), now=NOW):
    out = io.StringIO()
    canary(system, terminal=Terminal(out), destinations=destinations, now=now)
    return out.getvalue()


class FakeSystem:
    """A system whose run ends as one says."""

    data_bucket = "data"

    def __init__(self, *, starts=True, record=None, summary=None, run=(TENANT, "1")):
        self.starts, self.record, self.summary, self.run = starts, record, summary, run
        self.settings, self.uploaded = {}, []

    def put_settings(self, tenant, text):
        self.settings[tenant] = text

    def executions(self):
        return ["an earlier one"]

    def upload(self, source, *, tenant):
        self.uploaded.append((tenant, source.name, source.read_text()))
        return f"uploads/{tenant}/{source.name}"

    def execution_of(self, key, *, after):
        assert after == {"an earlier one"}
        if not self.starts:
            raise RuntimeError(f"the upload {key} started no run within 30 s")
        return "execution"

    def follow(self, execution):
        return iter(())

    def wait(self, execution):
        return self.describe(execution)

    def describe(self, execution):
        return {"status": "FAILED" if self.summary is None else "SUCCEEDED", "cause": "because"}

    def error_of(self, execution, *, tenant):
        assert tenant == TENANT
        return self.record

    def run_of(self, execution):
        return self.run

    def read_json(self, bucket, key):
        assert (bucket, key) == ("data", "tenants/canary/runs/1/summary.json")
        return self.summary


def failing(**how):
    fake = FakeSystem(**how)
    with pytest.raises(CanaryFailed) as failure:
        sing(fake)
    return str(failure.value)


@pytest.mark.slow
def test_the_canary_finishes_and_prints_each_state_with_its_seconds(system):
    printed = sing(system)
    lines = [line.split() for line in printed.splitlines()]
    states = [line[1] for line in lines if line[0] == "✓"]
    side_by_side = {"TrainKMeans", "TrainForecasts"}
    assert set(states[2:4]) == side_by_side
    assert [name for name in states if name not in {"StartLoad", *side_by_side}] == [
        "CheckUpload", "Prepare", "Train", "Score", "AwaitApproval", "MapSchema",
        "EnsureSegments", "Activate", "FinishRun",
    ]  # fmt: skip
    assert all(float(line[2]) >= 0 for line in lines if line[0] == "✓")
    assert "40 customers" in printed


@pytest.mark.slow
def test_wrong_settings_are_reported_as_such_and_lead_to_no_row(system):
    with pytest.raises(CanaryFailed, match="CheckUpload failed") as failure:
        sing(system, destinations=("nowhere",), now=NOW + dt.timedelta(days=1))
    assert "nowhere" in str(failure.value)
    assert "What to do" in str(failure.value)
    assert failure.value.check is None


def test_only_the_canarys_own_tenant_is_touched():
    fake = FakeSystem(summary={"customers": 40, "destinations": []})
    assert "finished" in sing(fake)
    settings = b'breaker_limit = 1.0\ndestinations = ["export"]\n'
    assert fake.settings == {TENANT: settings}
    [(tenant, name, text)] = fake.uploaded
    assert (tenant, name) == (TENANT, "canary.csv")
    assert "2026-02-28" in text


def test_a_job_that_the_account_refuses_leads_to_its_row():
    record = {
        "state": "Score",
        "error": "Refused",
        "message": "Score was refused: a permission is missing",
        "what_to_do": "Grant it.",
        "details": {"FailureReason": "no kms:CreateGrant on the key"},
    }
    printed = failing(record=record)
    assert "Score failed: Score was refused" in printed
    assert "What to do: Grant it." in printed
    assert "docs/first-deployment.md, row C3: SageMaker may use the data key" in printed


def test_a_failure_that_fail_run_could_not_record_leads_to_its_row():
    assert "FailRun failed: because" in failing()
    assert "row C15" in failing()


def test_an_upload_that_starts_nothing_leads_to_the_row_of_the_trigger():
    assert "row C1:" in failing(starts=False)


def test_a_run_that_was_skipped_is_a_failure():
    assert "duplicate" in failing(summary={}, run=None)


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ({"failed": {"state": "PollLoad"}}, "PollLoad failed: export: No"),
        ({"failed": None, "held": "a quarter would leave"}, "MapSchema failed: export: No"),
    ],
)
def test_a_destination_that_got_nothing_is_a_failure(report, words):
    report = {"destination": "export", "message": "No", **report}
    assert words in failing(summary={"customers": 40, "destinations": [report]})


def test_customers_that_got_lost_are_a_failure():
    assert "39 customers" in failing(summary={"customers": 39, "destinations": []})
