"""POST /v1/events on this machine is answered by the function that answers it on AWS."""

from __future__ import annotations

import base64

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from local.app.assembly import PAGES_ORIGIN
from local.console.page_events import page_event_routes

HERE = "http://localhost:3000"


@pytest.fixture
def asked():
    return []


@pytest.fixture
def client(asked):
    def function(event):
        asked.append(event)
        return {"statusCode": 204, "headers": {"cache-control": "no-store"}, "body": ""}

    app = FastAPI()
    app.include_router(page_event_routes(function))
    return TestClient(app)


def test_a_page_of_this_machine_stands_for_the_listed_one(client, asked):
    answer = client.post("/v1/events", content=b"{}", headers={"origin": HERE})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == HERE
    assert answer.headers["cache-control"] == "no-store"
    [event] = asked
    assert event["headers"]["origin"] == PAGES_ORIGIN
    assert base64.b64decode(event["body"]) == b"{}"


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost.evil.example", ""])
def test_another_page_keeps_its_origin_and_may_read_nothing(client, asked, origin):
    answer = client.post("/v1/events", content=b"{}", headers={"origin": origin})
    assert "access-control-allow-origin" not in answer.headers
    assert asked[0]["headers"]["origin"] == origin


def test_a_browser_that_asks_first_is_answered_here(client, asked):
    answer = client.options("/v1/events", headers={"origin": HERE})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert asked == []
