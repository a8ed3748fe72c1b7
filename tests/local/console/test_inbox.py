"""The inbox's routes: what was sent on this machine, and no other file."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from local.console.inbox import inbox_routes
from local.services.ses.inbox import LocalInbox


def given(n):
    return {
        "FromEmailAddress": "Shop <news@shop.example>",
        "Destination": {"ToAddresses": [f"p{n}@customers.example"]},
        "Content": {
            "Simple": {
                "Subject": {"Data": f"Grüße {n}"},
                "Headers": [{"Name": "List-Id", "Value": "<news.shop>"}],
                "Body": {"Html": {"Data": f"<p>Hello {n}</p>"}, "Text": {"Data": f"Hello {n}"}},
            }
        },
    }


@pytest.fixture
def inbox(tmp_path):
    return LocalInbox(tmp_path / "inbox")


@pytest.fixture
def ask(inbox):
    app = FastAPI()
    links = {"origin": "https://console.example", "here": "http://127.0.0.1:8787"}
    app.include_router(inbox_routes(inbox, **links))
    return TestClient(app).get


def test_an_empty_inbox_is_empty(ask):
    assert ask("/local/inbox").json() == {"messages": [], "count": 0}


def test_messages_are_listed_and_shown(ask, inbox):
    for n in range(3):
        inbox.store(f"0107-{n}", given(n), at_s=1_780_000_000.0 + n)
    listed = ask("/local/inbox?limit=2").json()
    assert (listed["count"], len(listed["messages"])) == (3, 2)
    assert {"id", "to", "from", "subject", "sent_at"} == set(listed["messages"][0])
    shown = ask("/local/inbox/0107-1").json()
    assert (shown["to"], shown["subject"], shown["sent_at"][:4]) == (
        "p1@customers.example", "Grüße 1", "2026",
    )  # fmt: skip
    assert (shown["html"].strip(), shown["text"].strip()) == ("<p>Hello 1</p>", "Hello 1")
    assert {"name": "List-Id", "value": "<news.shop>"} in shown["headers"]


def test_links_of_a_shown_message_lead_to_this_machine(ask, inbox):
    sent = given(1)
    link = "https://console.example/u/a.b"
    sent["Content"]["Simple"]["Body"]["Html"]["Data"] = f'<a href="{link}">unsubscribe</a>'
    inbox.store("0107-1", sent, at_s=0.0)
    shown = ask("/local/inbox/0107-1").json()
    assert 'href="http://127.0.0.1:8787/u/a.b"' in shown["html"]
    assert link in ask("/local/inbox/0107-1.eml").text


def test_a_message_is_a_file_for_a_mail_program(ask, inbox):
    inbox.store("0107-1", given(1), at_s=0.0)
    answer = ask("/local/inbox/0107-1.eml")
    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.content == inbox.file("0107-1")


@pytest.mark.parametrize("wrong", ["none", "none.eml", "..%2Fsecret.eml", "%2e%2e%2fsecret"])
def test_no_other_file_is_read(ask, inbox, wrong):
    inbox.folder.mkdir()
    (inbox.folder.parent / "secret.eml").write_text("secret")
    answer = ask(f"/local/inbox/{wrong}")
    assert answer.status_code == 404
    assert inbox.file("../secret") is None
