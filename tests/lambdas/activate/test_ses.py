"""SES through the three functions: contacts where the stage opted in, and files in any case."""

from __future__ import annotations

import json

import pytest

from lambdas.ensure_segments.handler import handler as ensure_segments
from lambdas.poll_load.handler import handler as poll_load
from lambdas.start_load.handler import handler as start_load
from local.services.ses.server import Ses, SesServer
from tessera.errors import InvalidInput
from tessera.naming import RECIPIENTS, destination_prefix

NAME = "ses"
LIST = "shop"


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 840_000


@pytest.fixture
def account(loaded_run, monkeypatch):
    server = SesServer(Ses(LIST))
    monkeypatch.setenv(server.variable, server.start())
    monkeypatch.setattr("adapters.destinations.aws.ses_imports._LOOK_SECONDS", 0)
    loaded_run.event |= {"destination": NAME}
    opt(monkeypatch, LIST)
    yield server.state
    server.stop()


def opt(monkeypatch, contact_list: str) -> None:
    monkeypatch.setenv("OPTIONS", json.dumps({NAME: {"contact_list": contact_list}}))


def write(loaded_run, *parts: list[str], **record) -> None:
    loaded_run.write(*parts, destination=NAME, **record)
    prefix = destination_prefix("default", "r1", NAME)
    sizes = {"_RFM_Lost": 2, "_RFM_At_Risk": 0, "_RFM_Cluster_1": 0}
    loaded_run.identities.write_json(prefix + RECIPIENTS, sizes)


def act(loaded_run) -> dict:
    status = start_load(loaded_run.event, None)["status"]
    while status != "DONE":
        status = poll_load(loaded_run.event, Context())["status"]
    ensure_segments(loaded_run.event, None)
    return json.loads(loaded_run.read("report.json", NAME))


def test_contacts_are_imported_and_the_report_counts_the_files(loaded_run, account):
    write(loaded_run, ["a", "b"])
    report = act(loaded_run)
    assert set(account.customers()) == {"a", "b"}
    assert [(one["name"], one["action"], one["size"]) for one in report["segments"]] == [
        ("_RFM_Lost", "written", 2), ("_RFM_At_Risk", "written", 0),
        ("_RFM_Cluster_1", "written", 0),
    ]  # fmt: skip
    assert report["message"] == (
        "Sent 2 customers in 1 request. 0 were already up to date. "
        "3 segments written to files, one each."
    )


def test_without_the_opt_in_nothing_is_sent_and_the_files_are_reported(
    loaded_run, account, monkeypatch
):
    opt(monkeypatch, "")
    write(loaded_run, desired=5, changes=0)
    report = act(loaded_run)
    assert not account.calls
    assert report["message"] == "3 segments written to files, one each."
    assert {one["action"] for one in report["segments"]} == {"written"}


def test_the_one_list_is_the_default_tenants(loaded_run, account):
    write(loaded_run, ["a"])
    for kept in ("load.json", "part-00000.jsonl"):
        text = loaded_run.read(kept, NAME).decode().replace("tenants/default", "tenants/acme")
        key = destination_prefix("acme", "r1", NAME) + kept
        loaded_run.identities.write(key, text.encode())
    ticket = loaded_run.data.read("tenants/default/runs/r1/ticket.json")
    loaded_run.data.write("tenants/acme/runs/r1/ticket.json", ticket)
    loaded_run.event |= {"tenant": "acme"}
    with pytest.raises(InvalidInput, match="imports no contacts"):
        poll_load(loaded_run.event, Context())
    assert not account.calls
