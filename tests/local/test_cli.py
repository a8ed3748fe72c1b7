"""The command line as a user calls it: a process, its files, its words and its exit status.

Commands that ``local`` starts are real processes with real jobs and functions.
"""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tessera.contracts.tables import CUSTOMER_OUTPUT

pytestmark = pytest.mark.slow

SETTINGS = 'preset = "grid-10"\nclusters = 3\ndestinations = ["export"]\n'


def local(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local", *map(str, arguments)],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_folder_a_tenant_settings_and_a_day_of_ones_own(root, sample, tmp_path):
    write(tmp_path / "parts" / "one.csv", sample[:300])
    # With an address, the row would be its owner's.
    lost = {**sample[0], "CustomerID": "4.7E+17", "Address": ""}
    write(tmp_path / "parts" / "two.csv", [*sample[300:600], lost])
    settings = tmp_path / "my.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    out = tmp_path / "out"

    done = local(
        root, "run", tmp_path / "parts", "--tenant", "acme", "--settings", settings,
        "--as-of", "1998-07-01", "--out", out,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert "Champions" in done.stdout
    summary = json.loads((out / "summary.json").read_text())
    assert (summary["tenant"], summary["as_of"]) == ("acme", "1998-07-01")
    assert summary["rows"]["read"] == 601
    assert summary["rows"]["rejected"] == {"doubtful_id": 1}
    assert "version" in summary
    assert summary["timings"]
    table = pq.read_table(out / "customers.parquet")
    assert table.column_names == list(CUSTOMER_OUTPUT.names)
    assert table.num_rows == summary["customers"]
    assert len(set(table["cluster"].to_pylist())) == 3
    with (out / "rejects.csv").open(encoding="utf-8", newline="") as file:
        (reject,) = csv.DictReader(file)
    assert reject["code"] == "doubtful_id"
    assert int(reject["line"]) == 302
    assert {path.name for path in out.iterdir()} == {
        "customers.csv", "customers.parquet", "destinations", "explain", "manifest.json",
        "rejects.csv", "report.html", "segments", "segments.json", "summary.json",
    }  # fmt: skip
    assert [path.name for path in (out / "destinations").iterdir()] == ["export"]


def test_a_file_of_bad_rows_ends_with_one_clear_message(forked_cli, sample, tmp_path):
    bad = [{**row, "Date": "the day before"} for row in sample[:50]]
    out = tmp_path / "out"
    done = forked_cli("run", write(tmp_path / "bad.csv", bad), "--out", out, "--quiet")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "bad_date" in done.stderr
    assert "max_bad_share" in done.stderr
    assert "Traceback" not in done.stderr
    error = json.loads((out / "error.json").read_text())
    assert (error["error"], error["state"]) == ("InvalidInput", "Prepare")
    assert error["what_to_do"]
    assert not (out / "customers.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "nowhere.csv"], "nowhere.csv"),
        (["run", "README.md"], r"\.csv"),
        (["run", "examples/online_retail_events.csv.gz", "--tenant", "No Such"], "tenant"),
        (["run", "README.md", "--attributes", "nowhere"], r"\.csv"),
        (
            ["run", "examples/online_retail_events.csv.gz", "--attributes", "nowhere.csv"],
            "nowhere.csv does not exist: give a file or a folder of attributes",
        ),
        (["validate", "nowhere.csv"], "nowhere.csv"),
        (["explain", "12346", "--out", "nowhere"], "nowhere holds no results"),
        (["approve", "3f2a", "--endpoint", "http://127.0.0.1:9"], "there is no response"),
        (["reject", "3f2a", "--endpoint", "https://example.com"], "not on this machine"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_starts(forked_cli, arguments, words):
    done = forked_cli(*arguments)
    assert done.returncode == 1
    assert re.search(words, done.stderr)
    assert "Traceback" not in done.stderr


def test_wrong_settings_are_refused_by_the_name_of_ones_own_file(root, sample, tmp_path):
    settings, out = tmp_path / "my.toml", tmp_path / "out"
    settings.write_text('preset = "classic"\n', encoding="utf-8")
    file = write(tmp_path / "good.csv", sample[:50])
    for arguments in (["run", file, "--out", out], ["validate", file]):
        done = local(root, *arguments, "--settings", settings)
        assert done.returncode == 1
        assert f"settings file {settings}" in done.stderr
        assert "classic-11" in done.stderr
        assert "s3://" not in done.stderr
    assert not out.exists()


def test_the_error_about_a_wrong_file_has_its_own_name(forked_cli, tmp_path):
    file, out = tmp_path / "wrong.csv", tmp_path / "out"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    done = forked_cli("run", file, "--out", out, "--quiet")
    assert done.returncode == 1
    assert str(file) in done.stderr
    assert "s3://" not in done.stderr
    assert str(file) in json.loads((out / "error.json").read_text())["message"]


def test_validate_lists_what_a_run_would_refuse(root, forked_cli, sample, tmp_path):
    good = local(root, "validate", write(tmp_path / "good.csv", sample[:50]))
    assert good.returncode == 0
    assert "50" in good.stdout
    rows = [*sample[:40], *({**row, "UnitPrice": "a lot"} for row in sample[40:60])]
    bad = forked_cli("validate", write(tmp_path / "bad.csv", rows))
    assert bad.returncode == 1
    assert "bad_amount" in bad.stdout + bad.stderr
    assert "42" in bad.stdout + bad.stderr  # the first bad line


def test_serve_takes_what_arrives_in_a_folder_and_ends_cleanly(root, forked_cli, sample, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "local", "serve", "--watch", str(inbox)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(server.stdout or ()), daemon=True)
    reader.start()
    try:
        endpoint = until(lines, r"endpoint\s+(http://127\.0\.0\.1:\d+)")
        unfinished = write(tmp_path / "orders.csv", sample[:400])
        unfinished.rename(inbox / "orders.csv")
        assert "uploads/orders.csv" in until(lines, r"✓ (uploads/orders\.csv.*)")
        held = forked_cli("show", "customer_profiles", "--endpoint", endpoint, "--json")
        exported = forked_cli("show", "export", "--endpoint", endpoint)
    finally:
        server.send_signal(signal.SIGTERM)
        status = server.wait(timeout=30)
        reader.join(timeout=30)
        if server.stdout:
            server.stdout.close()
    assert status == 130
    facts = json.loads(held.stdout)
    assert facts["customers"] == sum(facts["labels"]["rfm_segment"].values()) > 100
    assert facts["segments"]["_RFM_Champions"] == facts["labels"]["rfm_segment"]["Champions"]
    assert "Customer/" not in held.stdout
    assert "customers.parquet" in exported.stdout
    assert "Traceback" not in "".join(lines)


def until(lines: list[str], pattern: str, *, seconds: float = 180) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        match = re.search(pattern, "".join(lines))
        if match:
            return match[1]
        time.sleep(0.1)
    raise AssertionError(f"{pattern!r} was not printed; printed was:\n{''.join(lines)}")
