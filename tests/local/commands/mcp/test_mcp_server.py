"""The tools of an assistant: they only read, every answer names its run, a mistake is explained."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from typing import Any

import pytest
from mcp import Client

from local.commands.mcp.server import server
from local.commands.mcp.sources import ApiSource
from tessera.errors import InvalidInput
from tessera.records.codec import encode
from tests.insights.conftest import shop_records  # noqa: F401 (a fixture)
from tests.insights.made import groups_of, insights_of

KEY = "43e7b74d-847b-8f1c-92b5-b64e32a49bf0"
EACH = {
    "overview": {},
    "segment_statistics": {"set_name": "value_at_risk"},
    "who_moved": {},
    "trust_in_forecasts": {},
    "explain_customer": {"customer_key": KEY},
}


class FakeApi:
    """What an API answers of two runs."""

    def __init__(self, *runs) -> None:
        self._runs = {run.run_id: run for run in runs}

    def get(self, path: str, **query: str | None) -> Any:
        run = query.get("run") or next(iter(self._runs))
        if run not in self._runs:
            raise InvalidInput("There is no finished run of this id here.")
        if path == "/v1/insights":
            return json.loads(json.dumps(encode(self._runs[run])))
        if path == f"/v1/customers/{KEY}":
            return {"run_id": run, "explanation": {"customer_key": KEY, "segment": "Champions"}}
        assert path == "/v1/runs"
        states = [{"status": "SUCCEEDED", "run_id": one} for one in self._runs]
        failed = {"status": "FAILED", "run_id": "f" * 16}
        rest = {"finished_at": "2011-12-10T00:00:00Z", "upload": None}
        return {"items": [each | rest for each in [failed, *states]]}


@pytest.fixture
def runs(shop_records):  # noqa: F811
    """A run, and the one before it."""
    score = encode(shop_records("online_retail").score)
    later = insights_of(shop_records("online_retail", score={"groups": groups_of(score)}))
    day = later.previous
    return later, dataclasses.replace(later, run_id=day.run_id, as_of=day.as_of, previous=None)


def called(runs, name: str, arguments: dict[str, Any]) -> Any:
    async def call() -> Any:
        async with Client(server(ApiSource(FakeApi(*runs)))) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(call())


def test_every_tool_only_reads(runs):
    async def tools() -> Any:
        async with Client(server(ApiSource(FakeApi(*runs)))) as client:
            return (await client.list_tools()).tools

    listed = asyncio.run(tools())
    assert {tool.name for tool in listed} == {*EACH, "runs", "compare_runs"}
    assert all(tool.annotations.read_only_hint for tool in listed)
    assert not any(tool.annotations.destructive_hint for tool in listed)
    assert all(len(tool.description) > 40 for tool in listed)


@pytest.mark.parametrize("name", EACH)
def test_an_answer_names_its_run_the_latest_without_another(runs, name):
    later, earlier = runs
    assert called(runs, name, EACH[name]).structured_content["run_id"] == later.run_id
    older = called(runs, name, {**EACH[name], "run_id": earlier.run_id}).structured_content
    assert older["run_id"] == earlier.run_id


def test_figures_are_the_runs_own(runs):
    later, _ = runs
    statistics = called(runs, "segment_statistics", {}).structured_content
    assert statistics["groups"] == encode(later.sets["rfm"])["groups"]
    assert sum(group["uuids"] for group in statistics["groups"]) == later.overview.customers
    overview = called(runs, "overview", {}).structured_content
    assert overview["overview"] == encode(later.overview)


def test_only_finished_runs_are_listed(runs):
    listed = called(runs, "runs", {}).structured_content["runs"]
    assert [run["run_id"] for run in listed] == [run.run_id for run in runs]


def test_runs_are_compared_with_their_causes(runs):
    later, earlier = runs
    made = called(
        runs, "compare_runs", {"before_run_id": earlier.run_id, "after_run_id": later.run_id}
    ).structured_content
    assert made["before"]["run_id"] == earlier.run_id
    assert made["after"]["run_id"] == later.run_id
    assert made["flows"] == encode(later)["flows"]


def test_a_run_without_an_earlier_one_says_so(runs):
    later, _ = runs
    first = dataclasses.replace(later, previous=None, movement=None, flows=())
    assert "no earlier one" in called([first], "who_moved", {}).structured_content["note"]


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("overview", {"run_id": "0" * 16}, "no finished run"),
        ("segment_statistics", {"set_name": "tiers"}, "no set 'tiers': rfm"),
        ("explain_customer", {"customer_key": "../runs"}, "expected a customer_key"),
    ],
)
def test_a_mistake_is_explained(runs, name, arguments, words):
    answer = called(runs, name, arguments)
    assert answer.is_error
    assert words in answer.content[0].text
