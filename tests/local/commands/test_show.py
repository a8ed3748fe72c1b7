"""What `show` says: from a running `serve`, and from what a run has left."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.app import outputs
from local.app.elsewhere.inspection import inspected
from local.app.system import System
from local.aws.server import EmbeddedAws
from local.commands.show import ShowRequest, show
from local.terminal import Terminal
from tessera.contracts.customer_profiles import OBJECT_TYPE, object_type
from tessera.errors import InvalidInput

SEEN = {
    "customers": 3,
    "segments": {"_RFM_Lost": 2, "_RFM_New": 1},
    "labels": {"rfm_segment": {"Lost": 2, "New": 1}},
    "held": {
        "C 1": {"email": "ann@example.com", "rfm_segment": "Lost"},
        "C 2": {"rfm_segment": "New"},
    },
}
REPORT = {"desired": 3, "segments": [{"name": "_RFM_Lost", "size": 2}]}


def shown(**wanted: Any) -> str:
    out = io.StringIO()
    show(ShowRequest(**wanted), terminal=Terminal(out))
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a run with Klaviyo leaves, as far as `show` reads it."""
    (tmp_path / "manifest.json").write_text("{}")
    for name, file, value in (
        ("klaviyo", outputs.HELD, SEEN),
        ("export", "report.json", REPORT),
        ("unsent", "report.json", REPORT),
    ):
        (tmp_path / "destinations" / name).mkdir(parents=True)
        (tmp_path / "destinations" / name / file).write_text(json.dumps(value))
    return tmp_path


def test_what_a_run_left_is_shown_without_anybody_s_id(folder):
    text = shown(destination="klaviyo", out=folder)
    assert "klaviyo holds 3 customers" in text
    assert [line.split() for line in text.splitlines() if "_RFM_Lost" in line] == [
        ["_RFM_Lost", "2"]
    ]
    assert "rfm_segment: New" in text
    assert not [word for word in ("C 1", "C 2", "ann@") if word in text]


def test_ids_are_shown_of_those_who_are_asked_for(folder):
    some = shown(destination="klaviyo", out=folder, customers=1)
    assert "C 1" in some
    assert "ann@example.com" in some
    assert "C 2" not in some
    one = json.loads(shown(destination="klaviyo", out=folder, customer="C 2", as_json=True))
    assert one["held"] == {"C 2": {"rfm_segment": "New"}}


def test_json_has_everything_but_ids(folder):
    facts = json.loads(shown(destination="klaviyo", out=folder, as_json=True))
    assert facts["segments"] == SEEN["segments"]
    assert facts["labels"] == SEEN["labels"]
    assert facts["examples"] == [{"rfm_segment": "Lost"}, {"rfm_segment": "New"}]
    assert "held" not in facts


def test_the_export_shows_its_files(folder):
    text = shown(destination="export", out=folder)
    assert "export holds 3 customers" in text
    assert str(folder / "destinations" / "export" / "report.json") in text


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"destination": "braze"}, "there are export, klaviyo"),
        ({"destination": "unsent"}, "nothing to show of 'unsent'"),
        ({"destination": "export", "customers": 1}, r"customers\.csv"),
        ({"destination": "klaviyo", "customer": "C 9"}, "keeps 2 of the 3 customers"),
    ],
)
def test_what_is_not_there_is_an_error(folder, wanted, words):
    with pytest.raises(InvalidInput, match=words):
        shown(out=folder, **wanted)


def test_a_place_that_is_named_has_to_be_there(tmp_path):
    with pytest.raises(InvalidInput, match="holds no results"):
        shown(destination="klaviyo", out=tmp_path)
    with pytest.raises(InvalidInput, match="there is no response"):
        shown(destination="klaviyo", endpoint="http://127.0.0.1:9")


@pytest.fixture
def serving(aws: EmbeddedAws, system: System) -> Iterator[str]:
    """An endpoint as `serve` has it, with two customers in Customer Profiles."""
    client, name = aws.client("customer-profiles"), {"DomainName": "amazon-connect-shown"}
    client.create_domain(**name, DefaultExpirationDays=1096)
    client.put_profile_object_type(**name, ObjectTypeName=OBJECT_TYPE, **object_type())
    for number in (1, 2):
        profile = {"customer_id": f"Shown {number}", "rfm_segment": "Seen here"}
        client.put_profile_object(**name, ObjectTypeName=OBJECT_TYPE, Object=json.dumps(profile))
    with inspected(system):
        yield aws.endpoint
    client.delete_domain(**name)


def test_a_running_serve_is_looked_into_from_another_process(serving):
    facts = json.loads(shown(destination="customer_profiles", endpoint=serving, as_json=True))
    assert facts["labels"]["rfm_segment"]["Seen here"] == 2
    assert facts["customers"] >= 2
    everybody = json.loads(
        shown(destination="customer_profiles", endpoint=serving, customers=10**6, as_json=True)
    )["held"]
    ours = [name for name in everybody if name.endswith("Shown 1")]
    one = shown(destination="customer_profiles", endpoint=serving, customer=ours[0])
    assert "Seen here" in one


def test_a_serve_says_which_destinations_it_has(serving):
    with pytest.raises(InvalidInput, match="there are export, customer_profiles"):
        shown(destination="klaviyo", endpoint=serving)
    with pytest.raises(InvalidInput, match="tenant 'nobody' has no finished run"):
        shown(destination="export", endpoint=serving, tenant="nobody")
