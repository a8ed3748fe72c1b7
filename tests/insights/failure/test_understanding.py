"""Every shape of cause that a state can leave behind."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.insights.failure.notification import notification
from tessera.insights.failure.understanding import CaughtError, RunFailure, understand
from tessera.insights.scrub import LIMIT, scrub, scrub_unknown
from tessera.records.codec import encode
from tessera.records.runs.error import ErrorRecord

STATE = "Prepare"


def understood(**caught: str) -> RunFailure:
    return understand(CaughtError(**caught))


def of(error: str, cause: object) -> tuple[str, str]:
    text = cause if isinstance(cause, str) else json.dumps(cause)
    failure = understood(state=STATE, error=error, cause=text)
    return failure.error, failure.message


def record_of(failure: RunFailure) -> ErrorRecord:
    return ErrorRecord(
        tenant="t",
        run_id="r1",
        state=STATE,
        **{field.name: getattr(failure, field.name) for field in dataclasses.fields(failure)},
        execution_arn="arn:x",
        failed_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
    )


@pytest.mark.parametrize("name", ["InvalidInput", "Retryable", "Refused"])
def test_a_lambda_raises_our_error(name):
    cause = {"errorMessage": "line 3: no header", "errorType": name, "stackTrace": ["File …"]}
    assert of(name, cause) == (name, "line 3: no header")


def test_a_processing_job_exits_with_our_error():
    cause = {
        "ProcessingJobName": "run-1",
        "ProcessingJobStatus": "Failed",
        "ExitMessage": json.dumps({"error": "InvalidInput", "message": '42 % of "rows" are bad'}),
        "FailureReason": "AlgorithmError: See job logs for more information",
    }
    assert of("States.TaskFailed", cause) == ("InvalidInput", '42 % of "rows" are bad')


def test_a_training_job_says_our_error_in_its_failure_reason():
    message = json.dumps({"error": "InvalidInput", "message": "no buyers: é"})
    cause = {
        "TrainingJobStatus": "Failed",
        "FailureReason": f"AlgorithmError: {message}, exit code: 1",
    }
    assert of("States.TaskFailed", cause) == ("InvalidInput", "no buyers: é")


def test_a_failure_reason_that_was_cut_off_still_speaks():
    cause = {"FailureReason": 'AlgorithmError: {"error": "Refused", "message": "the key is disab'}
    assert of("States.TaskFailed", cause) == ("Refused", "the key is disab")


@pytest.mark.parametrize(
    "text",
    [
        "InvalidInput: the profiles are empty",
        "tessera.errors.InvalidInput: the profiles are empty",
        "Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 9; InvalidInput: the profiles are "
        "empty",
        "AlgorithmError: InvalidInput: the profiles are empty, exit code: 1",
    ],
)
def test_a_glue_job_or_script_says_our_error_in_words(text):
    cause = {"JobRunState": "FAILED", "JobName": "map", "ErrorMessage": text}
    assert of("States.TaskFailed", cause) == ("InvalidInput", "the profiles are empty")


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("States.Timeout", ""),
        ("States.HeartbeatTimeout", "no heartbeat"),
        ("Sandbox.Timedout", {"errorMessage": "2026-11-22T03:00:00Z x Task timed out after 60.00"}),
        ("States.TaskFailed", {"JobRunState": "TIMEOUT", "JobName": "map"}),
        ("States.TaskFailed", {"FailureReason": "MaxRuntimeExceeded: the job ran too long"}),
    ],
)
def test_what_took_too_long_is_a_timeout(error, cause):
    kind, message = of(error, cause)
    assert kind == "Timeout"
    assert message.startswith("Prepare did not finish in time")


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("Lambda.TooManyRequestsException", "Rate Exceeded."),
        ("Glue.ConcurrentRunsExceededException", "Concurrent runs exceeded for map"),
        ("States.TaskFailed", {"FailureReason": "CapacityError: no instances left"}),
        ("SageMaker.AmazonSageMakerException", "ThrottlingException: slow down"),
    ],
)
def test_a_busy_service_is_retryable(error, cause):
    assert of(error, cause)[0] == "Retryable"


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("SageMaker.ResourceLimitExceededException", "The account-level service limit is 0"),
        ("States.TaskFailed", "User is not authorized to perform: sagemaker:AddTags"),
        ("ClientError", {"errorType": "ClientError", "errorMessage": "(AccessDeniedException)"}),
    ],
)
def test_a_service_that_says_no_has_refused(error, cause):
    assert of(error, cause)[0] == "Refused"


def test_a_step_without_enough_memory_needs_more():
    cause = {"errorType": "Runtime.ExitError", "errorMessage": "RequestId: x Error: signal: killed"}
    failure = understood(state=STATE, error="Runtime.ExitError", cause=json.dumps(cause))
    assert failure.error == "Unexpected"
    assert "memory" in failure.what_to_do


def test_a_bug_is_unexpected_and_keeps_its_type_but_no_data():
    cause = {"errorType": "ValueError", "errorMessage": "could not convert 'Mr. Example' to float"}
    failure = understood(state=STATE, error="ValueError", cause=json.dumps(cause))
    assert failure.error == "Unexpected"
    assert failure.message == (
        "Prepare failed unexpectedly: ValueError: could not convert '…' to float"
    )
    assert failure.details["errorType"] == "ValueError"
    assert "Example" not in json.dumps(dict(failure.details))


def test_a_bug_in_a_job_keeps_its_type_too():
    message = json.dumps({"error": "KeyError", "message": "'customer-1' is \"missing\" in row"})
    cause = {"ExitMessage": message, "ProcessingJobStatus": "Failed"}
    assert of("States.TaskFailed", cause) == (
        "Unexpected",
        "Prepare failed unexpectedly: KeyError: '…' is '…' in row",
    )


def test_a_bug_in_a_job_or_function_is_placed_even_when_its_words_are_all_data():
    written = {"error": "KeyError", "place": "upload.py:12 read", "message": "'customer-1'"}
    expected = ("Unexpected", "Prepare failed unexpectedly: KeyError at upload.py:12 read: '…'")
    assert of("States.TaskFailed", {"ExitMessage": json.dumps(written)}) == expected
    trace = ['  File "/var/task/adapters/upload.py", line 12, in read\n    row["customer-1"]\n']
    cause = {"errorType": "KeyError", "errorMessage": "'customer-1'", "stackTrace": trace}
    assert of("KeyError", cause) == expected


@pytest.mark.parametrize("cause", ["", "null", "[]", "42", "{", '{"a": 1}'])
def test_a_cause_without_words_still_says_what_to_do(cause):
    failure = understood(state=STATE, error="", cause=cause)
    assert failure.error == "Unexpected"
    assert failure.message
    assert failure.what_to_do


@given(st.text(), st.text())
def test_no_error_or_cause_breaks_it(error, cause):
    failure = understood(state=STATE, error=error, cause=cause)
    assert failure.message
    assert len(failure.message) < LIMIT + 100


@given(
    st.sampled_from(["customer-17@example.com", "+1 212 555-0123", "(212) 555-0123"]),
    st.sampled_from(["ValueError", "InvalidInput"]),
    st.sampled_from(["errorMessage", "ExitMessage", "FailureReason", "ErrorMessage"]),
)
def test_no_address_gets_through(address, name, field):
    cause = json.dumps({field: f"bad row: {address}, x", "errorType": name})
    record = record_of(understood(state=STATE, error=name, cause=cause))
    assert address not in json.dumps(encode(record), ensure_ascii=False)


def test_dates_sizes_and_places_are_not_taken_for_phone_numbers():
    text = "s3://b/uploads/x.csv line 12345: 2011-12-10 03:00:00 +0000 is after 2011-12-09, 5 GB"
    assert scrub(text) == text


def test_what_a_parser_quotes_is_dropped():
    text = "CSV Error on Line: 10\nOriginal Line: \"PURCHASED,1,'x'\" near `y` id 1234567"
    clean = scrub_unknown(text)
    assert "PURCHASED" not in clean
    assert "1234567" not in clean
    assert "Line: 10" in clean


def test_the_notification_says_what_where_and_what_to_do():
    failure = understood(
        state=STATE,
        error="InvalidInput",
        cause=json.dumps({"errorType": "InvalidInput", "errorMessage": "no header"}),
    )
    subject, text = notification(record_of(failure), where="s3://b/error.json")
    assert subject == "Tessera: a run failed at Prepare (t)"
    assert "no header" in text
    assert failure.what_to_do in text
    assert "s3://b/error.json" in text
    assert "" not in text.splitlines(), "without a sentence on the history there is no empty line"


def test_a_rejected_run_is_reported_in_the_words_of_who_rejected_it():
    cause = "the run waited for an approval and was rejected by Ann: the export is broken"
    failure = understood(state="AwaitApproval", error="NotApproved", cause=cause)
    assert failure.error == "NotApproved"
    assert failure.message == cause
    assert "results of earlier runs stay" in failure.what_to_do
    assert "approve it" in failure.what_to_do
