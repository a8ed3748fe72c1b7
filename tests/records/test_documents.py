"""What holds for every document of a run."""

from __future__ import annotations

import dataclasses
import functools
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.records.catalog import DOCUMENTS
from tessera.records.codec import decode, encode
from tessera.records.fields import json_fields
from tessera.records.loads.load_report import LoadReport
from tessera.records.runs.previous import PreviousRun
from tessera.records.runs.ticket import Ticket
from tessera.records.schema import schema
from tessera.records.scoring.cluster_model import FittedClusters
from tessera.settings import RunSettings
from tests.records.instances import instances, shared

DATA = Path(__file__).parents[1] / "data"
STORED = DATA / "records"
SETTINGS = st.builds(
    RunSettings,
    clusters=st.sampled_from([0, 5, 20]),
    max_bad_share=st.floats(0, 1),
    columns=st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
    churn_ignore=st.lists(st.text(max_size=5), max_size=2).map(tuple),
)
CLUSTERS = st.builds(  # of the features that this version has
    FittedClusters,
    **{
        field.name: instances(hint)
        for field, hint in json_fields(FittedClusters).values()
        if field.name != "features"
    },
)
# What an earlier version wrote and this one does not: readers of earlier runs ignore it.
REMOVED = [("models", "card", "decision")]
RULED = {RunSettings: SETTINGS, FittedClusters: CLUSTERS}
NAMES = sorted(DOCUMENTS)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_a_document_reads_back_equal_and_its_schema_accepts_it(name: str, data: st.DataObject):
    record = data.draw(documents(name))
    written = json.loads(json.dumps(encode_any(record)))
    assert decode(DOCUMENTS[name], written, document=name) == record
    validator(name).validate(written)


@functools.cache
def documents(name: str) -> st.SearchStrategy[Any]:
    """Any document of a name, made once for all examples."""
    return instances(DOCUMENTS[name], RULED)


@functools.cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    """What checks documents of a name."""
    return jsonschema.Draft202012Validator(schema(DOCUMENTS[name]))


def encode_any(value: Any) -> Any:
    """Return a document as JSON has it: an object, a list, or members of any names."""
    if isinstance(value, tuple):
        return [encode_any(one) for one in value]
    return encode(value) if dataclasses.is_dataclass(value) else value


def objects(made: dict[str, Any]) -> list[dict[str, Any]]:
    whole = [made] if "properties" in made else []
    return [*whole, *made.get("$defs", {}).values()]


@pytest.mark.parametrize("name", NAMES)
def test_every_member_of_a_schema_is_described(name: str):
    made = schema(DOCUMENTS[name])
    jsonschema.Draft202012Validator.check_schema(made)
    for each in objects(made):
        assert each["description"], each["title"]
        bare = [key for key, member in each["properties"].items() if "description" not in member]
        assert not bare, f"{each['title']} does not describe {bare}"


def test_no_two_records_share_a_name():
    titles: dict[str, dict[str, Any]] = {}
    for cls in DOCUMENTS.values():
        for each in objects(schema(cls)):
            assert titles.setdefault(each["title"], each)["properties"] == each["properties"]


@pytest.mark.parametrize("path", sorted(STORED.glob("*/*.json")), ids=lambda path: path.name)
def test_a_stored_document_is_read_and_would_be_written_alike(path: Path):
    value = json.loads(path.read_text(encoding="utf-8"))
    for place in REMOVED:
        remove(value, place)
    written = encode_any(decode(DOCUMENTS[path.name], value, document=path.name))
    assert shared(written, value) == value, "members may be added since, none may change"
    validator(path.name).validate(value)


def remove(value: Any, place: tuple[str, ...]) -> None:
    """Take a member out of a document that has it."""
    *path, last = place
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, dict):
        value.pop(last, None)


def test_models_of_a_version_that_published_all_or_nothing_are_learnt_again():
    value = json.loads((STORED / "telco" / "previous.json").read_text(encoding="utf-8"))
    assert "decision" in value["models"]["card"]
    previous = decode(PreviousRun, value, document="previous.json", tolerant=True)
    assert previous.models is not None
    assert previous.usable_models is None


@pytest.mark.parametrize("name", ["ticket", "prepare"])
def test_a_document_of_a_version_before_later_members_is_read(name: str):
    value = json.loads((DATA / "online_retail_run.json").read_text(encoding="utf-8"))[name]
    cls = DOCUMENTS[f"{name}.json"]
    assert value.keys() < {field.name for field in dataclasses.fields(cls)}
    decode(cls, value, document=name)


def test_a_report_of_a_version_that_counted_less_is_read():
    run = json.loads((DATA / "online_retail_run.json").read_text(encoding="utf-8"))
    for value in run["destinations"]:
        assert "unreadable_email" not in value
        report = decode(LoadReport, value, document="report.json")
        assert (report.unreadable_email, report.failed, report.held) == (0, None, "")


def test_a_document_of_a_later_version_is_read_where_reading_is_tolerant():
    value = json.loads((STORED / "movers" / "ticket.json").read_text(encoding="utf-8"))
    later = value | {"colour": "red", "settings": value["settings"] | {"sparkle": True}}
    ticket = decode(Ticket, later, document="ticket.json", tolerant=True)
    assert ticket == decode(Ticket, value, document="ticket.json")
