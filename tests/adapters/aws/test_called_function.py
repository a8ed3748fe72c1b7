"""A function's answer, and what its failure means to the caller."""

from __future__ import annotations

import io
import json

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from adapters.aws.called_function import CalledFunction
from tessera.errors import InvalidInput, Refused, Retryable

EVENT = {"tenant": "acme"}
ASKED = {"FunctionName": "count", "Payload": b'{"tenant": "acme"}'}


@pytest.fixture
def stub(aws_environment):
    with Stubber(boto3.client("lambda", region_name="us-east-1")) as made:
        yield made


def answer(stub, reply, **more):
    raw = json.dumps(reply).encode()
    body = StreamingBody(io.BytesIO(raw), len(raw))
    stub.add_response("invoke", {"Payload": body, **more}, ASKED)
    return CalledFunction("count", does="the count", client=stub.client).answer(EVENT)


def test_what_a_function_answers_is_returned(stub):
    assert answer(stub, {"counts": 3}) == {"counts": 3}


@pytest.mark.parametrize("kind", [InvalidInput, Refused])
def test_an_error_that_is_for_the_caller_keeps_its_kind_and_message(stub, kind):
    failure = {"errorType": kind.__name__, "errorMessage": "line 3: add a column", "stackTrace": []}
    with pytest.raises(kind, match="line 3: add a column"):
        answer(stub, failure, FunctionError="Unhandled")


@pytest.mark.parametrize("failure", [{"errorType": "KeyError", "errorMessage": "'ann'"}, {}])
def test_any_other_error_stays_in_the_log(stub, failure):
    with pytest.raises(Retryable, match="the count failed: see the log") as caught:
        answer(stub, failure, FunctionError="Unhandled")
    assert "ann" not in str(caught.value)


def test_a_busy_function_is_to_be_called_again(stub):
    stub.add_client_error("invoke", "TooManyRequestsException")
    with pytest.raises(Retryable, match="the count"):
        CalledFunction("count", does="the count", client=stub.client).answer(EVENT)
