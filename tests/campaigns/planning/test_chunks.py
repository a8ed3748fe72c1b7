"""Chunks: one window each, files that are checked, and a manifest that holds the plan."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.planning.chunks import chunk_file, read_chunk, rewritten_from
from tessera.campaigns.planning.manifest import RunManifest, run_id, run_manifest
from tessera.campaigns.planning.planned_recipients import chunked, planned_recipients
from tessera.campaigns.planning.send_times import windows_for
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode
from tests.campaigns.made import schedule
from tests.campaigns.planning.made import TODAY, Shopper, batches, planned, shopper, terms

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
BY = terms(holdout={"share": 0.3})
PEOPLE = [
    shopper(f"c{number:02}", country=["Germany", "US", None][number % 3], first_name="Ann")
    for number in range(40)
]


def chunks_of(rows: list[Shopper], *, size: int = 5):
    plan = planned(rows, by=BY)
    everybody = list(
        planned_recipients(plan, batches(rows), definition=BY.definition, shop_zone="Asia/Tokyo")
    )
    window_of = windows_for(BY.definition, settings=CampaignSettings(), today=TODAY, now=NOW)
    return plan, everybody, list(chunked(everybody, window_of=window_of, size=size))


def test_everybody_of_the_plan_is_in_one_chunk_and_held_out_people_in_none_that_is_sent():
    plan, everybody, chunks = chunks_of(PEOPLE)
    sent = [r for one in chunks if one.name.startswith("chunks/") for r in one.recipients]
    held = [r for one in chunks if one.name.startswith("holdout/") for r in one.recipients]
    assert len(sent) == plan.counts.eligible
    assert len(held) == plan.counts.held_out > 0
    assert {r.recipient for r in sent} | {r.recipient for r in held} == {
        one.recipient.recipient for one in everybody
    }
    assert not {r.address for r in sent} & {r.address for r in held}
    assert max(len(one.recipients) for one in chunks) == 5
    assert len({one.name for one in chunks}) == len(chunks)


def test_a_chunk_has_one_window_that_of_its_recipients_clock():
    _, _, chunks = chunks_of(PEOPLE)
    opens = {
        (r.country, one.opens_at.isoformat(timespec="minutes"))
        for one in chunks
        for r in one.recipients
    }
    assert opens == {
        ("DE", "2026-12-01T08:00+00:00"),  # 09:00 in Berlin
        ("US", "2026-12-01T16:00+00:00"),  # 11:00 in New York, 08:00 in Los Angeles
        ("", "2026-12-01T06:00+00:00"),  # at once: it is 15:00 in Tokyo
    }


def test_a_recipient_has_labels_zone_and_fields():
    _, everybody, _ = chunks_of([shopper("ann", first_name="Ann", time_zone="Europe/Paris")])
    (one,) = everybody
    assert one.recipient.fields == {"first_name": "Ann"}
    assert (one.recipient.segment, one.recipient.churn_band, one.recipient.value_tier) == (
        "At Risk", "High", "Low",
    )  # fmt: skip
    assert (one.recipient.address, one.recipient.customer_key) == ("ann@mail.example", "ann")
    assert (one.recipient.time_zone, one.recipient.country) == ("Europe/Paris", "DE")
    assert one.place.is_known


def test_the_shops_clock_counts_for_all_where_the_schedule_says_so():
    by = terms(schedule=schedule(zone="shop"))
    rows = [shopper("ann", country="US"), shopper("bo", country=None)]
    plan = planned(rows, by=by)
    zones = {
        one.place.zones
        for one in planned_recipients(
            plan, batches(rows), definition=by.definition, shop_zone="Asia/Tokyo"
        )
    }
    assert zones == {("Asia/Tokyo",)}


def test_a_chunks_file_reads_back_and_a_changed_one_is_refused():
    _, _, chunks = chunks_of(PEOPLE)
    content, entry = chunk_file(chunks[0])
    assert json.loads(content) == encode(chunks[0])
    assert read_chunk(content, entry=entry) == chunks[0]
    assert chunk_file(chunks[0])[0] == content
    with pytest.raises(InvalidInput, match=r"chunk .*\.json: its file has the SHA-256"):
        read_chunk(content.replace(b"Ann", b"Bob"), entry=entry)
    erased = content.replace(b"Ann", b"Bob")
    was = rewritten_from(content, earlier="0 1 2 3 4 5 6 7")
    assert was.split()[0] == "1"
    assert read_chunk(erased, entry=entry, was=lambda: was).name == entry.name


def test_a_manifest_lists_the_chunks_and_holds_the_deadlines():
    plan, _, chunks = chunks_of(PEOPLE)
    entries = [chunk_file(one)[1] for one in chunks]
    facts = {
        "definition": BY.definition,
        "planned_at": NOW,
        "counts": plan.counts,
        "zone_unknown": 3,
    }
    manifest = run_manifest(run_id("win-back", number=7), entries=entries, **facts)
    assert manifest.run == "win-back-r007"
    assert manifest.start_by == NOW + dt.timedelta(hours=24)
    assert manifest.finish_by == NOW + dt.timedelta(hours=72)
    assert len(manifest.chunks) + len(manifest.holdout) == len(chunks)
    assert decode(RunManifest, encode(manifest), document="manifest") == manifest
    with pytest.raises(InvalidInput, match=r"chunks hold \d+ people, expected \d+ as planned"):
        run_manifest("win-back-r007", entries=entries[1:], **facts)


def test_a_run_without_anybody_has_an_empty_manifest():
    plan, _, chunks = chunks_of([])
    facts = {"definition": BY.definition, "planned_at": NOW, "zone_unknown": 0}
    manifest = run_manifest("win-back-r001", counts=plan.counts, entries=[], **facts)
    assert chunks == []
    assert manifest.chunks == manifest.holdout == ()


def test_customers_that_have_changed_since_the_plan_are_an_error():
    plan = planned(PEOPLE, by=BY)
    with pytest.raises(InvalidInput, match="have changed since: plan the run again"):
        list(
            planned_recipients(
                plan, batches(PEOPLE[:10]), definition=BY.definition, shop_zone="UTC"
            )
        )
