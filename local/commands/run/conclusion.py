"""What a run came to: as facts, and as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from local.app.system import System
from local.commands.run.request import RunOptions
from local.terminal import plan_table, segment_table
from tessera import naming
from tessera.insights import forecasts, reach
from tessera.insights.cost.words import sentence
from tessera.records.codec import decode
from tessera.records.loads.load import LoadRecord
from tessera.records.run_cost import RunCost
from tessera.records.scoring.score import ScoreRecord

Facts = Mapping[str, Any]


def concluded(
    system: System, request: RunOptions, *, run: tuple[str, str], seconds: float
) -> dict[str, Any]:
    """Return the facts of a run that succeeded.

    ``complete`` is whether every destination got all that was due.
    """
    tenant, run_id = run
    folder = naming.run_prefix(tenant, run_id)
    score = system.read_json(system.data_bucket, folder + naming.SCORE_RECORD)
    prepared = system.read_json(system.data_bucket, folder + naming.PREPARE_RECORD)
    ticket = system.read_json(system.data_bucket, folder + naming.TICKET)
    keys = system.keys(system.identities_bucket, f"{folder}destinations/")
    loads = [
        decode(LoadRecord, value, document=key)
        for key, value in _named(system, keys, naming.LOAD_RECORD)
    ]
    reports = [value for _, value in _named(system, keys, naming.LOAD_REPORT)]
    scored = decode(ScoreRecord, score, document=naming.SCORE_RECORD)
    rows, currency = prepared["rows"], prepared.get("currency") or ""
    plan = system.plan(*run) if request.plan else None
    held = any(report["held"] for report in reports) and not ticket["settings"]["dry_run"]
    return {
        "tenant": tenant,
        "run_id": run_id,
        "as_of": score["as_of"],
        "currency": currency,
        "customers": score["customers"],
        "rows": {
            "read": rows["read"],
            "accepted": rows["accepted"],
            "rejected": rows["rejected"],
            "ignored": rows["ignored"],
        },
        "segments": score["segments"],
        "reach": _reach(loads, scored),
        "forecasts": forecasts.sentences(scored, currency=currency),
        "plan": plan["loads"] if plan else None,
        "expected_cost": plan["expected_cost"] if plan else None,
        "destinations": reports,
        "results": str(request.out),
        "seconds": round(seconds, 1),
        "complete": not held and not any(report["failed"] for report in reports),
    }


def lines(facts: Facts) -> Iterator[str]:
    """Yield the lines that a person reads."""
    yield ""
    yield from segment_table(facts, currency=facts["currency"])
    yield ""
    rows = facts["rows"]
    refused, ignored = sum(rows["rejected"].values()), sum(rows["ignored"].values())
    yield (
        f"  {rows['read']:,} rows read: {rows['accepted']:,} accepted, {refused:,} rejected, "
        f"{ignored:,} ignored. {facts['customers']:,} customers as of {facts['as_of']}."
    )
    if facts["reach"]:
        yield f"  {facts['reach']}"
    if facts["forecasts"]:
        yield f"  {facts['forecasts']}"
    loads = facts["destinations"]
    if facts["plan"] is not None:
        loads = facts["plan"]
        yield from ("", *plan_table(loads), "")
        yield from _cost(facts)
    for each in loads:
        yield f"  {each['destination']}: {each['message']}"
    yield f"  Results: {facts['results']}/ (open report.html first)  [{facts['seconds']:.1f} s]"


def _cost(facts: Facts) -> Iterator[str]:
    """Yield what a run of this size is expected to cost on AWS."""
    if facts["expected_cost"] is not None:
        expected = decode(RunCost, facts["expected_cost"], document="the plan's expected_cost")
        yield f"  {sentence(expected)}"


def _reach(loads: Iterable[LoadRecord], score: ScoreRecord) -> str:
    """Return how many customers can be e-mailed, in the report's own sentence."""
    return reach.sentence(reach.reach_of(loads), score.segments)


def _named(system: System, keys: Iterable[str], name: str) -> Iterator[tuple[str, Any]]:
    """Yield the key and the value of each destination's document of a name."""
    for key in keys:
        if key.endswith(f"/{name}"):
            yield key, system.read_json(system.identities_bucket, key)
