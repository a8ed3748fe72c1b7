"""What a run says of its customers, as JSON and as CSV."""

from __future__ import annotations

import csv
import io

import pytest

from steps.serve.tables import PRODUCT_COLUMNS, STATISTICS_COLUMNS
from tessera import naming
from tests.lambdas.api.run_of_two import products
from tests.lambdas.api.world import RUNS

PATH = "/v1/segment-statistics"


@pytest.fixture
def token(world):
    return world.keys["acme", "viewer"]


def test_statistics_are_the_runs_and_absent_numbers_are_null_with_a_reason(world, token):
    reply = world.call("GET", PATH, token=token).json
    assert (reply["run_id"], reply["currency"], reply["set"]) == (RUNS["acme"], "EUR", "rfm")
    champions, lost = reply["groups"]
    assert (champions["group"], champions["uuids"], lost["uuids"]) == ("Champions", 1, 2)
    assert sum(group["uuids"] for group in reply["groups"]) == reply["customers"] == 3
    assert (champions["clv_avg"], champions["clv_reason"]) == (None, "Too few buyers.")


def test_the_csv_has_the_same_columns_and_no_formula(world, token):
    for asked in (
        {"path": PATH, "headers": {"accept": "text/csv"}},
        {"path": f"{PATH}.csv"},
    ):
        reply = world.call("GET", **asked, token=token)
        assert reply.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(reply.text)))
        assert tuple(rows[0]) == STATISTICS_COLUMNS
        assert [(row["group"], row["uuids"], row["clv_avg"]) for row in rows] == [
            ("Champions", "1", ""),
            ("Lost", "2", ""),
        ]
        assert rows[0]["meaning"] == "'=1+1"


def test_a_set_or_run_that_is_not_there_is_404(world, token):
    for query in ({"set": "nothing"}, {"run": "e" * 16}, {"run": RUNS["zenith"]}):
        assert world.call("GET", PATH, token=token, query=query).status == 404


def test_before_the_first_run_there_is_nothing_to_read(world, token):
    world.data.objects.clear()
    reply = world.call("GET", PATH, token=token)
    assert (reply.status, reply.json["detail"]) == (404, "There is no finished run here.")


@pytest.mark.parametrize("query", ["sett=rfm", "set=rfm&set=rfm", "run=1", "set=RFM", "key=x"])
def test_parameters_that_are_not_understood_are_refused(world, token, query):
    reply = world.call("GET", PATH, token=token, query=query)
    assert (reply.status, reply.headers["content-type"]) == (422, "application/problem+json")
    assert reply.json["errors"][0]["where"] == f"query.{query.partition('=')[0]}"


def test_an_address_without_a_route_and_a_method_without_one_are_problems(world, token):
    nowhere = world.call("GET", "/v1/nothing", token=token)
    assert (nowhere.status, nowhere.json["status"]) == (404, 404)
    wrong = world.call("DELETE", PATH, token=token)
    assert (wrong.status, wrong.headers["allow"]) == (405, "GET")


def test_every_answer_has_the_headers_and_its_line_names_no_parameter(world, token):
    world.call("GET", "/v1/customers/00000001-0000-8000-8000-000000000000", token=token)
    reply = world.call("GET", PATH, token=token, query={"set": "value_tier"})
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"
    refused, answered = world.lines
    assert (refused["route"], refused["status"]) == ("/v1/customers/{customer_key}", 403)
    assert {name: answered[name] for name in ("method", "route", "status", "tenant")} == {
        "method": "GET", "route": PATH, "status": 200, "tenant": "acme",
    }  # fmt: skip
    assert answered["by"] == f"key:{world.key_id('acme', 'viewer')}"
    assert "00000001" not in str(world.lines)
    assert "value_tier" not in str(world.lines)


def test_a_fault_of_ours_is_a_problem_without_its_cause(world, token, monkeypatch):
    def broken(key):
        raise RuntimeError("customer 17850")

    monkeypatch.setattr(world.data, "exists", broken)
    reply = world.call("GET", PATH, token=token)
    assert (reply.status, reply.headers["content-type"]) == (500, "application/problem+json")
    assert "17850" not in reply.text


def test_a_path_that_an_address_parser_would_change_is_compared_as_it_came(world):
    reply = world.call("DELETE", "/v1/keys/\t", token=world.keys["acme", "admin"])
    assert (reply.status, reply.json["errors"][0]["where"]) == (422, "path.key_id")


def test_products_are_the_runs_as_json_and_as_csv(world, token):
    reply = world.call("GET", "/v1/products", token=token).json
    assert (reply["reason"], reply["currency"]) == (None, "EUR")
    mug, tea = reply["products"]["items"]
    assert (mug["code"], mug["money"], tea["name"], tea["repeat_rate"]) == (
        "M1",
        "40.00",
        None,
        None,
    )
    asked = {"path": "/v1/products", "headers": {"accept": "text/csv"}}
    table = world.call("GET", **asked, token=token)
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert tuple(rows[0]) == PRODUCT_COLUMNS
    assert [(row["code"], row["name"], row["repeat_rate"]) for row in rows] == [
        ("M1", "'=Mug", "1.0"),
        ("T1", "", ""),
    ]


def test_sources_are_those_that_the_run_judged(world, token):
    document = world.data.read_json(naming.run_key("acme", RUNS["acme"], naming.INSIGHTS))
    source = {
        "source": "stream", "arrived_at": "2026-11-22T03:00:00.000+00:00", "last_event_at": None,
        "due_by": None, "is_late": False, "upload": "uploads/acme/stream-2026-11-21/",
        "rows": 9, "refused": 1, "volume": "too_few", "usual_rows": None,
        "refusals": "too_few", "usual_share": None, "compared": 0,
    }  # fmt: skip
    world.data.write_json(
        naming.run_key("acme", "d" * 16, naming.INSIGHTS), {**document, "sources": [source]}
    )
    reply = world.call("GET", "/v1/sources", token=token, query={"run": "d" * 16}).json
    assert reply["items"] == [source]
    assert world.call("GET", "/v1/sources", token=token).json["items"] == []


def test_a_run_without_products_says_what_to_upload(world, token):
    document = world.data.read_json(naming.run_key("acme", RUNS["acme"], naming.INSIGHTS))
    without = {**document, "products": None}
    world.data.write_json(naming.run_key("acme", "f" * 16, naming.INSIGHTS), without)
    asked = {"path": "/v1/products", "query": {"run": "f" * 16}}
    reply = world.call("GET", **asked, token=token).json
    assert reply["products"] is None
    assert "ProductCode" in reply["reason"]
    asked["headers"] = {"accept": "text/csv"}
    header = ",".join(PRODUCT_COLUMNS) + "\r\n"
    assert world.call("GET", **asked, token=token).text == header


def test_the_most_bought_products_are_those_with_most_buyers():
    assert [one.code for one in products("acme").most_bought[:1]] == ["T1"]


def test_every_set_has_its_own_movement(world):
    def read(**query):
        token = world.keys["acme", "viewer"]
        return world.call("GET", "/v1/transitions", token=token, query=query)

    rfm = read().json
    assert (rfm["set"], rfm["movement"]) == ("rfm", None)
    tier = read(set="value_tier").json
    assert tier["set"] == "value_tier"
    assert tier["movement"]["moves"] == [
        {"from": "Low", "to": "High", "cause": "own_behaviour", "customers": 3}
    ]
    assert [flow["in_by_cause"] for flow in tier["flows"]] == [{"own_behaviour": 3}, {}]
    new = read(set="own").json
    assert (new["movement"], new["flows"]) == (None, [])
    assert read(set="nothing").status == 404
