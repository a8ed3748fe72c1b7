"""How many customers are in memory at a time leaves no trace in what a run writes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from adapters.aws.container import Container, read_json, write_json
from adapters.tables import column_files, joint_labels
from adapters.tables.parquet import arrow_schema, read_table, write_table
from steps.score.run import ScoreRun
from steps.score.step import score
from tessera.contracts.tables import CUSTOMERS, PREVIOUS
from tessera.customers import order_statistics
from tessera.records.codec import encode
from tessera.records.scoring.forecast_models import ForecastModels
from tessera.records.scoring.loyalty import LearntLoyalty
from tessera.segments import groups, scoring
from tessera.settings import RunSettings
from tests import learnt
from tests.behaviour import SMALL, of_shop, snapshot
from tests.sagemaker_jobs.test_score import (
    AS_OF,
    container,
    shop,
    subscribers,
    with_subscriptions,
)
from tests.tickets import ticket_json

ROWS = 700
SMALL_BLOCK = 97
CUTS = (  # what is in memory at once of a large shop, and here of a small one
    (order_statistics, "_FEW", 100),
    (scoring, "_BLOCK", 200),
    (groups, "_CHUNK", 190),
    (joint_labels, "_BLOCK", 210),
    (column_files, "_AT_ONCE", 230),
)
HISTORY = ("recency_days", "frequency", "monetary", "last_event_at", "events")
OWN = {
    "spenders": {
        "name": "spenders", "prefix": "Spender", "meaning": "By orders to come, or money.",
        "label": [{"label": each, "meaning": "So.", "action": "Do."} for each in ("Big", "Small")],
        "empty": {"label": "None", "meaning": "None.", "action": "Do."},
        "rule": [
            {"column": column, "by": "quantile",
             "ranges": {"Big": {"from": 0.3}, "Small": {"below": 0.3}}}
            for column in ("expected_orders_365d", "monetary")
        ],
    }
}  # fmt: skip
EVERY_SET = ["value_tier", "churn_band", "cancel_band", "cluster", "spenders", "loyalty_3",
             "value_at_risk"]  # fmt: skip
THEN = [*EVERY_SET[:4], "loyalty_3"]  # the sets of the run before


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Container:
    """A shop's inputs, with models that publish figures."""
    made = container(tmp_path_factory.mktemp("inputs"), shop(ROWS))
    put_models(made, learnt.verdicts())
    return made


@pytest.fixture(scope="module")
def previous(inputs: Container, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder ``previous`` of a run on the same shop after another one, which labelled otherwise."""
    first = outputs(inputs, tmp_path_factory.mktemp("first"), ROWS, segment_sets=THEN)
    folder = tmp_path_factory.mktemp("previous")
    write_table(folder / "part-0.parquet", _compared(inputs, first), PREVIOUS)
    record = read_json(first / "score" / "score.json")
    then = {"run_id": "r0", "as_of": (AS_OF - dt.timedelta(days=7)).isoformat(), "days": 7}
    kept = {name: record[name] for name in ("thresholds", "sets", "models")}
    settings = RunSettings.parse({"segment_sets": THEN}).to_dict()
    document = {**then, **kept, "same_period": True, "settings": settings}
    write_json(folder / "previous.json", document)
    return folder


def put_models(made: Container, verdicts: Any, *, loyalty: LearntLoyalty = learnt.LOYALTY) -> None:
    at = snapshot(of_shop(SMALL).until(170))
    models = ForecastModels(
        **{**vars(learnt.models(at, verdicts)), "loyalty": loyalty},
        learnt_as_of=AS_OF, reused=False, drift=None, terms="",
    )  # fmt: skip
    folder = made.input("forecasts")
    folder.mkdir(exist_ok=True)
    path = write_json(made.root / "forecasts.json", encode(models))
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        archive.add(path, "forecasts.json")


def _compared(inputs: Container, first: Path) -> pa.Table:
    """PREVIOUS: some customers are new, some have gone, many had another label."""
    customers = read_table(inputs.input("customers")).sort_by("customer_key").to_pylist()
    profiles = read_table(first / "profiles").to_pylist()
    rows = []
    for place, row in enumerate(customers):
        known = place % 9 != 0
        other = profiles[(place + place % 3) % len(profiles)]
        history = {f"{step}_{name}": row[name] for step in ("corrected", "behaved", "aged")
                   for name in HISTORY}  # fmt: skip
        rows.append(
            {
                "customer_key": row["customer_key"],
                "segment": other["segment"] if known else None,
                "published_labels": other["labels"] if known else None,
                **{f"published_{name}": other[name] if known else None for name in HISTORY[:3]},
                **(history if known or place % 2 else {}),
            }
        )
    gone = {"segment": "Loyal", "published_labels": '{"value_tier": "Odd"}'}
    rows += [{"customer_key": f"{place:036x}", **gone} for place in range(0, 16**4, 1_000)]
    table = pa.Table.from_pylist(rows, arrow_schema(PREVIOUS))
    return table.take(pa.array(np.random.default_rng(4).permutation(len(table))))


def outputs(inputs: Container, root: Path, rows: int, **settings: Any) -> Path:
    """Score some customers at a time. Return the folder of the outputs."""
    made = Container({"ML_ROOT": str(root)})
    shutil.copytree(inputs.input("model").parent, made.input("model").parent, dirs_exist_ok=True)
    write_json(made.input("ticket") / "ticket.json", ticket_json(settings=settings))
    score(dataclasses.replace(ScoreRun.open(made), block_rows=rows))
    return made.output("profiles").parent


def contents(folder: Path) -> dict[str, Any]:
    """All that was written, but for the times taken."""
    record = read_json(folder / "score" / "score.json")
    record.pop("timings")
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}
    return {**files, "score.json": record}


def assert_no_trace(inputs: Container, root: Path, **settings: Any) -> dict[str, Any]:
    whole = contents(outputs(inputs, root / "whole", 100_000, **settings))
    with pytest.MonkeyPatch.context() as patch:
        for module, name, most in CUTS:
            patch.setattr(module, name, most)
        blocks = contents(outputs(inputs, root / "blocks", SMALL_BLOCK, **settings))
    assert blocks == whole
    return whole["score.json"]


@pytest.mark.parametrize(
    "settings",
    [
        {"segment_sets": EVERY_SET, "sets": OWN},
        {"preset": "aws-guidance", "margin": 0.5, "clv_horizon_days": 730},
        {"preset": "grid-10"},
    ],
)
def test_a_first_run(inputs, tmp_path, settings):
    record = assert_no_trace(inputs, tmp_path, **settings)
    assert set(record["totals"]) == {"orders", "money", "clv"}
    assert record["sets"]["value_tier"]["column"] == "clv_365d"


def test_groups_of_loyalty_are_cut_at_the_20th_and_80th_percentile(inputs, tmp_path):
    folder = outputs(inputs, tmp_path, SMALL_BLOCK, segment_sets=["loyalty_3"])
    rows = read_table(folder / "profiles").to_pylist()
    scores = sorted(row["loyalty_score"] for row in rows if row["loyalty_score"] is not None)
    low, high = scores[len(scores) // 5 - 1], scores[len(scores) * 4 // 5 - 1]
    for row in rows:
        score = row["loyalty_score"]
        assert (score is None) == (row["frequency"] == 0)
        group = (
            "Not Scored" if score is None
            else "At Risk" if score <= low
            else "Regular" if score <= high
            else "Highly Loyal"
        )  # fmt: skip
        assert row["loyalty_3"] == group == json.loads(row["labels"])["loyalty_3"]
    record = read_json(folder / "score" / "score.json")
    assert record["sets"]["loyalty_3"]["edges"] == [low, high]


def test_a_score_of_loyalty_that_lost_to_recency_labels_nobody(inputs, tmp_path):
    made = Container({"ML_ROOT": str(tmp_path / "inputs")})
    shutil.copytree(inputs.root, made.root)
    lost = dataclasses.replace(learnt.LOYALTY, published=False, reasons=("it lost",))
    put_models(made, learnt.verdicts(), loyalty=lost)
    folder = outputs(made, tmp_path / "out", ROWS, segment_sets=["loyalty_3"])
    rows = read_table(folder / "profiles").to_pylist()
    assert {(row["loyalty_score"], row["loyalty_3"]) for row in rows} == {(None, "Not Scored")}
    record = read_json(folder / "score" / "score.json")
    assert record["models"]["loyalty"]["reasons"] == ["it lost"]
    assert record["sets"]["loyalty_3"]["withheld"] == ["loyalty_score"]


@pytest.mark.parametrize("grade", ["ranking", "none"])
def test_forecasts_that_are_not_shown_in_figures(inputs, tmp_path, grade):
    made = Container({"ML_ROOT": str(tmp_path / "inputs")})
    shutil.copytree(inputs.root, made.root)
    put_models(made, learnt.verdicts(grade, no_order=grade, money=grade))
    record = assert_no_trace(made, tmp_path)
    ranked = {"ranking": "value_tenth", "none": "historic_value"}
    assert record["sets"]["value_tier"]["column"] == ranked[grade]


@pytest.mark.parametrize(
    ("settings", "same_period"),
    [
        ({"segment_sets": EVERY_SET, "sets": OWN}, True),
        ({"freeze_thresholds": True}, True),
        ({"preset": "nine"}, True),
        ({"preset": "aws-guidance"}, False),
        ({}, False),
    ],
)
def test_a_run_after_another(inputs, previous, tmp_path, settings, same_period):
    made = Container({"ML_ROOT": str(tmp_path / "inputs")})
    shutil.copytree(inputs.root, made.root)
    shutil.copytree(previous, made.input("previous"), dirs_exist_ok=True)
    then = read_json(previous / "previous.json") | {"same_period": same_period}
    write_json(made.input("previous") / "previous.json", then)
    record = assert_no_trace(made, tmp_path, **settings)
    movement = record["movement"]
    assert min(movement[each] for each in ("moved", "entered", "left")) > 0
    assert "Odd" in record["set_movements"]["value_tier"]["labels"]
    if "loyalty_3" in settings.get("segment_sets", ()):
        moves = record["set_movements"]["loyalty_3"]
        assert moves["moved"] > 0
        assert {"Highly Loyal", "Regular", "At Risk"} <= set(moves["labels"])


def test_chances_to_cancel(inputs, tmp_path):
    made = Container({"ML_ROOT": str(tmp_path / "inputs")})
    shutil.copytree(inputs.root, made.root)
    with_subscriptions(made, subscribers(shop(ROWS)))
    record = assert_no_trace(made, tmp_path, segment_sets=["cancel_band"])
    assert record["retention"]["gave"]["retention"] > 0


def test_files_in_any_order(inputs, tmp_path):
    made = Container({"ML_ROOT": str(tmp_path / "inputs")})
    shutil.copytree(inputs.root, made.root)
    folder = made.input("customers")
    rows = read_table(folder).sort_by("customer_key")
    shutil.rmtree(folder)
    write_table(folder / "part-0.parquet", rows.slice(300), CUSTOMERS)
    write_table(folder / "part-1.parquet", rows.slice(0, 300), CUSTOMERS)
    turned = contents(outputs(made, tmp_path / "turned", SMALL_BLOCK))
    straight = contents(outputs(inputs, tmp_path / "straight", ROWS))
    for each in (turned, straight):
        each["score.json"].pop("inputs")
    assert turned == straight
