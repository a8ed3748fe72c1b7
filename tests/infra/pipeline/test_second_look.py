"""An erasure waits for the longest of all jobs and functions of a stage before it is complete."""

from __future__ import annotations

import itertools

from infra.kit.states import QUEUE_SECONDS


def longest_write(app):
    [function] = [
        each
        for each in app.resources("AWS::Lambda::Function")
        if "LONGEST_WRITE_SECONDS" in each.get("Environment", {}).get("Variables", {})
    ]
    return int(function["Environment"]["Variables"]["LONGEST_WRITE_SECONDS"])


def test_no_function_and_no_job_may_write_longer(stage):
    functions = [each.get("Timeout", 3) for each in stage.resources("AWS::Lambda::Function")]
    jobs = [60 * each["Timeout"] + QUEUE_SECONDS for each in stage.resources("AWS::Glue::Job")]
    assert longest_write(stage) >= max(itertools.chain(functions, jobs))
