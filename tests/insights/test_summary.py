"""The summary, the manifest and the notification say what happened, and name nobody."""

from __future__ import annotations

import json

from tessera.insights.manifest import manifest
from tessera.insights.summary import event_detail, notification, summarise
from tessera.records.codec import encode
from tessera.records.messages.run_finished import RowCounts


def test_the_summary_holds_the_run(make_records):
    summary = summarise(make_records())
    rows = summary.rows
    left_out = sum(rows.rejected.values()) + sum(rows.ignored.values())
    assert rows.read == rows.accepted + left_out
    assert sum(item.customers for item in summary.segments) == summary.customers
    assert summary.monetary == "8911407.90"
    assert summary.timings.total_s == 11.42
    assert [item.destination for item in summary.destinations] == ["export", "customer_profiles"]


def test_every_warning_is_given_once(make_records):
    records = make_records(prepare={"warnings": ["a", "b"]}, score={"warnings": ["b", "c"]})
    assert summarise(records).warnings == ("a", "b", "c")


def test_the_event_is_small_whatever_the_run(make_records):
    detail = event_detail(summarise(make_records()), report="s3://b/report.html")
    assert detail.rows == RowCounts(read=398412, accepted=397884, ignored=14, rejected=514)
    assert len(json.dumps(encode(detail))) < 5_000


def test_the_notification_has_counts_and_the_address(make_records):
    subject, text = notification(summarise(make_records()), report="s3://b/report.html")
    assert "4,338 customers" in subject
    assert "4,338 customers in 11 segments" in text
    assert "14 ignored, 514 rejected" in text
    assert "customer_profiles: 4,335 sent, 0 already in place, 3 refused." in text
    assert text.endswith("Report: s3://b/report.html\n")


def test_two_runs_of_the_same_data_agree_in_what_is_reproducible(make_records):
    first = make_records()
    written = encode(first)
    text = json.dumps({name: written[name] for name in ("prepare", "score", "loads")})
    other = json.loads(text.replace(first.run_id, "f" * 16))
    ticket = {"run_id": "f" * 16, "started_at": "2027-01-01T00:00:00+00:00"}
    second = make_records(**other, ticket=ticket, finished_at="2027-01-01T00:01:00+00:00")
    assert manifest(second).reproducible == manifest(first).reproducible
    assert manifest(second).run != manifest(first).run


def test_another_output_changes_what_was_made_and_not_what_was_given(make_records):
    first = make_records()
    outputs = [{**encode(first.score.outputs[0]), "sha256": "0" * 64}]
    a, b = (
        manifest(records).reproducible
        for records in (first, make_records(score={"outputs": outputs}))
    )
    assert a.given_digest == b.given_digest
    assert a.made_digest != b.made_digest


def test_the_manifest_lists_every_file_with_its_hash(make_records):
    records = make_records()
    same = manifest(records).reproducible
    files = [*same.given.inputs, *same.made.outputs]
    assert len(files) == 1 + 3 + 1 + 2
    assert all(len(file.sha256) == 64 for file in files)
    assert not any(records.run_id in file.name for file in files)


def test_the_summary_and_the_report_say_how_the_upload_was_read(make_records, outline):
    source = {"mapping": "", "reads": "a plain file", "dates": "day first, as 25.12.2025 shows"}
    records = make_records(prepare={"source": source})
    assert summarise(records).source.dates == "day first, as 25.12.2025 shows"
    assert "Read as a plain file. Dates: day first, as 25.12.2025 shows." in outline(records).text
    silent = make_records(prepare={"source": {"reads": "a plain file", "dates": ""}})
    assert "Dates:" not in outline(silent).text
