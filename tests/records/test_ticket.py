"""What decides a run's id, and what does not."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools

import pytest

from tessera.records.codec import decode, encode
from tessera.records.runs.ticket import Part, Ticket, Upload, upload_id
from tessera.settings import RunSettings

PART = Part(key="uploads/x.csv", version_id="v1", etag="e1", bytes=10)
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def upload(*parts: Part) -> Upload:
    return Upload.of("uploads/x.csv", parts=parts)


issue = functools.partial(
    Ticket.issue,
    tenant="default",
    trigger="upload",
    settings=RunSettings(),
    started_at=NOON,
    upload=upload(PART),
)
TICKET = issue()


def test_the_same_work_has_the_same_id_whenever_it_starts():
    assert issue(started_at=NOON + dt.timedelta(days=40)).run_id == TICKET.run_id


@pytest.mark.parametrize(
    "change",
    [
        {"tenant": "shop"},
        {"as_of": dt.date(2026, 11, 22)},
        {"settings": RunSettings(clusters=3)},
        {"upload": upload(dataclasses.replace(PART, version_id="v2"))},
        {"upload": upload(PART, PART)},
        {"upload": None},
    ],
)
def test_other_work_has_another_id(change):
    assert issue(**change).run_id != TICKET.run_id


def test_an_upload_of_attributes_has_its_id_by_the_same_rule():
    assert issue(upload=None, attributes=upload(PART)).run_id == TICKET.run_id


def test_a_bucket_without_versions_distinguishes_uploads_by_their_content():
    def run_id(etag):
        part = dataclasses.replace(PART, version_id="", etag=etag)
        return issue(upload=upload(part)).run_id

    assert run_id("e1") != run_id("e2")


def test_the_jobs_read_what_was_decided():
    written = encode(TICKET)
    assert written["upload"]["id"] == upload_id("uploads/x.csv")
    assert written["started_at"] == "2026-11-22T12:00:00.000+00:00"
    read = decode(Ticket, written, document="ticket.json")
    assert read == TICKET
    assert read.source is not None
    assert read.source.bytes == 10


def test_a_setting_that_an_older_version_lacked_has_its_default():
    written = encode(TICKET)
    del written["settings"]["requests_per_minute"], written["attributes"]
    assert decode(Ticket, written, document="ticket.json") == TICKET
