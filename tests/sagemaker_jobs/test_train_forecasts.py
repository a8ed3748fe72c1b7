"""The training job of the forecasts, run as its container runs it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import uuid
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from adapters.aws.container import Container, write_json
from adapters.tables.parquet import arrow_schema, write_table
from steps.train.forecasts import learn_forecasts
from tessera.contracts.tables import BEHAVIOUR_DAYS
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode
from tessera.records.scoring.forecast_models import ForecastModels
from tessera.settings import RunSettings
from tests.job_process import run_job
from tests.tickets import prepared_json, ticket_json

AS_OF = dt.date(2024, 3, 1)


def days_of(draw):
    """Return what one customer did: a purchase on some days within a year."""
    key, money = str(uuid.UUID(bytes=draw.bytes(16))), Decimal(int(draw.integers(1, 900)))
    ago = sorted({int(day) for day in draw.integers(1, 366, 1 + int(draw.pareto(1)))}, reverse=True)
    nothing = {"views": 0, "sessions": 0, "emails": 0}
    return [
        {"customer_key": key, "days_ago": day, "bought": 1, "net": money, "lines": 1, **nothing}
        for day in ago
    ]


def buyers(count=400):
    draw = np.random.default_rng(5)
    return [row for _ in range(count) for row in days_of(draw)]


def richer(rows):
    half = len(rows) // 2
    return [
        {**row, "net": row["net"] * 10} if place >= half else row for place, row in enumerate(rows)
    ]


def container(root, rows, *, before=None, **settings):
    made = Container({"ML_ROOT": str(root)})
    table = pa.Table.from_pylist(rows, arrow_schema(BEHAVIOUR_DAYS))
    write_table(made.channel("behaviour_days") / "part-0.parquet", table, BEHAVIOUR_DAYS)
    write_json(made.channel("ticket") / "ticket.json", ticket_json(settings=settings))
    write_json(made.channel("record") / "prepare.json", prepared_json(as_of=AS_OF))
    previous = {"run_id": None} if before is None else previous_json(before)
    write_json(made.channel("previous") / "previous.json", previous)
    return made


def previous_json(models):
    return {
        "run_id": "r0", "as_of": AS_OF.isoformat(), "days": 0, "same_period": True,
        "settings": RunSettings().to_dict(), "thresholds": {}, "sets": {},
        "models": encode(models),
    }  # fmt: skip


def test_behaviour_becomes_models(tmp_path):
    container(tmp_path, buyers())
    done = run_job(tmp_path, "train_forecasts")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    document = json.loads((tmp_path / "model" / "forecasts.json").read_text())
    record = decode(ForecastModels, document, document="forecasts.json")
    assert (record.reused, record.learnt_as_of, record.published) == (False, AS_OF, None)
    assert record.reasons == (
        "the history is too short to hold out four weeks after 90 days",
    )  # fmt: skip
    assert "revenue" in record.terms
    line = json.loads(done.stdout)
    assert (line["step"], line["message"], line["published"]) == (
        "TrainForecasts", "learnt", "no model",
    )  # fmt: skip
    assert not (tmp_path / "output" / "failure").exists()


def test_the_order_of_rows_leaves_no_trace(tmp_path):
    rows = buyers()
    written = []
    for name, each in (("as", rows), ("reversed", rows[::-1])):
        made = container(tmp_path / name, each)
        learn_forecasts(made)
        written.append((made.model / "forecasts.json").read_bytes())
    assert written[0] == written[1]


def test_young_models_are_kept_while_customers_are_like_those_they_learnt_from(tmp_path):
    first = learn_forecasts(container(tmp_path / "first", buyers()))

    def again(name, rows, **settings):
        return learn_forecasts(container(tmp_path / name, rows, before=first, **settings))

    kept = again("kept", buyers(), retrain_days=30)
    assert (kept.reused, kept.inputs) == (True, first.inputs)
    assert kept.drift is not None
    assert set(kept.drift.values()) == {0.0}
    drifted = again("drifted", richer(buyers()), retrain_days=30)
    assert not drifted.reused
    assert drifted.drift is not None
    assert drifted.drift["net_spend"] > 0.25
    assert not again("anew", buyers()).reused


def test_loyalty_is_learnt_where_a_set_reads_it_and_kept_as_long_as_the_models(tmp_path):
    asked: dict[str, Any] = {"segment_sets": ["loyalty_3"], "retrain_days": 30}
    plain = learn_forecasts(container(tmp_path / "plain", buyers()))
    assert plain.loyalty is None
    assert "loyalty" not in encode(plain)
    late = learn_forecasts(container(tmp_path / "late", buyers(), before=plain, **asked))
    assert (late.reused, late.loyalty.weights) == (True, "fixed")  # of 400 customers
    learnt = dataclasses.replace(late.loyalty, reasons=("learnt before",))
    before = dataclasses.replace(late, loyalty=learnt)
    kept = learn_forecasts(container(tmp_path / "kept", buyers(), before=before, **asked))
    assert (kept.reused, kept.loyalty) == (True, learnt)
    off = learn_forecasts(container(tmp_path / "off", buyers(), before=before, retrain_days=30))
    assert (off.reused, off.loyalty) == (True, None)


def test_without_anybody_who_bought_it_says_so(tmp_path):
    assert "nobody has bought anything yet" in learn_forecasts(container(tmp_path, [])).reasons


def test_a_missing_record_is_named_where_sagemaker_reads_it(tmp_path, call_job):
    made = container(tmp_path, buyers(10))
    (made.channel("record") / "prepare.json").unlink()
    done = call_job("train_forecasts", env={"ML_ROOT": str(tmp_path)})
    assert done.returncode == 1
    failure = json.loads((tmp_path / "output" / "failure").read_text())
    assert failure["error"] == InvalidInput.__name__
    assert "prepare.json does not exist" in failure["message"]
    assert not made.model.exists()
