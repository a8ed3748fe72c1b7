"""A shop of subscribers from end to end: attributes first, then events, and the reasons."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import numpy as np
import pytest

from local.app import outputs
from local.app.attributes import attribute_files, store_attributes
from local.app.system import System
from local.commands.explain.command import facts_of
from local.commands.explain.files import RunFiles
from tessera import naming
from tessera.errors import InvalidInput
from tessera.records.scoring.retention import ChanceSources

AS_OF = dt.date(2024, 6, 1)
TENANT = "letters"
SUBSCRIBERS, KNOWN = 1_200, 400  # these have attributes


def written(path: Path, rows: list[list[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


@pytest.fixture(scope="module")
def days() -> tuple[np.ndarray, np.ndarray]:
    """When each began, and after how many days they leave, each with an individual chance."""
    draw = np.random.default_rng(12)
    begun = draw.integers(1, 500, SUBSCRIBERS)
    return begun, 30 * draw.geometric(np.maximum(draw.beta(0.8, 3.0, SUBSCRIBERS), 1e-3))


@pytest.fixture(scope="module")
def events(days, tmp_path_factory) -> Path:
    rows: list[list[object]] = [["EventName", "CustomerID", "Date", "Amount"]]
    for number, (begun, ran) in enumerate(zip(*(each.tolist() for each in days), strict=True)):
        day = AS_OF - dt.timedelta(days=begun)
        rows.append(["SUBSCRIBED", f"s{number}", day, 9])
        if ran < begun:
            rows.append(["CANCELLED", f"s{number}", day + dt.timedelta(days=ran), ""])
    return written(tmp_path_factory.mktemp("events") / "letters.csv", rows)


@pytest.fixture(scope="module")
def people(days, tmp_path_factory) -> Path:
    """What is known of some: their plan, which predicts who leaves."""
    begun, ran = days
    draw = np.random.default_rng(13)
    rows: list[list[object]] = [["CustomerID", "plan", "churn"]]
    for number in range(KNOWN):
        left = ran[number] < begun[number]
        plan = "trial" if draw.random() < (0.8 if left else 0.2) else "full"
        rows.append([f"s{number}", plan, "yes" if left else "no"])
    return written(tmp_path_factory.mktemp("people") / "people.csv", rows)


@pytest.fixture(scope="module")
def folder(system: System, events: Path, people: Path, tmp_path_factory) -> Path:
    """What a run leaves that was given both."""
    as_of = AS_OF.isoformat()
    settings = b'segment_sets = ["cancel_band"]\ndestinations = ["export"]\nclusters = 2\n'
    system.put_settings(TENANT, settings)
    [file] = attribute_files(people.parent)
    assert store_attributes(system, file, tenant=TENANT, as_of=as_of) is None
    before = frozenset(system.executions())
    key = system.upload(events, tenant=TENANT, as_of=as_of)
    execution = system.execution_of(key, after=before)
    assert system.wait(execution)["status"] == "SUCCEEDED", system.error_of(execution)
    run = system.run_of(execution)
    assert run is not None
    made = tmp_path_factory.mktemp("out") / "letters"
    outputs.write_results(system, made, tenant=run[0], run_id=run[1])
    return made


def test_attributes_that_came_first_count_in_the_run_of_the_events(folder):
    churn = RunFiles(folder).score().churn
    assert (churn.trained, churn.customers) == (True, KNOWN)


def test_both_models_give_chances_to_their_own(folder, days):
    score = RunFiles(folder).score()
    begun, ran = days
    stays = ran >= begun
    assert score.retention.decision == "publish"
    assert score.retention.subscribers == SUBSCRIBERS
    assert score.retention.gave == ChanceSources(
        attributes=int(stays[:KNOWN].sum()), retention=int(stays[KNOWN:].sum())
    )
    text = (folder / "customers.csv").read_text(encoding="utf-8")
    rows = {row["customer_id"]: row for row in csv.DictReader(io.StringIO(text))}
    scored = {name for name, row in rows.items() if row["p_cancel_30d"]}
    assert scored == {f"s{number}" for number in np.flatnonzero(stays)}


@pytest.mark.parametrize(
    ("who", "source", "words"),
    [
        ((True, True), "attributes", "by the customer's attributes (model "),
        ((False, True), "subscription", "by the subscription's age: "),
        ((False, False), None, "There is no chance to cancel: the subscription ended "),
    ],
)
def test_explain_says_where_a_chance_comes_from(folder, days, who, source, words):
    begun, ran = days
    known, stays = who
    places = np.arange(SUBSCRIBERS)
    number = places[((places < KNOWN) == known) & ((ran >= begun) == stays)][0]
    facts = facts_of(RunFiles(folder), f"s{number}")
    assert facts["cancellation"]["from"] == source
    assert any(words in sentence for sentence in facts["sentences"])


def test_the_report_has_a_section_on_subscriptions(folder):
    text = (folder / naming.REPORT).read_text(encoding="utf-8")
    assert "How long do subscribers stay?" in text
    assert "Who cancels, by what is known of customers?" in text


def test_attributes_that_cannot_be_read_are_an_error(system: System, tmp_path: Path):
    file = written(tmp_path / "people.csv", [["plan"], ["full"]])
    execution = store_attributes(system, file, tenant="nobodys", as_of=None)
    assert execution is not None
    record = system.error_of(execution)
    assert record is not None
    assert "people.csv" in record["message"]


def test_files_of_attributes_are_checked_before_anything_starts(tmp_path: Path):
    assert attribute_files(None) == []
    with pytest.raises(InvalidInput, match="does not exist"):
        attribute_files(tmp_path / "nowhere.csv")
    with pytest.raises(InvalidInput, match=r"no attributes that can be read: expected \.csv"):
        attribute_files(tmp_path)
    (tmp_path / "b.csv").touch()
    with pytest.raises(InvalidInput, match=r"b\.csv is empty"):
        attribute_files(tmp_path)
    for name in ("b.csv", "a.csv.gz", "c.txt"):
        (tmp_path / name).write_text("CustomerID,plan\n", encoding="utf-8")
    assert [path.name for path in attribute_files(tmp_path)] == ["a.csv.gz", "b.csv"]
    with pytest.raises(InvalidInput, match=r"c\.txt"):
        attribute_files(tmp_path / "c.txt")
