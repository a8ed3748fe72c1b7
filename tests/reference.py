"""Purchase histories and independent expected results: tests/data/README.md says whose they are."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(__file__).with_name("data")
EVENTS = {
    "cdnow_sample": DATA / "events" / "cdnow_sample.csv.gz",
    "online_retail": DATA.parents[1] / "examples" / "online_retail_events.csv.gz",
    "rfm_orders": DATA / "events" / "rfm_orders.csv.gz",
}
NAMES = tuple(EVENTS)

Rows = list[dict[str, str]]


def content(path: Path) -> bytes:
    """A file's bytes, unpacked."""
    body = path.read_bytes()
    return gzip.decompress(body) if path.suffix == ".gz" else body


def records(path: Path) -> Rows:
    """The rows of a CSV file, packed or not."""
    return list(csv.DictReader(content(path).decode().splitlines()))


def table(name: str) -> Path:
    """A CSV file below tests/data, packed or not, by its name without an ending."""
    [path] = DATA.glob(f"{name}.csv*")
    return path


def rows(name: str) -> Rows:
    """The rows of such a file."""
    return records(table(name))


def columns(name: str, *wanted: str) -> dict[str, np.ndarray]:
    """Columns of numbers of such a file. Absent numbers are NaN."""
    lines = rows(name)
    return {each: np.array([float(line[each] or "nan") for line in lines]) for each in wanted}


def document(name: str) -> Any:
    """A JSON file below tests/data, by its name without an ending."""
    return json.loads((DATA / f"{name}.json").read_text())


def plain_events(name: str, folder: Path) -> Path:
    """A history as an unpacked CSV file in a folder."""
    path = folder / f"{name}.csv"
    path.write_bytes(content(EVENTS[name]))
    return path


def case(name: str) -> Path:
    """The file of a situation that shops reported, by its folder below tests/data/cases."""
    [path] = (DATA / "cases" / name).glob("input.*")
    return path
