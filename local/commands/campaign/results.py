"""What a campaign changed, and what a simulation knows about it, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SIMULATED = "SIMULATED"
_EVENTS = ("delivered", "opened", "clicked", "bounced", "complained", "unsubscribed")


def simulated_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was simulated, and the true effects behind it."""
    yield f"  {report['messages']:,} messages, simulated with seed {report['seed']}"
    for kind, count in sorted(report["reactions"].items()):
        yield f"  {count:9,}  with at least one {kind}"
    yield f"  {report['orders']:9,}  orders until {report['as_of']}"
    yield f"  true effect: {_points(report['everybody']['difference'])} of buyers"
    for band, truth in report["by_band"].items():
        people = f"{truth['people']:,} people"
        yield f"    {band or 'no band':10} {_points(truth['difference'])}, {people}"


def result_lines(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield the effects: all together and by group, then variants against each other."""
    if results.get("simulated"):
        yield f"  {SIMULATED} purchases are in these figures, as of {results['as_of']}"
    for one in results["slices"]:
        group = "everybody" if one["by"] == "all" else f"{one['by']} {one['group']}"
        yield f"  {group:24} {_effect(one['conversion'])}"
        if one["revenue"] is not None:
            yield f"  {'':24} {_revenue(one['revenue'])}"
    for one in results.get("variants", ()):
        yield from _variant_lines(one)
    yield from (f"  {note}" for note in results["notes"])


def _variant_lines(pair: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {pair['words']}"
    for name in ("orders", "revenue"):
        if made := pair[name]:
            yield f"  {'':24} {name} a person {_between(made['difference'])}, {made['verdict']}"
    if pair["margin"] is not None:
        yield f"  {'':24} margin a person {_between(pair['margin'])}"


def figure_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """Yield what happened to a run's messages: all of them, by churn band and by variant."""
    if figures["simulated"]:
        yield f"  {SIMULATED} reactions"
    yield "  " + " ".join((f"{'':12}", *(f"{name:>12}" for name in ("recipients", *_EVENTS))))
    groups = [("all", figures["total"])]
    groups += [(one["group"] or "unknown", one) for one in figures["by_band"]]
    groups += [(one["group"], one) for one in figures["by_variant"]]
    for name, one in groups:
        counts = (one["recipients"], *(_count(one, event) for event in _EVENTS))
        yield "  " + " ".join((f"{name:12}", *(f"{count:12,}" for count in counts)))
    yield from (f"  {note}" for note in figures["notes"])


def _count(group: Mapping[str, Any], event: str) -> int:
    return int(group["unsubscribed"] if event == "unsubscribed" else group["events"][event])


def _effect(conversion: Mapping[str, Any]) -> str:
    shares = " against ".join(
        f"{conversion[buyers]:,} of {conversion[people]:,}"
        for buyers, people in (
            ("treated_buyers", "treated"), ("held_out_buyers", "held_out"),
        )
    )  # fmt: skip
    if conversion["difference"] is None:
        return f"{shares}: {conversion['verdict']}"
    low, high = (_points(conversion[name]) for name in ("low", "high"))
    difference = f"{_points(conversion['difference'])} ({low} to {high})"
    return f"{shares}: {difference}, {conversion['verdict']}"


def _revenue(effect: Mapping[str, Any]) -> str:
    low, high = effect["incremental_low"], effect["incremental_high"]
    return f"incremental revenue {effect['incremental']:+,.2f} ({low:+,.2f} to {high:+,.2f})"


def _between(made: Mapping[str, float]) -> str:
    return f"{made['value']:+,.4f} ({made['low']:+,.4f} to {made['high']:+,.4f})"


def _points(share: float) -> str:
    return f"{100 * share:+.2f} points"
