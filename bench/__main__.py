"""``python -m bench [PART ...]``: measure Tessera against plain tools and peers, in one run.

The parts: ``summaries`` (events to customers), ``models`` (purchase and spend), ``clusters``
(K-Means), ``run`` (the whole offline run), ``destinations`` (a million customers at each),
``planning`` (what is to be sent to a destination), ``example`` (its latency), ``churn`` (beside
boosting libraries), ``forecasts`` (on shops whose outcome is known), ``loyalty`` (the score of
loyalty on the same shops), ``forecast_scale`` (of a large shop), ``score`` (the job, for 1 and 10
million customers), ``insights`` (the groups of 10 million customers), ``api`` (its latency with as
many), ``search`` (by id or address, among a million and ten), ``explanations`` (one of 10 million
explained), ``templates`` (a campaign's messages), ``plans`` (the plan of one for a million
customers), ``many_uploads`` (one history as an upload and as a thousand), ``kills`` (a hundred
killed workers of a run of 100,000 recipients), ``changes`` (change files folded to an upload),
``pull`` (a million orders of each shop, or of ``--shop``), ``stream`` (a million clicks stored, and
read exactly), ``labels`` (events that move labels), ``erase`` (a thousandth of a large shop's
customers erased, and ``--kills`` killed erasures), ``tenants`` (the runs of 50 tenants at once, or
of ``--tenants``), ``uplift`` (who reacts, learnt on a million people), ``effect`` (campaigns whose
true effect is known, ``--campaigns`` of each kind), ``variants`` (the same of two variants),
``recommend`` (next products), ``guard`` (small sizes beside what was accepted last), ``functions``
(the example in functions in place of jobs).
Without any, all of them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from bench import (
    api,
    changes,
    churn,
    clusters,
    destinations,
    explanations,
    functions,
    guard,
    insights,
    labels,
    latency,
    many_uploads,
    models,
    planning,
    pull,
    recommend,
    report,
    scoring,
    search,
    stream,
    summaries,
    templates,
    tenants,
    whole_run,
)
from bench.campaigns import kills, plans
from bench.effect import measure as effect
from bench.erasure import measure as erasure
from bench.forecasts import loyalty, scale
from bench.forecasts import measure as forecasts
from bench.report import Section
from bench.shops import SHOPS
from bench.uplift import measure as uplift

_PARTS: dict[str, Callable[[argparse.Namespace], Section]] = {
    "summaries": lambda options: summaries.measure(
        _sizes(options), memory_mb=options.memory_mb, say=_say
    ),
    "models": lambda options: models.measure(options.customers, say=_say),
    "clusters": lambda options: clusters.measure(10 * options.customers, say=_say),
    "run": lambda options: whole_run.measure(max(options.events), say=_say),
    "destinations": lambda _: destinations.measure(say=_say),
    "score": lambda _: scoring.measure(say=_say),
    "insights": lambda _: insights.measure(say=_say),
    "api": lambda _: api.measure(say=_say),
    "functions": lambda _: functions.measure(say=_say),
    "kills": lambda _: kills.measure(say=_say),
    "plans": lambda _: plans.measure(say=_say),
    "pull": lambda options: pull.measure(options.shop, say=_say),
    "changes": lambda options: changes.measure(
        max(options.events), memory_mb=options.memory_mb, say=_say
    ),
    "stream": lambda _: stream.measure(say=_say),
    "erase": lambda options: erasure.measure(
        customers=options.customers,
        events=max(options.events),
        kills=options.kills,
        say=_say,
    ),
    "labels": lambda _: labels.measure(say=_say),
    "explanations": lambda options: explanations.measure(10 * options.customers, say=_say),
    "search": lambda _: search.measure(say=_say),
    "planning": lambda _: planning.measure(say=_say),
    "templates": lambda _: templates.measure(say=_say),
    "tenants": lambda options: tenants.measure(options.tenants, say=_say),
    "many_uploads": lambda _: many_uploads.measure(say=_say),
    "uplift": lambda options: uplift.measure(options.data, say=_say),
    "example": lambda _: latency.measure(say=_say),
    "churn": lambda options: churn.measure(options.data, say=_say),
    "forecasts": lambda options: forecasts.measure(options.data, say=_say),
    "loyalty": lambda options: loyalty.measure(options.data, say=_say),
    "effect": lambda options: effect.measure(options.data, campaigns=options.campaigns, say=_say),
    "variants": lambda options: effect.measure_variants(campaigns=options.campaigns, say=_say),
    "recommend": lambda options: recommend.measure(options.customers, say=_say),
    "guard": lambda _: guard.measure(say=_say),
    "forecast_scale": lambda options: scale.measure(options.customers, say=_say),
}


def main() -> int:
    """Print each part's table as it is done, then all targets. Return 1 when one was missed."""
    options = _options()
    # Some containers set it. Each process would compile what it imports, and be measured with it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    lines: list[str] = []
    ratios: list[report.Ratio] = []

    def out(*more: str) -> None:
        lines.extend(more)
        sys.stdout.write("".join(f"{line}\n" for line in more))
        sys.stdout.flush()

    out(report.machine(), "")
    for name, measure in _PARTS.items():
        if options.parts and name not in options.parts:
            continue
        section = measure(options)
        ratios += section.ratios
        out(f"**{section.title}**", "", *section.lines, "")
    out(*report.ratio_table(ratios))
    if options.markdown:
        options.markdown.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if options.json:
        options.json.write_text(report.ratio_document(ratios), encoding="utf-8")
    return 0 if all(ratio.met for ratio in ratios) else 1


def _sizes(options: argparse.Namespace) -> list[int]:
    return sorted({*options.events, *([summaries.FULL] if options.full else [])})


def _say(line: str) -> None:
    load = os.getloadavg()[0]
    sys.stderr.write(f"{line} (load {load:.1f})\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(_PARTS))
    parser.add_argument(
        "--events", type=int, nargs="+", default=[1_000_000, 10_000_000], help="how many, each"
    )
    parser.add_argument("--full", action="store_true", help="30 M events too, without pandas")
    parser.add_argument(
        "--customers", type=int, default=1_000_000, help="of the models; clusters have ten times"
    )
    parser.add_argument(
        "--memory-mb", type=int, default=1024, help="the engine's limit, as in Prepare's container"
    )
    parser.add_argument(
        "--shop", nargs="+", choices=SHOPS, default=SHOPS, help="whose orders are pulled"
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="public data that may not be shipped: churn, forecasts, loyalty, uplift and effect",
    )
    parser.add_argument(
        "--tenants", type=int, default=tenants.TENANTS, help="whose runs start at once"
    )
    parser.add_argument(
        "--campaigns", type=int, default=1000, help="simulated in each world of effect"
    )
    parser.add_argument("--kills", type=int, default=200, help="of erasures")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the last table there too")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(_PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}: {', '.join(_PARTS)} are")
    return options


if __name__ == "__main__":
    raise SystemExit(main())
