"""Lines and documents of a Pinpoint export."""

from __future__ import annotations

import json

import pytest

from tessera.errors import InvalidInput
from tessera.sources.pinpoint.export import HEADER, read_endpoint, segments_in
from tessera.sources.recognition.contract import BY_NAME

ANN = {
    "ChannelType": "EMAIL",
    "Address": "Ann@example.com",
    "EndpointStatus": "ACTIVE",
    "OptOut": "NONE",
    "Location": {"Country": "GB", "City": "Bath", "Region": "Somerset"},
    "Demographic": {"Make": "Apple"},
    "EffectiveDate": "2026-02-12T11:20:13.627Z",
    "CreationDate": "2025-02-12T11:20:13.627Z",
    "Attributes": {"Team": ["Angels"]},
    "User": {"UserId": "C 1", "UserAttributes": {"Plan": ["x"]}},
    "ApplicationId": "0123456789abcdef0123456789abcdef",
    "CohortId": "39",
    "Id": "e1",
}


def endpoint(**changes):
    fields = {name: value for name, value in (ANN | changes).items() if value is not None}
    return read_endpoint(json.dumps(fields).encode())


def test_an_endpoint_is_a_row_that_an_upload_takes():
    row = dict(zip(HEADER, endpoint().row(), strict=True))
    assert row == {
        "CustomerID": "C 1", "Date": "2026-02-12T11:20:13.627Z", "EventName": "VIEWED",
        "Amount": "", "EventID": "pinpoint-e1", "ChannelType": "EMAIL",
        "Address": "Ann@example.com", "City": "Bath", "State": "Somerset", "Country": "GB",
    }  # fmt: skip
    assert set(HEADER) <= {column.header for column in BY_NAME.values()}


def test_its_day_is_the_last_update_or_else_the_first():
    assert endpoint(EffectiveDate=None).seen_at == ANN["CreationDate"]


@pytest.mark.parametrize(
    ("opt_out", "objected"),
    [("NONE", False), (None, False), ("ALL", True), ("none", False), ("SOME", True)],
)
def test_whatever_is_not_none_is_an_objection(opt_out, objected):
    assert endpoint(OptOut=opt_out).has_opted_out is objected


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"User": None}, "no user id"),
        ({"User": {}}, "no user id"),
        ({"EndpointStatus": "INACTIVE"}, "inactive"),
        ({"ChannelType": "CUSTOM"}, "no address outside Pinpoint"),
    ],
)
def test_addresses_that_are_of_no_use_are_known(changes, why):
    assert endpoint(**changes).without_address() == why


def test_mail_addresses_are_the_same_place_without_case_and_tokens_are_not():
    assert endpoint().place == endpoint(Address=" ann@EXAMPLE.com").place
    one, other = (endpoint(ChannelType="GCM", Address=token).place for token in ("aB", "ab"))
    assert one != other


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"oops", "not valid JSON"),
        (b'{"Address": "\xff"}', "not valid JSON in UTF-8"),
        (b"[1]", "no JSON object"),
        (b"{}", "no Id"),
        (json.dumps(ANN | {"Address": ""}).encode(), "no Address"),
        (json.dumps(ANN | {"ChannelType": 7}).encode(), "ChannelType is no text"),
        (json.dumps(ANN | {"User": "C 1"}).encode(), "User is no JSON object"),
        (json.dumps(ANN | {"EffectiveDate": "", "CreationDate": ""}).encode(), "neither"),
    ],
)
def test_a_line_that_is_no_endpoint_is_refused_without_anybodys_data(line, words):
    with pytest.raises(InvalidInput, match=words) as refused:
        read_endpoint(line)
    assert "example.com" not in str(refused.value)


SEGMENT = {"Id": "s", "Name": "Big", "SegmentType": "DIMENSIONAL"}


@pytest.mark.parametrize(
    ("document", "count"),
    [
        ({"SegmentsResponse": {"Item": [SEGMENT, SEGMENT], "NextToken": "x"}}, 2),
        ({"SegmentsResponse": {"Item": []}}, 0),
        ({"SegmentResponse": SEGMENT}, 1),
        (SEGMENT, 1),
        ([SEGMENT], 1),
        (ANN, None),
        ([ANN], None),
        ("Big", None),
    ],
)
def test_segments_are_known_in_what_the_command_line_of_aws_prints(document, count):
    listed = segments_in(document)
    assert (None if listed is None else len(listed)) == count
