"""Why a customer has their labels: what is printed is what the run has written."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from local.app import outputs
from local.app.system import System
from local.aws.server import EmbeddedAws
from local.commands.explain.command import explain, facts_of
from local.commands.explain.files import RunFiles, files_of
from local.terminal import Terminal
from tessera.errors import InvalidInput
from tessera.segments.movement.causes import WORDS, Cause
from tests.local.test_pipeline import App

TENANT = "explained"
SETTINGS = 'preset = "{}"\nbreaker_limit = 1.0\ndestinations = ["export"]\nclusters = 3\n'


@pytest.fixture(scope="module")
def folders(
    aws: EmbeddedAws,
    system: System,
    sample: list[dict[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Path]:
    """What two runs leave: the second one by another definition, and without the first rows."""
    app = App(aws, system, tmp_path_factory.mktemp("uploads"))
    out = tmp_path_factory.mktemp("out")
    made = []
    for preset, rows in (("classic-11", sample[:1500]), ("grid-10", sample[60:])):
        system.put_settings(TENANT, SETTINGS.format(preset).encode())
        execution = app.upload(rows, "orders.csv", tenant=TENANT)
        assert app.finish(execution)["status"] == "SUCCEEDED", system.error_of(execution)
        made.append(out / preset)
        outputs.write_results(system, made[-1], tenant=TENANT, run_id=app.run(execution)[1])
    return made


@pytest.fixture(scope="module")
def second(folders: list[Path]) -> RunFiles:
    return RunFiles(folders[1])


@pytest.fixture(scope="module")
def customers(folders: list[Path]) -> list[dict[str, str]]:
    return rows_of(folders[1])


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "customers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def moves(folders: list[Path]) -> dict[str, dict[str, Any]]:
    rows = pq.read_table(folders[1] / "explain" / "transitions").to_pylist()
    return {row["customer_key"]: row for row in rows}


def test_the_facts_are_those_of_the_customers_file(second, customers):
    for row in customers[::40]:
        facts = facts_of(second, row["customer_id"])
        assert facts["customer_key"] == row["customer_key"]
        assert facts["segment"]["label"] == row["segment"]
        assert facts["segment"]["definition"] == "grid-10"
        assert str(facts["values"]["monetary"]) == row["monetary"]
        assert str(facts["scores"]["recency"]["score"]) == row["r_score"]
        labels = json.loads(row["labels"])
        assert {name: one["label"] for name, one in facts["sets"].items()} == labels


def test_a_score_lies_between_the_thresholds_that_are_shown(second, customers):
    for row in customers[::40]:
        for one in facts_of(second, row["customer_id"])["scores"].values():
            low, high = one["above"], one["up_to"]
            assert low is None or low in one["thresholds"]
            assert high is None or float(one["value"]) <= high


def test_models_see_purchase_days_and_say_what_the_file_says(second, customers):
    row = next(row for row in customers if int(row["frequency"]) > 1)
    facts = facts_of(second, row["customer_id"])
    seen = facts["models"]["purchase"]["inputs"]
    assert seen["repeats"] >= 1
    assert seen["last_day"] + int(row["recency_days"]) == seen["age_days"]
    assert str(seen["age_days"]) == row["tenure_days"]
    assert facts["forecast"] is None  # nothing could be tested, and the sentence says why
    withheld = "The purchase model is withheld: the history is too short"
    assert any(one.startswith(withheld) for one in facts["sentences"])
    assert row["p_no_order_90d"] == row["orders_tenth"] == ""
    assert facts["models"]["spend"]["outputs"]["historic_value"] == row["historic_value"]


def test_a_move_is_explained_with_its_cause_and_the_label_before(second, customers, moves):
    moved = [row for row in customers if moves.get(row["customer_key"], {}).get("from_segment")]
    assert len(moved) > 100  # another definition has other labels
    for row in moved[::40]:
        move, facts = moves[row["customer_key"]], facts_of(second, row["customer_id"])
        assert facts["previous"]["segment"] == facts["move"]["from"] == move["from_segment"]
        assert (facts["move"]["to"], facts["move"]["cause"]) == (row["segment"], move["cause"])
        assert WORDS[Cause(move["cause"])] in " ".join(facts["sentences"])


def test_who_came_with_the_second_run_was_not_there_before(second, customers, moves):
    row = next(
        row for row in customers
        if row["customer_key"] in moves and not moves[row["customer_key"]]["from_segment"]
    )  # fmt: skip
    facts = facts_of(second, row["customer_id"])
    assert facts["previous"] is None
    assert any("New in this run" in sentence for sentence in facts["sentences"])


def test_who_is_gone_is_known_by_key(second, moves):
    gone = next(key for key, move in moves.items() if not move["to_segment"])
    facts = facts_of(second, gone)
    assert facts["customer_id"] is None
    assert any("doesn't know the customer any more" in one for one in facts["sentences"])


def test_a_first_run_explains_without_a_past(folders):
    facts = facts_of(RunFiles(folders[0]), rows_of(folders[0])[0]["customer_id"])
    assert (facts["previous"], facts["move"]) == (None, None)
    assert "No earlier run to compare." in facts["sentences"]


def test_an_unknown_customer_is_an_error_with_the_count_and_near_misses(second, customers):
    known = customers[0]["customer_id"]
    with pytest.raises(InvalidInput) as raised:
        facts_of(second, f" {known.upper()}")
    assert f"among the {len(customers):,} of the run" in str(raised.value)
    assert f"did you mean '{known}'" in str(raised.value)
    with pytest.raises(InvalidInput, match=r"of the run$"):
        facts_of(second, "µ")


def printed(folder: Path, who: str, *, as_json: bool) -> str:
    out = io.StringIO()
    explain(
        who,
        out=folder,
        run="",
        state=folder / "none",
        endpoint="",
        as_json=as_json,
        terminal=Terminal(out),
    )
    return out.getvalue()


def test_sentences_or_json_are_printed(folders, customers):
    who = customers[0]["customer_id"]
    sentences = printed(folders[1], who, as_json=False)
    assert sentences.startswith(f"Customer {who}: run ")
    assert "Thresholds of monetary" in sentences
    facts = json.loads(printed(folders[1], who, as_json=True))
    assert facts == json.loads(json.dumps(facts_of(RunFiles(folders[1]), who)))


def test_a_run_of_serve_is_fetched_from_there(system, folders, customers, tmp_path):
    run_id = RunFiles(folders[1]).manifest().run.run_id
    with files_of(
        tmp_path, run=run_id[:10], state=tmp_path / "none", endpoint=system.endpoint
    ) as files:
        facts = facts_of(files, customers[0]["customer_id"])
    assert facts == facts_of(RunFiles(folders[1]), customers[0]["customer_id"])
    with files_of(
        folders[1], run=run_id, state=tmp_path / "none", endpoint="http://127.0.0.1:9"
    ) as files:
        assert files.folder == folders[1]  # it is here already
    with (
        pytest.raises(
            InvalidInput, match=f"no finished run has an id that begins with 'zz'.*{run_id}"
        ),
        files_of(tmp_path, run="zz", state=tmp_path / "none", endpoint=system.endpoint),
    ):
        pass


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("manifest.json", "holds no results"),
        ("customers.parquet", "lack 'export'"),
        ("explain", "earlier version"),
    ],
)
def test_a_folder_without_what_is_needed_says_what_it_lacks(tmp_path, missing, words):
    for name in ("manifest.json", "customers.parquet"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path / "explain").mkdir()
    path = tmp_path / missing
    path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(InvalidInput, match=words):
        RunFiles(tmp_path)
