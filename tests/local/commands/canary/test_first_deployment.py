"""Which row of docs/first-deployment.md a failed canary points to."""

import re

import pytest

from infra.pipeline.steps import Steps
from local.commands.canary.first_deployment import applicable
from local.commands.canary.rows import PARTS

CHECKS = [check for part in PARTS for check in part.checks]


@pytest.mark.parametrize(
    ("state", "evidence", "row"),
    [
        ("", "the upload started no run", "C1"),
        ("Prepare", "ResourceLimitExceeded: ml.m5.xlarge for processing job usage is 0", "A2"),
        ("TrainKMeans", "ResourceLimitExceeded: ml.m5.large for training job usage is 0", "A2"),
        ("Score", "AccessDenied: no kms:CreateGrant on the key", "C3"),
        ("Prepare", "the image could not be pulled from ECR", "C4"),
        ("Prepare", "Connect timeout on endpoint URL", "C5"),
        ("Score", "AccessDenied on s3:PutObject", "C6"),
        ("MapSchema", "the key's policy denies kms:Encrypt to logs", "C7"),
        ("MapSchema", "ConcurrentRunsExceededException", "C8"),
        ("PollLoad", "not authorized to perform profile:BatchPutProfileObject", "C10"),
        ("EnsureSegments", "LimitExceeded: segment definitions", "C11"),
        ("StartLoad", "the key is wrong", "C13"),
        ("FinishRun", "Insufficient Lake Formation permission(s)", "C14"),
        ("FailRun", "not authorized to perform sns:Publish", "C15"),
    ],
)
def test_a_failure_leads_to_its_row(state, evidence, row):
    check = applicable(state, evidence=evidence)
    assert check is not None
    assert check.id == row


def test_every_task_of_the_machine_has_a_row_that_takes_any_reason():
    functions = {"CheckUpload", "StartLoad", "PollLoad", "EnsureSegments", "FinishRun", "FailRun"}
    jobs = {"Prepare", "PrepareOnSpark", "TrainKMeans", "TrainForecasts", "TrainChurn", "Score"}
    jobs |= {"MapSchema"}
    assert {"check_upload", "prepare_on_spark", "fail_run"} <= set(Steps.__annotations__)
    for state in functions | jobs:
        assert applicable(state, evidence="something nobody has seen before"), state


def test_rows_are_named_once_and_in_order():
    ids = [check.id for check in CHECKS]
    assert ids == sorted(ids, key=lambda id_: (id_[0], int(id_[1:])))
    assert len(set(ids)) == len(ids)


def test_every_row_has_a_command_and_a_mend_without_line_breaks():
    for check in CHECKS:
        for text in (check.title, check.command, check.mend):
            assert text
            assert "\n" not in text
        re.compile(check.pattern)


def test_every_make_target_of_the_page_exists(root):
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"make ([a-z-]+)", " ".join(f"{c.command} {c.mend}" for c in CHECKS))
    assert set(named) <= targets
