"""The functions carry boto3 and the standard library, nothing heavier."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

FOLDERS = [
    "start_load",
    "poll_load",
    "ensure_segments",
    "await_approval",
    "decide_run",
    "plan_loads",
    "authorizer",
    "close_windows",
    "store_events",
    "collect_events",
    "run_warehouse_sql",
    "watch_sources",
    "forward_moves",
    "erase_at_destination",
    "begin_erasure",
    "finish_erasure",
    "retry_erasures",
    "run_job",
]


def test_every_function_logs_what_it_decides_under_the_name_of_its_state(root):
    """People and the API call some functions, and rules call others: those are not states."""
    machine = "".join(path.read_text() for path in (root / "infra").glob("*/*.py"))
    states = set(re.findall(r'"([A-Z]\w+)"', machine))
    for path in (root / "lambdas").glob("*/handler.py"):
        if path.parent.name == "api":  # its app writes a line for each request
            continue
        decorator = re.search(r'@logged\(\s*"(\w+)"', path.read_text())
        assert decorator, path
        camel = "".join(word.capitalize() for word in path.parent.name.split("_"))
        assert decorator[1] == camel
        called = {
            "Authorizer", "CloseWindows", "CollectEvents", "CountAudience", "DecideRun",
            "ExpireLogs", "FindCustomer", "ForwardMoves", "ImportConsent", "KeepCampaigns",
            "KeepLabels", "LabelEvents", "MeasureCampaign", "PlanLoads", "PlanPulls",
            "PullSource", "RemoveTenant", "RetryErasures", "RunJob", "RunWarehouseSql", "SendTest",
            "StartDailyRuns", "StoreEvents", "Unsubscribe", "WatchRuns", "WatchSources",
            "WriteEvents",
        }  # fmt: skip
        assert decorator[1] in states | called | {"FailRun"}


def test_the_api_starts_without_the_libraries_of_mails(root):
    check = (
        "import sys, lambdas.api.handler; "
        "print(sorted({'liquid', 'mjml', 'nh3', 'babel'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_function_needs_no_numeric_library(root, folder):
    check = (
        f"import sys, lambdas.{folder}.handler; "
        "print(sorted({'numpy', 'pandas', 'pyarrow', 'duckdb', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
