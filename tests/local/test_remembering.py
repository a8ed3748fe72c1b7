"""Run after run on a laptop: each remembers what the ones before it left."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.local.conftest import columns
from tests.local.test_cli import write
from tests.steps.erase.conftest import readable

pytestmark = pytest.mark.slow

SETTINGS = "clusters = 3\nbreaker_limit = 1.0\n"
PROFILES = "customer_profiles"  # whose stand-in remembers


@pytest.fixture(scope="module")
def weeks(forked_cli, sample, tmp_path_factory):
    """Two runs on one state, a plan between them, and a copy of the state after the first."""
    home = tmp_path_factory.mktemp("shop")
    (home / "my.toml").write_text(SETTINGS, encoding="utf-8")
    done = {}
    rows = sorted(sample, key=lambda row: row["Date"])
    who = columns(rows)[0]

    def run(command, name, part):
        file = write(home / f"{name}.csv", part)
        done[name] = forked_cli(
            command, file, "--settings", home / "my.toml", "--out", home / "out",
            "--json", "--approve",
        )  # fmt: skip
        assert done[name].returncode == 0, done[name].stderr

    run("run", "one", rows[:600])
    shutil.copytree(home / "out.state", home / "first.state")
    run("plan", "two", rows[600:900])
    done["plan"] = done["two"]
    done["customer"] = rows[0][who]
    done["kept"] = (home / "out.state" / "state.json").read_bytes() == (
        home / "first.state" / "state.json"
    ).read_bytes()
    run("run", "two", rows[600:900])
    return home, done


def test_the_second_run_knows_the_first_ones_customers_and_sends_only_changes(weeks):
    home, done = weeks
    first, second = (json.loads(done[name].stdout) for name in ("one", "two"))
    summary = json.loads((home / "out" / "summary.json").read_text())
    assert summary["previous"]["run_id"] == first["run_id"]
    assert summary["movement"]["stayed"] > 0
    assert summary["history"]["uploads"] == 2
    assert second["customers"] > first["customers"]
    (sent,) = [one for one in second["destinations"] if one["destination"] == PROFILES]
    assert sent["known"] > 0
    held = json.loads((home / "out" / "destinations" / PROFILES / "held.json").read_text())
    assert held["customers"] == second["customers"]
    assert "personal data" in done["two"].stderr


def test_a_plan_reads_the_state_and_leaves_it_as_it_is(weeks):
    _, done = weeks
    assert done["kept"]
    plan = json.loads(done["plan"].stdout)["plan"]
    (sent,) = [one for one in plan if one["destination"] == PROFILES]
    assert 0 < sent["adds"] < json.loads(done["two"].stdout)["customers"]


def test_runs_are_listed_compared_and_explained(weeks, forked_cli):
    home, done = weeks
    ids = [json.loads(done[name].stdout)["run_id"] for name in ("one", "two")]
    out = ("--out", home / "out")
    listed = json.loads(forked_cli("runs", *out, "--json").stdout)
    assert [one["run_id"] for one in listed] == ids
    moved = json.loads(forked_cli("compare", *ids, *out, "--json").stdout)
    new = sum(one["customers"] for one in moved["moves"] if not one["from"])
    assert new == listed[1]["customers"] - listed[0]["customers"]
    explained = forked_cli("explain", done["customer"], "--run", ids[0], *out)
    assert explained.stdout.startswith(f"Customer {done['customer']}: run {ids[0]}")


def test_an_erased_customer_is_in_no_object_result_or_log(weeks, forked_cli, tmp_path):
    home, done = weeks
    for name in ("out", "out.state"):
        shutil.copytree(home / name, tmp_path / name)
    out = ("--out", tmp_path / "out")
    known = json.loads(forked_cli("access", done["customer"], *out).stdout)
    addresses = [one["address"] for one in known["identities"] if "address" in one]
    theirs = [done["customer"], *known["customer_keys"], *addresses]
    assert known["events"]
    path = tmp_path / "receipt.json"
    erased = forked_cli("erase", done["customer"], "--case", "dsr-1", "--receipt", path, *out)
    assert erased.returncode == 0, erased.stderr
    receipt = json.loads(path.read_text())["receipt"]
    assert (receipt["status"], receipt["search"]["hits"]) == ("complete", 0)
    snapshot = json.loads((tmp_path / "out.state" / "state.json").read_text())
    objects = [one["file"] for listed in snapshot["objects"].values() for one in listed]
    files = [tmp_path / "out.state" / "objects" / name for name in objects]
    files += [one for one in (tmp_path / "out").rglob("*") if one.is_file()]
    printed = path.read_text() + erased.stdout + erased.stderr
    assert not [text for text in theirs if text in printed]
    assert not [(file, text) for file in files for text in theirs if text in readable(
        file.read_bytes())]  # fmt: skip
    checked = forked_cli("erase", "--verify", path)
    assert "The signature is right: Ed25519" in checked.stdout
    gone = forked_cli("access", done["customer"], *out)
    assert (gone.returncode, done["customer"] in gone.stderr) == (1, False)
