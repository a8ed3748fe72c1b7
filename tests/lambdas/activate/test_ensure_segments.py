"""EnsureSegments: what is missing is made, what is right stays, the report says so."""

from __future__ import annotations

import json

from lambdas.ensure_segments.handler import handler
from lambdas.poll_load.handler import handler as poll_load
from tests.lambdas.activate.conftest import SEGMENTS


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def report(loaded_run, destination: str = "customer_profiles") -> dict:
    event = {**loaded_run.event, "destination": destination}
    assert handler(event, None) == {"destination": destination, "status": "DONE"}
    return json.loads(loaded_run.read("report.json", destination))


def actions(report: dict) -> dict[str, str]:
    return {segment["name"]: segment["action"] for segment in report["segments"]}


def test_segments_are_created_and_their_sizes_read_back(loaded_run):
    loaded_run.write(["a", "b"])
    poll_load(loaded_run.event, Context())
    result = report(loaded_run)
    there = "arn:aws:profile:us-east-1:000000000000:domains/amazon-connect-shop"
    assert result["segments"] == [
        {
            "name": name,
            "label": label,
            "action": "created",
            "size": size,
            "rule": "",
            "reference": f"{there}/segment-definitions/{name}",
        }
        for name, label, size in (
            ("_RFM_Lost", "Lost", 2),
            ("_RFM_At_Risk", "At Risk", 0),
            ("_RFM_Cluster_1", "Cluster 1", 0),
        )
    ]
    counts = ("desired", "sent", "unchanged", "refused", "left", "requests")
    assert [result[name] for name in counts] == [2, 2, 0, 0, 0, 1]
    assert result["message"] == (
        "Sent 2 customers in 1 request. 0 were already up to date. 3 segments created or changed."
    )


def test_a_run_that_finds_everything_in_place_sends_nothing_and_says_so(loaded_run, profiles):
    loaded_run.write()
    report(loaded_run)
    loaded_run.write(desired=2, unchanged=2, left=1)
    profiles.calls.clear()
    result = report(loaded_run)
    assert set(actions(result).values()) == {"kept"}
    assert set(profiles.calls) == {
        "GetSegmentDefinition", "CreateSegmentEstimate", "GetSegmentEstimate",
    }  # fmt: skip
    assert result["message"] == (
        "Nothing to send: 2 customers already up to date. "
        "Kept the last labels of 1 customer missing from this run."
    )


def test_labels_that_were_taken_away_are_reported(loaded_run):
    loaded_run.write(["a", "b"], exits=1, adds=1)
    poll_load(loaded_run.event, Context())
    assert report(loaded_run)["message"].endswith(
        "Removed the labels of 1 customer missing from this run."
    )


def retell(loaded_run, **settings: object) -> None:
    """Let the tenant want other things from now on."""
    key = "tenants/default/runs/r1/ticket.json"
    loaded_run.data.write_json(key, {**loaded_run.data.read_json(key), "settings": settings})


def test_a_segment_under_a_new_name_leaves_the_old_one_there_until_it_may_be_deleted(
    loaded_run, profiles
):
    loaded_run.write()
    report(loaded_run)
    renamed = [{**SEGMENTS[0], "name": "_RFM_Gone", "label": "Gone"}, *SEGMENTS[1:]]
    loaded_run.write(segments=renamed)
    for _ in range(2):  # each run says so, as long as it is there
        result = report(loaded_run)
        assert actions(result)["_RFM_Lost"] == "retired"
        assert (
            "1 segment of earlier runs no longer in use, but not deleted: _RFM_Lost"
            in (result["message"])
        )
    retell(loaded_run, retired_segments="delete")
    result = report(loaded_run)
    assert actions(result)["_RFM_Lost"] == "deleted"
    assert "1 segment of earlier runs deleted." in result["message"]
    assert set(profiles.domains["amazon-connect-shop"].segments) == {one["name"] for one in renamed}
    assert "_RFM_Lost" not in actions(report(loaded_run))


def test_a_campaigns_segments_end_with_it_although_others_would_stay(loaded_run, profiles):
    own = {
        "name": "_RFM_Campaign_win-back_a", "label": "Campaign win-back a", "kind": "set",
        "set": "campaign:win-back", "value": "a",
    }  # fmt: skip
    loaded_run.write(segments=[*SEGMENTS, {**SEGMENTS[0], **own}])
    assert actions(report(loaded_run))[own["name"]] == "created"
    loaded_run.write(segments=SEGMENTS)
    assert actions(report(loaded_run))[own["name"]] == "deleted"
    assert own["name"] not in profiles.domains["amazon-connect-shop"].segments
    assert own["name"] not in actions(report(loaded_run))


def test_a_load_that_is_held_touches_nothing_and_says_why_and_what_it_would_do(
    loaded_run, profiles
):
    loaded_run.write(["a", "b", "c"], held="Held: too many exits.", adds=1, updates=0, exits=2)
    profiles.calls.clear()
    result = report(loaded_run)
    assert result["message"] == (
        "Held: too many exits. To send: 1 new customer, 0 changes, 2 exits. 0 already up to date. "
        "That is 1 request."
    )
    assert (result["held"], result["sent"], result["segments"]) == ("Held: too many exits.", 0, [])
    assert not profiles.calls


def test_a_destination_that_failed_is_reported_with_what_was_sent_until_then(loaded_run, profiles):
    loaded_run.write(["a", "b"])
    poll_load(loaded_run.event, Context())
    profiles.calls.clear()
    cause = json.dumps({"errorType": "Refused", "errorMessage": "quota of domain x is used up"})
    failure = {"state": "PollLoad", "error": {"Error": "Refused", "Cause": cause}}
    reply = handler({**loaded_run.event, "failure": failure}, None)
    message = "quota of domain x is used up"
    assert reply == {
        "destination": "customer_profiles", "status": "FAILED", "error": "Refused",
        "message": message,
    }  # fmt: skip
    result = json.loads(loaded_run.read("report.json"))
    assert result["failed"] == {"state": "PollLoad", "error": "Refused", "message": message}
    assert (result["sent"], result["segments"]) == (2, [])
    assert result["message"] == (
        f"Failed at PollLoad after sending 2 customers: {message}. "
        "Correct this: the next run sends the rest."
    )
    assert loaded_run.read("refused.csv") == b"customer_id,code,message\n"
    assert not profiles.calls


def test_a_busy_destination_needs_nothing_corrected(loaded_run):
    loaded_run.write(["a"])
    cause = json.dumps({"errorType": "Retryable", "errorMessage": "it was busy"})
    failure = {"state": "StartLoad", "error": {"Error": "Retryable", "Cause": cause}}
    handler({**loaded_run.event, "failure": failure}, None)
    message = json.loads(loaded_run.read("report.json"))["message"]
    assert message.endswith("it was busy. The next run sends the rest.")


def test_a_segment_that_somebody_changed_is_made_anew(loaded_run, profiles):
    loaded_run.write()
    report(loaded_run)
    segment = profiles.domains["amazon-connect-shop"].segments["_RFM_Lost"]
    segment["SegmentGroups"]["Include"] = "NONE"
    after = report(loaded_run)
    assert actions(after) == {
        "_RFM_Lost": "recreated",
        "_RFM_At_Risk": "kept",
        "_RFM_Cluster_1": "kept",
    }
    assert all(one["reference"].endswith(one["name"]) for one in after["segments"])


def test_a_size_that_does_not_come_in_time_is_unknown(loaded_run, profiles, monkeypatch):
    monkeypatch.setattr(
        "adapters.destinations.aws.customer_profiles._ESTIMATE_PAUSES_SECONDS", (0, 0)
    )
    original = profiles.call

    def never_ready(operation, parameters):
        answer = original(operation, parameters)
        return answer | {"Status": "RUNNING"} if operation == "GetSegmentEstimate" else answer

    monkeypatch.setattr(profiles, "call", never_ready)
    loaded_run.write()
    assert {segment["size"] for segment in report(loaded_run)["segments"]} == {None}


def test_the_export_reports_its_files(loaded_run, profiles):
    loaded_run.write(destination="export", desired=7, changes=7)
    result = report(loaded_run, "export")
    assert result["message"] == "Wrote 7 customers and 3 segments to 0 files."
    assert (result["sent"], result["requests"]) == (7, 0)
    assert set(actions(result).values()) == {"written"}
    assert not profiles.calls


def test_the_report_holds_nobodys_data(loaded_run):
    loaded_run.write(["ann"])
    poll_load(loaded_run.event, Context())
    report(loaded_run)
    text = loaded_run.read("report.json").decode()
    assert "example.com" not in text
    assert '"ann"' not in text


BIG = {
    "label": "Big spender",
    "name": "_RFM_Big_spender",
    "kind": "threshold",
    "value": "",
    "meaning": "monetary at least 500.",
    "customers": 1,
    "cells": [],
    "bounds": {"column": "monetary", "at_least": "500", "at_most": ""},
}


def test_a_threshold_is_made_and_made_anew_when_its_bounds_change(loaded_run):
    loaded_run.write(segments=[BIG])
    assert actions(report(loaded_run)) == {"_RFM_Big_spender": "created"}
    loaded_run.write(segments=[BIG])
    assert actions(report(loaded_run)) == {"_RFM_Big_spender": "kept"}
    moved = {**BIG, "bounds": {**BIG["bounds"], "at_most": "900"}}
    loaded_run.write(segments=[moved])
    assert actions(report(loaded_run)) == {"_RFM_Big_spender": "recreated"}
