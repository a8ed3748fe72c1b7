"""The API of a console, read with a key, and what each refusal becomes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from adapters.http.console_api import ConsoleApi
from tessera.errors import InvalidInput, Refused, Retryable

KEY = "tsk_0123456789ab_secret"
ANSWERS = {
    "/v1/runs": (200, {"items": []}),
    "/v1/insights": (404, {"detail": "There is no finished run here."}),
    "/v1/denied": (403, {"detail": "no"}),
    "/v1/unknown": (401, {"detail": "no"}),
    "/v1/wrong": (422, "not JSON"),
    "/v1/busy": (503, {"detail": "busy"}),
    "/v1/elsewhere": (302, {}),
    "/v1/made": (201, {"id": "a"}),
    "/v1/asked": (202, {"id": "b"}),
    "/v1/gone": (204, None),
    "/v1/conflict": (409, {"detail": "It was changed.", "errors": [{"where": "id", "what": "x"}]}),
}


class _Console(BaseHTTPRequestHandler):
    asked: list[tuple[str, str | None]]
    given: list[tuple[bytes, str | None, str | None]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Authorization"]))
        status, body = ANSWERS[self.path.partition("?")[0]]
        data = json.dumps(body).encode() if body != "not JSON" else b"<html>"
        data = b"" if body is None else data
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://192.0.2.1/")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_PUT(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        self.given.append(
            (self.rfile.read(size), self.headers["Content-Type"], self.headers["Idempotency-Key"])
        )
        self.do_GET()

    def do_POST(self) -> None:
        self.do_PUT()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def console() -> Iterator[tuple[ConsoleApi, list[tuple[str, str | None]]]]:
    _Console.asked, _Console.given = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Console)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield ConsoleApi(f"http://127.0.0.1:{server.server_port}/", key=KEY), _Console.asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_answer_is_read_with_the_key_and_the_given_parameters(console):
    api, asked = console
    assert api.get("/v1/runs", limit="100", cursor=None) == {"items": []}
    assert asked == [("/v1/runs?limit=100", f"Bearer {KEY}")]


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("/v1/insights", InvalidInput, "There is no finished run here."),
        ("/v1/wrong", InvalidInput, "no such thing"),
        ("/v1/denied", Refused, "another role"),
        ("/v1/unknown", Refused, "tessera key create"),
        ("/v1/busy", Retryable, "503"),
        ("/v1/elsewhere", Retryable, "302"),  # the key goes nowhere else
    ],
)
def test_a_refusal_is_an_error_in_our_words_without_the_key(console, path, error, words):
    api, _ = console
    with pytest.raises(error, match=words) as raised:
        api.get(path)
    assert "secret" not in str(raised.value)


def test_a_document_is_sent_and_its_answer_read(console):
    api, asked = console
    assert api.send("PUT", "/v1/made", {"name": "Grüße"}) == {"id": "a"}
    assert api.send("POST", "/v1/asked") == {"id": "b"}
    assert api.send("POST", "/v1/gone", {}) is None
    assert {key for _, key in asked} == {f"Bearer {KEY}"}
    (first, kind, no_key), (second, no_kind, one), (third, _, other) = _Console.given
    assert (json.loads(first), kind, no_key) == ({"name": "Grüße"}, "application/json", None)
    assert (second, no_kind, third) == (b"", None, b"{}")
    assert one != other  # each wish is made once


def test_a_conflict_is_named_with_its_parts(console):
    api, _ = console
    with pytest.raises(InvalidInput, match=r"It was changed\. id: x"):
        api.send("PUT", "/v1/conflict", {})


def test_a_console_that_is_away_may_be_back_later():
    with pytest.raises(Retryable, match="could not be reached"):
        ConsoleApi("http://127.0.0.1:9", key=KEY).get("/v1/runs")


@pytest.mark.parametrize(
    "address", ["http://console.example.com", "console.example.com", "ftp://localhost", "https://"]
)
def test_a_key_is_never_sent_in_plain_text(address):
    with pytest.raises(InvalidInput, match=r"expected https://"):
        ConsoleApi(address, key=KEY)
