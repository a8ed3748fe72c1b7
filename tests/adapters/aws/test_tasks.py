"""Answers to tasks: taken, too late, or to be tried again."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from adapters.aws.tasks import Tasks
from tessera.errors import Refused, Retryable


@pytest.fixture
def client(aws_environment):
    return boto3.client("stepfunctions", region_name="us-east-1")


def test_an_answer_is_sent_as_json(client):
    with Stubber(client) as stub:
        stub.add_response("send_task_success", {}, {"taskToken": "t", "output": '{"a": 1}'})
        stub.add_response("send_task_failure", {}, {"taskToken": "t", "error": "E", "cause": "c"})
        assert Tasks(states=client).succeed("t", {"a": 1})
        assert Tasks(states=client).fail("t", error="E", cause="c")
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_late_answer_is_an_error(client, code):
    with Stubber(client) as stub:
        stub.add_client_error("send_task_success", code)
        assert not Tasks(states=client).succeed("t", {})


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("ThrottlingException", Retryable), ("AccessDeniedException", Refused)],
)
def test_what_the_service_says_becomes_what_to_do_and_the_token_stays_out(client, code, meaning):
    with Stubber(client) as stub:
        stub.add_client_error("send_task_failure", code)
        with pytest.raises(meaning) as raised:
            Tasks(states=client).fail("the-token", error="E", cause="c")
    assert "the-token" not in str(raised.value)


def test_a_service_out_of_reach_is_tried_again():
    class Away:
        def send_task_success(self, **_):
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

    with pytest.raises(Retryable, match="could not be reached"):
        Tasks(states=Away()).succeed("t", {})
