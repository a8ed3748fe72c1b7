"""A destination whose segments people make: the report shows them the rules."""

from __future__ import annotations

import json

import boto3
import pytest

from lambdas.ensure_segments.handler import handler as ensure_segments
from lambdas.poll_load.handler import handler as poll_load
from lambdas.start_load.handler import handler as start_load
from local.services.braze import BrazeServer
from tessera.errors import InvalidInput
from tessera.naming import destination_secret
from tests.lambdas.activate.accounts import http_destination

NAME = "braze"
SECRET = {"api_key": "made-up", "endpoint": "https://rest.iad-01.braze.com"}


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 840_000


@pytest.fixture
def workspace(loaded_run, monkeypatch):
    server = BrazeServer()
    server.start()
    monkeypatch.setenv(server.variable, server.url)
    with http_destination(loaded_run, NAME, secret=SECRET):
        yield server.state
    server.stop()


def test_the_report_has_the_rules(loaded_run, workspace):
    loaded_run.write(["a", "b"], ["c"], destination=NAME)
    start_load(loaded_run.event, None)
    assert poll_load(loaded_run.event, Context())["status"] == "DONE"
    ensure_segments(loaded_run.event, None)
    report = json.loads(loaded_run.read("report.json", NAME))
    assert report["segments"][0] == {
        "name": "_RFM_Lost",
        "label": "Lost",
        "action": "by hand",
        "size": None,
        "rule": 'rfm_segment equals "Lost"',
        "reference": "",
    }
    assert report["message"] == (
        "Sent 3 customers in 2 requests. 0 were already up to date. "
        "Create the segments there by hand, using the rules in the report."
    )
    assert set(workspace.users) == {"a", "b", "c"}
    assert workspace.requests[-1].headers["authorization"] == "Bearer made-up"


def test_a_threshold_has_its_rule_in_numbers(loaded_run, workspace):
    bounds = {"column": "monetary", "at_least": "20", "at_most": "99.5"}
    names = {"label": "In between", "name": "_RFM_In_between", "kind": "threshold", "value": ""}
    threshold = {**names, "meaning": "", "customers": 1, "cells": [], "bounds": bounds}
    loaded_run.write(destination=NAME, segments=[threshold])
    start_load(loaded_run.event, None)
    ensure_segments(loaded_run.event, None)
    (segment,) = json.loads(loaded_run.read("report.json", NAME))["segments"]
    assert segment["action"] == "by hand"
    assert segment["rule"] == "rfm_monetary is at least 20 and rfm_monetary is at most 99.5"


def test_a_key_goes_nowhere_but_to_a_host_of_the_vendor(loaded_run, workspace, monkeypatch):
    monkeypatch.delenv("TESSERA_ENDPOINT_BRAZE")
    stored = json.dumps(SECRET | {"endpoint": "https://rest.iad-01.braze.example.com"})
    boto3.client("secretsmanager").put_secret_value(
        SecretId=destination_secret("dev", NAME), SecretString=stored
    )
    loaded_run.write(["a"], destination=NAME)
    with pytest.raises(InvalidInput, match="secret tessera/dev/destinations/braze") as refused:
        poll_load(loaded_run.event, Context())
    assert "made-up" not in str(refused.value)
    assert not workspace.requests
