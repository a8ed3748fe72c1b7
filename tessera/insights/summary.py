"""summary.json, and the short texts and events made from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from tessera import __version__
from tessera.insights.records import RunRecords
from tessera.records.run_finished import RowCounts, RunFinishedDetail

_BEYOND_SEGMENTS = ("sets", "models", "value", "previous", "movement", "breaker")
_LARGE = ("matrix", "moves")


def summarise(records: RunRecords) -> dict[str, Any]:
    """Return a run's summary: counts, money as text, durations in seconds; nobody's data."""
    prepare, score = records.prepare, records.score
    return {
        "version": __version__,
        "tenant": records.tenant,
        "run_id": records.run_id,
        "as_of": records.as_of,
        "upload": records.upload_name,
        "reupload": prepare.get("reupload"),
        "rows": prepare["rows"],
        "history": prepare["history"],
        "customers": score["customers"],
        "buyers": score["buyers"],
        "orders": score["orders"],
        "monetary": score["monetary"],
        "currency": records.currency,
        "segments": score["segments"],
        "clusters": score["clusters"],
        **_beyond_segments(score),
        "destinations": list(records.destinations),
        "warnings": records.warnings,
        "timings": _timings(records),
        "started_at": records.ticket["started_at"],
        "finished_at": records.finished_at,
    }


def _beyond_segments(score: Mapping[str, Any]) -> dict[str, Any]:
    """Return forecasts, sets and movement; earlier versions' records lack them."""
    parts = {name: score[name] for name in _BEYOND_SEGMENTS if name in score}
    if parts.get("movement"):  # its matrix and moves stay in the score record
        parts["movement"] = {
            name: value for name, value in parts["movement"].items() if name not in _LARGE
        }
    return parts


def _timings(records: RunRecords) -> dict[str, Any]:
    began = dt.datetime.fromisoformat(str(records.ticket["started_at"]))
    ended = dt.datetime.fromisoformat(records.finished_at)
    return {
        "prepare": records.prepare.get("timings", {}),
        "score": records.score.get("timings", {}),
        "total_s": round((ended - began).total_seconds(), 3),
    }


def failed_destinations(reports: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the names of the destinations that failed."""
    return [report["destination"] for report in reports if report.get("failed")]


def event_detail(summary: Mapping[str, Any], *, report: str) -> RunFinishedDetail:
    """Return the detail of the "Run Finished" event; ``report`` is the report's address."""
    rows = summary["rows"]
    return RunFinishedDetail(
        tenant=summary["tenant"],
        run_id=summary["run_id"],
        as_of=summary["as_of"],
        customers=summary["customers"],
        buyers=summary["buyers"],
        orders=summary["orders"],
        monetary=summary["monetary"],
        currency=summary["currency"],
        rows=RowCounts(
            read=rows["read"],
            accepted=rows["accepted"],
            ignored=sum(rows["ignored"].values()),
            rejected=sum(rows["rejected"].values()),
        ),
        segments={item["label"]: item["customers"] for item in summary["segments"]},
        failed_destinations=tuple(failed_destinations(summary["destinations"])),
        report=report,
    )


def notification(summary: dict[str, Any], *, report: str) -> tuple[str, str]:
    """Return the subject and text of the notification of a finished run."""
    rows = summary["rows"]
    rejected = sum(rows["rejected"].values())
    ignored = sum(rows["ignored"].values())
    segments = sum(1 for item in summary["segments"] if item["customers"])
    lines = [
        f"Tenant {summary['tenant']}, as of {summary['as_of']}: {summary['customers']:,} customers "
        f"in {segments} segments.",
        f"Rows: {rows['read']:,} read, {rows['accepted']:,} accepted, {ignored:,} ignored, "
        f"{rejected:,} rejected.",
        *(_sent(report) for report in summary["destinations"]),
        *(f"Note: {warning}" for warning in summary["warnings"]),
        f"Report: {report}",
    ]
    failed = failed_destinations(summary["destinations"])
    but = f", but {', '.join(failed)} failed" if failed else ""
    subject = f"Tessera: {summary['customers']:,} customers segmented ({summary['tenant']}){but}"
    return subject, "\n".join(lines) + "\n"


def _sent(report: Any) -> str:  # noqa: ANN401 (a report is JSON)
    if report.get("held") or report.get("failed"):
        return f"{report['destination']}: {report['message']}"
    return (
        f"{report['destination']}: {report['sent']:,} sent, {report['unchanged']:,} already in "
        f"place, {report['refused']:,} refused."
    )
