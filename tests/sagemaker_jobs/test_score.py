"""The scoring job, run as its container runs it, and what it leaves behind."""

from __future__ import annotations

import datetime as dt
import json
import tarfile
import uuid
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.aws.container import Container, read_json, write_json
from adapters.stores.digests import sha256_of
from adapters.tables.parquet import arrow_schema, read_table, write_table
from adapters.tables.profiles import CLICKS
from steps.score.run import ScoreRun
from steps.score.step import score as score_step
from tessera.contracts.tables import (
    BEHAVIOUR_DAYS,
    CUSTOMER_PRODUCTS,
    CUSTOMERS,
    PREVIOUS,
    PROFILES,
    SUBSCRIPTIONS,
)
from tessera.customers.clusters.fitting import fit_clusters
from tessera.customers.money import Ints
from tessera.customers.units import MINOR
from tessera.errors import InvalidInput
from tessera.naming import PROSPECT
from tessera.records.codec import encode
from tessera.settings import RunSettings
from tests.job_process import run_job
from tests.tickets import prepared_json, ticket_json
from tests.training_job import learn

AS_OF = dt.date(2024, 3, 1)
NOON = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)
PARTITION = "as_of=2024-03-01/run=r1"


def customer(number: int, *, days: int, orders: int, money: str, views: int = 0) -> dict[str, Any]:
    last = NOON - dt.timedelta(days=days)
    bought = orders > 0
    return {
        "customer_key": str(uuid.uuid5(uuid.NAMESPACE_OID, str(number))),
        "first_purchase_at": last - dt.timedelta(days=orders - 1) if bought else None,
        "last_purchase_at": last if bought else None,
        "last_event_at": last,
        "recency_days": days if bought else None,
        "frequency": orders,
        "monetary": Decimal(money).quantize(Decimal("0.0001")),
        "tenure_days": days + orders - 1 if bought else None,
        "views": views,
        "events": orders + views,
        "purchase_days": orders,
        "first_day_monetary": (Decimal(money) / max(orders, 1)).quantize(Decimal("0.0001")),
        "last_day_monetary": (Decimal(money) / max(orders, 1)).quantize(Decimal("0.0001")),
        "gap_squares": max(orders - 1, 0),
        "lines": orders,
        **{
            f"purchase_days_{each}d": len(range(days, min(days + orders, each + 1)))
            for each in (30, 90, 180)
        },
        "visits": views,
        **{f"{name}_30d": views if days <= 30 else 0 for name in ("visits", "views", "sessions")},
        "sessions": views,
        "last_view_days": days if views else None,
        "emails_read": 0,
        "emails_30d": 0,
        "last_email_days": None,
    }


def shop(size: int = 300) -> list[dict[str, Any]]:
    """A deterministic shop: buyers of all kinds, refunds, and a tenth who only looked."""
    draw = np.random.default_rng(11)
    return [
        customer(
            number,
            days=int(draw.integers(1, 366)),
            orders=0 if number % 10 == 0 else min(40, 1 + int(draw.pareto(1))),
            money="0" if number % 10 == 0 else f"{draw.uniform(-20, 900):.4f}",
            views=int(draw.integers(1, 10)),
        )
        for number in range(size)
    ]


def model_for(rows: list[dict[str, Any]], k: int) -> dict[str, Any]:
    buyers = [row for row in rows if row["frequency"]]

    def column(name: str, unit: int = 1) -> Ints:
        return pd.Series([int(row[name] * unit) for row in buyers], dtype="int64").to_numpy()

    model = fit_clusters(
        recency_days=column("recency_days"),
        frequency=column("frequency"),
        monetary=column("monetary", MINOR),
        customers=pd.Series(1, index=range(len(buyers)), dtype="int64").to_numpy(),
        k=k,
        seed=18,
    )
    return encode(model)


def container(root: Path, rows: list[dict[str, Any]], *, k: int = 4, **settings: Any) -> Container:
    made = Container({"ML_ROOT": str(root)})
    table = pa.Table.from_pylist(rows, arrow_schema(CUSTOMERS))
    write_table(made.input("customers") / "part-0.parquet", table, CUSTOMERS)
    write_json(made.input("ticket") / "ticket.json", ticket_json(settings=settings))
    write_json(made.input("record") / "prepare.json", prepared_json(as_of=AS_OF))
    empty = {
        "behaviour_days": BEHAVIOUR_DAYS, "details/subscriptions": SUBSCRIPTIONS,
        "details/customer_products": CUSTOMER_PRODUCTS, "previous": PREVIOUS,
    }  # fmt: skip
    for name, contract in empty.items():
        nothing = arrow_schema(contract).empty_table()
        write_table(made.input(name) / "part-0.parquet", nothing, contract)
    write_json(made.input("previous") / "previous.json", {"run_id": None})
    model = write_json(root / "model.json", model_for(rows, k))
    made.input("model").mkdir(parents=True)
    with tarfile.open(made.input("model") / "model.tar.gz", "w:gz") as archive:
        archive.add(model, "model.json")
    return made


def score(made: Container) -> dict[str, Any]:
    """Learn and score in this process. Return score.json."""
    learn(made)
    return encode(score_step(ScoreRun.open(made)))


def profiles(made: Container) -> list[dict[str, Any]]:
    return read_table(made.output("profiles") / PARTITION / "part-0.parquet").to_pylist()


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    made = container(tmp_path_factory.mktemp("ml"), shop())
    learn(made)
    done = run_job(made.root, "score")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    line = json.loads(done.stdout)
    counted = {name: line[name] for name in ("customers", "segments", "clusters", "published")}
    assert counted == {"customers": 300, "segments": 12, "clusters": 4, "published": "no model"}
    return made


def test_profiles_follow_the_contract_in_key_order(scored):
    file = pq.ParquetFile(scored.output("profiles") / PARTITION / "part-0.parquet")
    assert file.schema_arrow.equals(arrow_schema(PROFILES))
    keys = [row["customer_key"] for row in profiles(scored)]
    assert keys == sorted(row["customer_key"] for row in shop())


def test_every_profile_says_what_its_customer_did(scored):
    expected = {row["customer_key"]: row for row in shop()}
    for row in profiles(scored):
        source = expected[row["customer_key"]]
        copied = ("first_purchase_at", "last_purchase_at", "recency_days", "frequency", *CLICKS)
        assert [row[name] for name in copied] == [source[name] for name in copied]
        cent = Decimal("0.01")
        assert row["monetary"] == source["monetary"].quantize(cent, ROUND_HALF_UP)
        orders = source["frequency"]
        mean = (source["monetary"] / orders).quantize(cent, ROUND_HALF_UP) if orders else None
        assert row["mean_order_value"] == mean
        assert row["as_of"] == AS_OF


def test_scores_and_segments_hang_together(scored):
    for row in profiles(scored):
        digits = (row["r_score"], row["f_score"], row["m_score"])
        if row["frequency"]:
            assert row["rfm_score"] == "".join(map(str, digits))
            assert row["segment"] != PROSPECT
            assert 1 <= row["cluster"] <= 4
        else:
            assert (row["rfm_score"], row["cluster"], *digits) == (None,) * 5
            assert row["segment"] == PROSPECT


def test_the_record_adds_up_to_the_profiles(scored):
    record = read_json(scored.output("score") / "score.json")
    frame = pd.DataFrame(profiles(scored))
    sizes = frame.groupby("segment").size().to_dict()
    rows = {row["label"]: row for row in record["segments"]}
    assert {label: row["customers"] for label, row in rows.items() if row["customers"]} == sizes
    medians = frame[frame["frequency"] > 0].groupby("segment")["recency_days"].median()
    assert {label: rows[label]["median_recency_days"] for label in medians.index} == dict(medians)
    clusters = frame.groupby("cluster").size()
    assert {row["rank"]: row["customers"] for row in record["clusters"]} == clusters.to_dict()
    total = sum((row["monetary"] for row in shop()), Decimal(0))
    assert Decimal(record["monetary"]) == total.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert (record["as_of"], record["preset"], record["scale"]) == ("2024-03-01", "classic-11", 5)


def test_the_record_lists_what_was_read_and_written(scored):
    record = read_json(scored.output("score") / "score.json")
    part = scored.output("profiles") / PARTITION / "part-0.parquet"
    profiles, transitions, cards = record["outputs"]
    assert profiles == {
        "key": f"tenants/default/profiles/{PARTITION}/part-0.parquet",
        "bytes": part.stat().st_size,
        "sha256": sha256_of(part),
    }
    assert transitions["key"] == f"tenants/default/transitions/{PARTITION}/part-0.parquet"
    assert cards["key"] == f"tenants/default/model_cards/{PARTITION}/part-0.parquet"
    assert [row["key"] for row in record["inputs"]] == [
        f"tenants/default/runs/r1/{name}/part-0.parquet"
        for name in ("customers", "details/subscriptions", "details/customer_products", "previous")
    ]


def test_shuffled_customers_give_the_same_bytes(scored, tmp_path):
    again = container(tmp_path, sorted(shop(), key=lambda row: row["monetary"]))
    score_twice = json.loads(json.dumps(score(again)))
    first = read_json(scored.output("score") / "score.json")
    for record in (first, score_twice):
        record.pop("timings")
        record.pop("inputs")
    assert score_twice == first


def test_wrong_input_is_left_where_sagemaker_reads_it(tmp_path, call_job):
    made = container(tmp_path, shop(30), preset="eleven")
    done = call_job("score", env={"ML_ROOT": str(made.root)})
    assert done.returncode == 1
    message = json.loads((tmp_path / "output" / "message").read_text())
    assert message["error"] == "InvalidInput"
    assert "preset 'eleven' is unknown" in message["message"]
    assert not made.output("score").exists()


@pytest.mark.parametrize("preset", ["grid-10", "nine", "aws-guidance"])
def test_every_preset_labels_everyone(tmp_path, preset):
    made = container(tmp_path, shop(60), preset=preset)
    record = score(made)
    assert record["preset"] == preset
    labels = {row["label"] for row in record["segments"]}
    assert {row["segment"] for row in profiles(made)} <= labels
    scored_lookers = [row["rfm_score"] for row in profiles(made) if not row["frequency"]]
    assert all(scored_lookers) == (preset == "aws-guidance")


def test_an_own_definition_replaces_the_preset(tmp_path):
    text = {"meaning": "Simple.", "action": "Write."}
    own = {
        "name": "halves",
        "meaning": "By money.",
        "scale": 2,
        "thresholds": {"monetary": ["100"]},
        "segment": [
            {"label": "Over 100", "cells": ["**2"], **text},
            {"label": "Up to 100", "cells": ["**1"], **text},
        ],
    }
    money = ["100", "100.0001", "5"]
    rows = [customer(n, days=5, orders=1, money=amount) for n, amount in enumerate(money)]
    made = container(tmp_path, rows, definition=own)
    record = score(made)
    by_key = {row["customer_key"]: row["segment"] for row in profiles(made)}
    assert [by_key[row["customer_key"]] for row in rows] == ["Up to 100", "Over 100", "Up to 100"]
    assert record["thresholds"]["monetary"] == [100.0]


def test_who_only_looked_makes_a_run_without_scores(tmp_path):
    rows = [customer(n, days=5, orders=0, money="0", views=2) for n in range(3)]
    made = container(tmp_path, rows)
    record = score(made)
    assert {row["segment"] for row in profiles(made)} == {PROSPECT}
    assert (record["buyers"], record["clusters"]) == (0, [])
    assert record["warnings"][0] == "nobody has bought anything yet: there are no scores"


def test_one_customer_and_none(tmp_path):
    one = container(tmp_path / "one", [customer(1, days=5, orders=1, money="9.99")])
    assert score(one)["customers"] == 1
    assert [row["cluster"] for row in profiles(one)] == [1]
    none = container(tmp_path / "none", [])
    assert score(none)["customers"] == 0
    assert profiles(none) == []


def test_an_archive_without_a_model_is_refused(tmp_path):
    made = container(tmp_path, shop(10))
    archive = made.input("model") / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as empty:
        empty.add(made.root / "model.json", "other.json")
    with pytest.raises(InvalidInput, match=r"holds no model\.json"):
        score(made)
    archive.unlink()
    with pytest.raises(InvalidInput, match=r"no model\.tar\.gz"):
        score(made)


def after(made: Container, root: Path, rows: list[dict[str, Any]], **settings: Any) -> Container:
    """Return the container of a run on the same day after another one."""
    again = container(root, rows, **settings)
    record = read_json(made.output("score") / "score.json")
    profiles = read_table(made.output("profiles")).to_pylist()
    labels = {row["customer_key"]: row["segment"] for row in profiles}
    previous = [
        {
            "customer_key": row["customer_key"],
            "segment": labels.get(row["customer_key"]),
            **{
                f"corrected_{name}": row[name]
                for name in ("recency_days", "frequency", "monetary", "last_event_at", "events")
            },
        }
        for row in rows
    ]
    table = pa.Table.from_pylist(previous, arrow_schema(PREVIOUS))
    write_table(again.input("previous") / "part-0.parquet", table, PREVIOUS)
    previous_run = {"run_id": "r0", "as_of": AS_OF.isoformat(), "days": 0, "same_period": True}
    kept = {name: record[name] for name in ("thresholds", "sets", "models")}
    settings_then = RunSettings().to_dict()
    write_json(
        again.input("previous") / "previous.json",
        {**previous_run, **kept, "settings": settings_then},
    )
    return again


def richer(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let the second half of the shop spend ten times as much, in the past already."""
    half = len(rows) // 2
    return [
        {**row, "monetary": row["monetary"] * 10, "first_day_monetary": row["first_day_monetary"]}
        if place >= half
        else row
        for place, row in enumerate(rows)
    ]


def test_equal_customers_stay_where_they_are(scored, tmp_path):
    record = score(after(scored, tmp_path, shop()))
    movement = record["movement"]
    assert (movement["stayed"], movement["moved"]) == (300, 0)
    assert record["previous"] == {"run_id": "r0", "as_of": AS_OF.isoformat()}
    assert read_table(tmp_path / "processing/output/transitions").num_rows == 0


def test_corrected_data_move_customers_and_trip_the_breaker(scored, tmp_path):
    record = score(after(scored, tmp_path, richer(shop()), breaker_limit=0.1))
    causes = {row["cause"]: row["customers"] for row in record["movement"]["causes"]}
    assert causes["data_corrected"] > 0
    assert causes["own_behaviour"] == causes["time_passing"] == causes["definition_changed"] == 0
    assert record["breaker"]["waits"]
    rows = read_table(tmp_path / "processing/output/transitions").to_pylist()
    assert len(rows) == record["movement"]["moved"]
    assert {*record["set_movements"]} == {one["name"] for one in record["breaker"]["sets"]}
    for one in record["breaker"]["sets"]:
        movement = record["set_movements"][one["name"]]
        assert movement["stayed"] + movement["moved"] == one["customers"]
        assert {row["cause"]: row["moved"] for row in movement["causes"]} == one["causes"]
        sizes = {row["label"]: row["after"] for row in movement["segments"] if row["after"]}
        groups = record["groups"][one["name"]]
        assert sizes == {group["group"]: group["uuids"] for group in groups if group["uuids"]}


def test_frozen_thresholds_are_the_run_befores(scored, tmp_path):
    first = read_json(scored.output("score") / "score.json")
    moved = score(after(scored, tmp_path / "moved", richer(shop())))
    frozen = score(after(scored, tmp_path / "frozen", richer(shop()), freeze_thresholds=True))
    assert moved["thresholds"]["monetary"] != first["thresholds"]["monetary"]
    # Whole numbers compare with a quantile as with its floor, which is what is kept.
    for name, unit in (("recency", 1), ("frequency", 1), ("monetary", 1e-4)):
        kept = [pytest.approx(value, abs=unit) for value in first["thresholds"][name]]
        assert frozen["thresholds"][name] == kept
    assert frozen["sets"]["value_tier"]["edges"] == first["sets"]["value_tier"]["edges"]


# ---- subscriptions -----------------------------------------------------------------------------


def subscribers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let everyone subscribe: each leaves with an individual chance every thirty days."""
    draw = np.random.default_rng(4)
    subscriptions = []
    for row in rows:
        begun = int(draw.integers(1, 500))
        left = 30 * int(draw.geometric(max(draw.beta(0.8, 3.0), 1e-3))) + int(draw.integers(0, 3))
        ended = begun - left if left < begun else None
        days = {"begun_days_ago": begun, "ended_days_ago": ended}
        subscriptions.append({"customer_key": row["customer_key"], **days})
    return sorted(subscriptions, key=lambda row: row["customer_key"])


def with_subscriptions(made: Container, rows: list[dict[str, Any]]) -> Container:
    table = pa.Table.from_pylist(rows, arrow_schema(SUBSCRIPTIONS))
    write_table(made.input("details/subscriptions") / "part-0.parquet", table, SUBSCRIPTIONS)
    return made


def test_a_shop_of_subscribers_has_retention_and_chances_to_cancel(tmp_path):
    rows = shop(3_000)
    subscriptions = subscribers(rows)
    made = with_subscriptions(
        container(tmp_path, rows, segment_sets=["cancel_band"]), subscriptions
    )
    record = json.loads(json.dumps(score(made)))
    assert record["churn"] is None
    retention = record["retention"]
    running = {row["customer_key"]: row for row in subscriptions if row["ended_days_ago"] is None}
    assert (retention["decision"], retention["subscribers"]) == ("publish", 3_000)
    assert retention["active"] == len(running)
    assert retention["gave"] == {"attributes": 0, "retention": len(running)}
    chances = {row["customer_key"]: row["p_cancel_30d"] for row in profiles(made)}
    assert {key for key, chance in chances.items() if chance is not None} == running.keys()
    by_age = sorted(running, key=lambda key: running[key]["begun_days_ago"])
    in_order = [chances[key] for key in by_age]
    assert in_order == sorted(in_order, reverse=True)  # who is there for long stays
    assert {row["cancel_band"] for row in profiles(made)} > {"No Subscription"}


def test_a_years_subscription_is_cancelled_at_its_end(tmp_path):
    rows = shop(1_000)
    subscriptions = [
        {**row, **{name: row[name] and 12 * row[name] for name in row if name.endswith("_ago")}}
        for row in subscribers(rows)
    ]
    made = container(tmp_path, rows, subscription_period_days=360)
    record = score(with_subscriptions(made, subscriptions))
    assert (record["retention"]["period_days"], record["retention"]["decision"]) == (360, "publish")
    begun = {row["customer_key"]: row["begun_days_ago"] for row in subscriptions}
    for row in profiles(made):
        if row["p_cancel_30d"] is not None:
            due = (begun[row["customer_key"]] - 1) % 360 >= 330
            assert (row["p_cancel_30d"] > 0) == due


def test_few_subscribers_have_no_chances_and_a_reason(tmp_path):
    rows = shop(60)
    made = with_subscriptions(container(tmp_path, rows), subscribers(rows))
    retention = score(made)["retention"]
    assert (retention["decision"], retention["gave"]["retention"]) == ("withhold", 0)
    assert "60 customers have subscribed, 100 are needed" in retention["reason"]
    assert {row["p_cancel_30d"] for row in profiles(made)} == {None}
