"""Links of messages are answered by the function that answers them on AWS."""

from __future__ import annotations

import base64

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from local.console.public_links import link_routes


@pytest.fixture
def asked():
    return []


@pytest.fixture
def client(asked):
    def function(event):
        asked.append(event)
        return {"statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": "<p>ok</p>"}

    app = FastAPI()
    app.include_router(link_routes(function))
    return TestClient(app)


def test_a_get_is_an_event_of_the_http_api(client, asked):
    answer = client.get("/u/a.b.c")
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (
        200, "<p>ok</p>", "text/html",
    )  # fmt: skip
    (event,) = asked
    assert (event["version"], event["rawPath"], event["pathParameters"]) == (
        "2.0", "/u/a.b.c", {"token": "a.b.c"},
    )  # fmt: skip
    assert event["requestContext"]["http"]["method"] == "GET"


def test_a_one_click_request_keeps_its_form(client, asked):
    client.post("/u/a", data={"List-Unsubscribe": "One-Click"})
    (event,) = asked
    assert base64.b64decode(event["body"]) == b"List-Unsubscribe=One-Click"
    assert event["headers"]["content-type"] == "application/x-www-form-urlencoded"
    assert event["requestContext"]["http"]["method"] == "POST"


def test_an_answer_in_base64_is_decoded():
    app = FastAPI()
    body = base64.b64encode(b"\xff").decode()
    reply = {"statusCode": 404, "body": body, "isBase64Encoded": True}
    app.include_router(link_routes(lambda _: reply))
    answer = TestClient(app).get("/u/x")
    assert (answer.status_code, answer.content) == (404, b"\xff")
