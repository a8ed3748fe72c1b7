"""``tessera compare``: what moved between two runs of a state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from local.app.state.files import StateFiles
from local.terminal import Terminal, table
from tessera.errors import InvalidInput
from tessera.records.runs.run_item import RunItem

ABSENT = ""  # the segment of a customer who is not in a run
_COLUMNS = ["customer_key", "segment", "monetary"]
_MOVES_SHOWN = 15


def compare(path: Path, first: str, second: str, *, as_json: bool, terminal: Terminal) -> None:
    """Print how segments and money differ between two runs, and who moved where.

    Parameters
    ----------
    path
        The state's folder.
    first, second
        The runs' ids, or the start of them.

    Raises
    ------
    InvalidInput
        There is no such run, or the two are different tenants'.
    """
    state = StateFiles(path)
    runs = (state.find(first), state.find(second))
    if runs[0].tenant != runs[1].tenant:
        raise InvalidInput(
            f"{runs[0].run_id} is a run of tenant {runs[0].tenant!r}, {runs[1].run_id} of "
            f"{runs[1].tenant!r}: compare runs of one tenant"
        )
    facts = facts_of(*(_described(state, run) for run in runs))
    if as_json:
        terminal.json(facts)
        return
    for line in lines(facts):
        terminal.say(line)


def _described(state: StateFiles, run: RunItem) -> dict[str, Any]:
    summary = state.summary(run)
    profiles = [pq.read_table(file, columns=_COLUMNS) for file in state.profiles(run)]
    return {
        "run": {
            "run_id": run.run_id, "as_of": summary["as_of"], "upload": run.upload,
            "customers": summary["customers"], "monetary": summary["monetary"],
            "currency": summary["currency"],
        },
        "labels": [one["label"] for one in summary["segments"]],
        "profiles": pa.concat_tables(profiles),
    }  # fmt: skip


def facts_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the differences between two runs.

    Parameters
    ----------
    before, after
        ``run``, ``labels`` and ``profiles`` (customer_key, segment, monetary) of each.
    """
    labels = list(dict.fromkeys([*after["labels"], *before["labels"]]))
    sizes = [_sizes(one["profiles"]) for one in (before, after)]
    return {
        "before": before["run"],
        "after": after["run"],
        "segments": [
            {
                "label": label,
                **{
                    f"{name}_{when}": each[label][name]
                    for when, each in zip(("before", "after"), sizes, strict=True)
                    for name in ("customers", "monetary")
                },
            }
            for label in labels
        ],
        "moves": _moves(before["profiles"], after["profiles"]),
    }


def _sizes(profiles: pa.Table) -> Mapping[str, dict[str, Any]]:
    """Return customers and money by segment."""
    grouped = profiles.group_by("segment").aggregate([("monetary", "sum"), ("segment", "count")])
    sizes = _Sizes()
    for row in grouped.to_pylist():
        money = row["monetary_sum"] or Decimal(0)
        sizes[row["segment"]] = {"customers": row["segment_count"], "monetary": str(money)}
    return sizes


class _Sizes(dict[str, dict[str, Any]]):
    """Sizes by segment: one that nobody is in has none."""

    def __missing__(self, _label: str) -> dict[str, Any]:
        return {"customers": 0, "monetary": "0"}


def _moves(before: pa.Table, after: pa.Table) -> list[dict[str, Any]]:
    """Return how many customers went from which segment to which, the largest number first."""
    joined = before.select(["customer_key", "segment"]).join(
        after.select(["customer_key", "segment"]),
        keys="customer_key", join_type="full outer", left_suffix="_from", right_suffix="_to",
    )  # fmt: skip
    counted = joined.group_by(["segment_from", "segment_to"]).aggregate([([], "count_all")])
    moves = Counter[tuple[str, str]]()
    for row in counted.to_pylist():
        moves[row["segment_from"] or ABSENT, row["segment_to"] or ABSENT] += row["count_all"]
    return [
        {"from": source, "to": target, "customers": customers}
        for (source, target), customers in sorted(moves.items(), key=lambda one: (-one[1], one[0]))
        if source != target
    ]


def lines(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that a person reads."""
    for when in ("before", "after"):
        run = facts[when]
        money = f"{float(run['monetary'] or 0):,.2f} {run['currency']}".strip()
        upload = f", {run['upload']}" if run["upload"] else ""
        yield (
            f"  {when:<7} {run['run_id']}  as of {run['as_of']}{upload}: "
            f"{run['customers']:,} customers, {money}"
        )
    yield ""
    yield from table(
        ["Segment", "Before", "After", "Change", "Money before", "Money after"],
        [_row(one) for one in facts["segments"]],
    )
    yield ""
    moves = facts["moves"]
    if not moves:
        yield "  Nobody moved."
        return
    names = {ABSENT: "(not in the run)"}
    yield from table(
        ["From", "To", "Customers"],
        [
            [names.get(one["from"], one["from"]), names.get(one["to"], one["to"]),
             f"{one['customers']:,}"]
            for one in moves[:_MOVES_SHOWN]
        ],
    )  # fmt: skip
    if len(moves) > _MOVES_SHOWN:
        yield f"  and {len(moves) - _MOVES_SHOWN} smaller moves: --json has all"


def _row(one: Mapping[str, Any]) -> list[str]:
    before, after = one["customers_before"], one["customers_after"]
    money = [f"{float(one[f'monetary_{when}']):,.2f}" for when in ("before", "after")]
    return [one["label"], f"{before:,}", f"{after:,}", f"{after - before:+,}", *money]
