"""The loopback servers: connections that stay open, bodies of every kind, paged histories."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from local.app.system import System
from local.aws.server import Deployed, EmbeddedAws
from local.loopback.serving import Handler
from tests.local.battery import COPY, create, finish, machine


@Request.application
def echo(request: Request) -> Response:
    if request.path == "/broken":
        raise RuntimeError("a mistake of the application")
    if request.path == "/unread":
        return Response("not read", 400)
    return Response(request.get_data(), content_type="text/plain")


@pytest.fixture(scope="module")
def connection() -> Iterator[http.client.HTTPConnection]:
    server = make_server("127.0.0.1", 0, echo, threaded=True, request_handler=Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    client = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    yield client
    client.close()
    server.shutdown()
    server.server_close()
    thread.join()


def ask(
    connection: http.client.HTTPConnection, method: str, path: str, body: object = None, **headers
) -> tuple[int, bytes]:
    connection.request(method, path, body, headers)  # type: ignore[arg-type]
    response = connection.getresponse()
    return response.status, response.read()


def test_a_connection_serves_one_request_after_another(connection):
    assert ask(connection, "POST", "/", b"one") == (200, b"one")
    used = connection.sock
    assert ask(connection, "POST", "/unread", b"x" * 100_000) == (400, b"not read")
    assert ask(connection, "HEAD", "/") == (200, b"")
    assert ask(connection, "GET", "/") == (200, b"")
    assert ask(connection, "PUT", "/", b"two", Expect="100-continue") == (200, b"two")
    assert ask(connection, "GET", "/broken") == (500, b"")
    assert connection.sock is used


def test_a_body_of_unknown_length_is_read_too(connection):
    assert ask(connection, "POST", "/", iter([b"a", b"bc"])) == (200, b"abc")
    assert ask(connection, "POST", "/", b"again") == (200, b"again")


@pytest.mark.parametrize("backwards", [False, True])
def test_a_history_comes_by_pages_in_either_order(furnished: EmbeddedAws, backwards: bool):
    aws = furnished
    states = {f"S{n}": {"Type": "Pass", "Next": f"S{n + 1}"} for n in range(4)}
    arn = create(aws, f"pages-{backwards}", machine(**states, S4=COPY))
    client = aws.client("stepfunctions")
    execution = client.start_execution(stateMachineArn=arn)["executionArn"]
    assert finish(aws, execution)["status"] == "SUCCEEDED"
    whole = client.get_execution_history(executionArn=execution)["events"]
    pages = list(
        client.get_paginator("get_execution_history").paginate(
            executionArn=execution, reverseOrder=backwards, maxResults=5
        )
    )
    events = [event for page in pages for event in page["events"]]
    assert len(pages) == -(-len(whole) // 5)
    assert (events[::-1] if backwards else events) == whole
    assert [event["id"] for event in whole] == list(range(1, len(whole) + 1))


@pytest.mark.parametrize("is_woken", [False, True])
def test_following_yields_each_event_once(furnished: EmbeddedAws, is_woken: bool):
    aws, waits = furnished, []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        (aws.pause if is_woken else time.sleep)(seconds)

    wait = {"Type": "Wait", "Seconds": 1, "Next": "C"}
    definition = machine(A={"Type": "Pass", "Next": "B"}, B=wait, C=COPY)
    arn = create(aws, f"followed-{is_woken}", definition)
    client = aws.client("stepfunctions")
    execution = client.start_execution(stateMachineArn=arn, input=json.dumps({}))["executionArn"]
    names = ("DataBucket", "IdentitiesBucket", "RunsTable", "StateMachineArn", "TopicArn")
    nothing = dict.fromkeys(names, "")
    system = System(aws, Deployed({"none": nothing}), poll_s=0.01, pause=pause)
    followed = list(system.follow(execution))
    assert followed == client.get_execution_history(executionArn=execution)["events"]
    assert client.describe_execution(executionArn=execution)["status"] == "SUCCEEDED"
    if is_woken:  # by events, of which there are fewer than looks in a second
        assert len(waits) <= len(followed) + 3
