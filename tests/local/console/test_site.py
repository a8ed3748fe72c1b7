"""The console's one origin: the API, the page, its configuration, and no foreign name."""

from __future__ import annotations

import asyncio
import json

import pytest
from fastapi import FastAPI

from local.console.site import site


@pytest.fixture
def ask(tmp_path):
    """Ask the site for an address. Return the status, the headers and the body."""
    page = tmp_path / "dist"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text("the page")
    (page / "assets" / "app.js").write_text("code")
    (tmp_path / "secret.txt").write_text("secret")
    api = FastAPI()
    api.get("/v1/me")(lambda: "the api")
    here = FastAPI()
    here.get("/local/inbox")(lambda: "the inbox")
    here.get("/u/{token}")(lambda token: f"the link {token}")
    app = site(
        api, page=page, config={"mode": "local"}, uploads="http://127.0.0.1:5005", local=here
    )

    def asked(path: str, host: str = "127.0.0.1:8787"):
        sent = []

        async def receive():
            await asyncio.Event().wait()  # nobody hangs up

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
            "root_path": "", "headers": [(b"host", host.encode())],
            "server": ("127.0.0.1", 8787), "client": ("127.0.0.1", 1),
        }  # fmt: skip
        asyncio.run(app(scope, receive, send))
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], headers, body.decode()

    return asked


def test_the_page_answers_its_own_addresses_and_its_files(ask):
    assert ask("/")[2] == ask("/segments/Champions")[2] == "the page"
    assert ask("/assets/app.js")[2] == "code"


def test_no_file_outside_the_page_is_served(ask):
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt"):
        assert "secret" not in ask(path)[2]


def test_the_api_and_the_configuration_share_the_origin(ask):
    assert ask("/v1/me")[2] == '"the api"'
    status, headers, body = ask("/config.json")
    assert (status, json.loads(body), headers["cache-control"]) == (
        200, {"mode": "local"}, "no-store",
    )  # fmt: skip


def test_the_inbox_and_links_of_messages_share_the_origin(ask):
    assert ask("/local/inbox")[2] == '"the inbox"'
    assert ask("/u/a.b")[2] == '"the link a.b"'
    assert ask("/users")[2] == ask("/locals")[2] == "the page"
    assert ask("/u/a.b", host="evil.example")[0] == 400


def test_a_foreign_name_for_this_machine_reads_nothing(ask):
    assert ask("/config.json", host="evil.example")[0] == 400
    assert ask("/v1/me", host="evil.example")[0] == 400


def test_the_page_may_call_its_origin_and_the_uploads_alone(ask):
    policy = ask("/")[1]["content-security-policy"]
    assert "connect-src 'self' http://127.0.0.1:5005;" in policy
    assert policy.startswith("default-src 'none'")
