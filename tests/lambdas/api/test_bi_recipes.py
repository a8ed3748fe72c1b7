"""The recipes for BI tools: each request is made, and its columns are those of the recipe."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples" / "bi"
GUIDE = (ROOT / "docs" / "bi.md").read_text(encoding="utf-8")
_TYPES = re.compile(r'\{"(\w+)", (type \w+|Int64\.Type)\}')
_NUMBERS = ("type number", "Int64.Type")


def query(name):
    return (EXAMPLES / name).read_text(encoding="utf-8")


def rows_of(reply):
    assert (reply.status, reply.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.DictReader(reply.text.splitlines()))


def addressed(world, url, *, key):
    """Call what an address names. A ``tsk_…`` in it stands for the key, else a header has it."""
    parts = urlsplit(url.replace("tsk_…", key))
    assert (parts.scheme, parts.netloc) == ("https", "console.example.com")
    return world.call("GET", parts.path, query=parts.query, token="" if "tsk_…" in url else key)


def test_power_bi_reads_every_column_with_its_type(world):
    text = query("segment-statistics.pq")
    path = re.search(r'RelativePath = "(.*)"', text)[1]
    name, value = re.search(r'Query = \[(\w+) = "(\w+)"\]', text).groups()
    key_name = re.search(r'ApiKeyName = "(\w+)"', text)[1]
    key = world.keys["acme", "viewer"]
    rows = rows_of(world.call("GET", f"/{path}", query={name: value, key_name: key}))
    types = dict(_TYPES.findall(text))
    assert list(rows[0]) == list(types)
    for row in rows:
        for column in (one for one, kind in types.items() if kind in _NUMBERS):
            assert row[column] == "" or float(row[column]) == float(row[column])
    assert any(row["uuids"] for row in rows)


def test_power_bis_trend_has_the_fields_that_the_query_reads(world):
    text = query("trend.pq")
    path = re.search(r'RelativePath = "(.*)"', text)[1]
    reply = world.call("GET", f"/{path}", token=world.keys["acme", "viewer"])
    points = reply.json["points"]
    assert points
    for point in points:
        assert set(re.findall(r"point\[(\w+)\](?!\[)", text)) <= set(point)
        for size in point["groups"]["rfm"].values():
            assert set(re.findall(r"label\)\[(\w+)\]", text)) == set(size)
    made = re.findall(r"^ +(\w+) = (?:point\[|label,|Record\.Field\()", text, re.MULTILINE)
    assert made == list(dict(_TYPES.findall(text)))


def test_the_data_source_of_power_bi_is_a_route(world):
    [connection] = json.loads(query("tessera.pbids"))["connections"]
    url = connection["details"]["address"]["url"]
    assert rows_of(addressed(world, url, key=world.keys["acme", "viewer"]))


def test_a_sheet_imports_the_same_rows(world):
    [formula] = re.findall(r'^=IMPORTDATA\("(.*?)"', GUIDE, re.MULTILINE)
    assert rows_of(addressed(world, formula, key=world.keys["acme", "viewer"]))
    refused = addressed(world, formula, key=world.keys["acme", "admin"])
    assert refused.status == 401


def test_tableaus_file_has_the_columns_of_the_guide(world):
    [url] = re.findall(
        r'^curl .*"Authorization: Bearer \$TESSERA_API_KEY".* "(https:.*)"$', GUIDE, re.M
    )
    rows = rows_of(addressed(world, url, key=world.keys["acme", "viewer"]))
    listed = GUIDE.partition("## The columns")[2]
    named = re.findall(
        r"`(\w+)`",
        "".join(line.split("|")[1] for line in listed.splitlines() if line.startswith("| `")),
    )
    assert sorted(rows[0]) == sorted(named)


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_each_file_is_in_the_guide_and_has_no_key(path):
    assert f"`examples/bi/{path.name}`" in GUIDE
    assert "tsk_" not in path.read_text(encoding="utf-8")
