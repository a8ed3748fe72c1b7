"""The processes of functions: what counts as a function's time, and how many load at once."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.aws.functions.lambdas import LambdaRuntime
from local.aws.workers.spawned import Spawned

LOADING = 2
CODE = """
import os, time

def note(text):
    with open({log!r}, "a") as log:
        log.write(text + "\\n")

note("begins")
time.sleep({loads_s})
note("loaded")

def handler(event, context):
    note("answers")
    time.sleep(event)
    return context.get_remaining_time_in_millis()
"""


class NoLogs:
    """Takes a log group."""

    def ensure_log_group(self, name: str) -> None:
        """Do nothing."""


def function_of(folder: Path, *, loads_s: float, timeout_s: int) -> Any:
    code = folder / "code"
    code.mkdir()
    text = CODE.format(log=str(folder / "log"), loads_s=loads_s)
    (code / "code_of_it.py").write_text(text, encoding="utf-8")
    return SimpleNamespace(
        function_name="f", function_arn="arn:f", run_time="python3.13", timeout=timeout_s,
        memory_size=128, logs_group_name="/f", logs_backend=NoLogs(), save_logs=lambda text: None,
        handler="code_of_it.handler", environment_vars={},
        code={"S3Bucket": "b", "S3Key": "k"},
    )  # fmt: skip


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[LambdaRuntime]:
    workers = Spawned(tmp_path / "work")  # forks load one after the other anyway
    made = LambdaRuntime(tmp_path / "work", env=dict, workers=workers, loading=LOADING)
    made.publish("b", "k", tmp_path / "code")
    yield made
    made.close()
    workers.close()


@pytest.fixture(params=["cold", "started ahead"])
def begin(request: pytest.FixtureRequest, runtime: LambdaRuntime) -> Callable[[Any], None]:
    """What is done before the first call."""
    if request.param == "cold":
        return lambda function: None
    return lambda function: runtime.warm(function, wait=False)


def test_a_functions_time_begins_when_its_handler_is_loaded(runtime, begin, tmp_path):
    function = function_of(tmp_path, loads_s=3.3, timeout_s=3)
    begin(function)
    payload, failed, logs = runtime.invoke(function, 0.0)
    assert not failed, logs
    assert 0 < json.loads(payload) <= 3000


def test_a_function_that_takes_too_long_by_itself_is_stopped(runtime, tmp_path):
    payload, failed, _ = runtime.invoke(function_of(tmp_path, loads_s=0.0, timeout_s=1), 9.0)
    assert (failed, json.loads(payload)["errorType"]) == (True, "Sandbox.Timedout")


def test_of_many_calls_at_once_only_a_few_load(runtime, tmp_path):
    function = function_of(tmp_path, loads_s=0.2, timeout_s=30)
    with ThreadPoolExecutor(8) as threads:
        calls = [threads.submit(runtime.invoke, function, 0.0) for _ in range(8)]
        assert not any(call.result()[1] for call in calls)
    noted = (tmp_path / "log").read_text().splitlines()
    steps = [{"begins": 1, "loaded": -1}.get(line, 0) for line in noted]
    assert max(itertools.accumulate(steps)) <= LOADING
    assert noted.count("answers") == 8
