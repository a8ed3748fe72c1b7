"""The top of the report: what came in, what it amounts to, what to be careful about."""

from __future__ import annotations

from collections.abc import Mapping

from tessera.events.reasons import BY_CODE, Reason
from tessera.insights import figures
from tessera.insights.reach import has_answers, mailable, reach_of, sentence, total
from tessera.insights.report.drawing import charts
from tessera.insights.report.drawing.markup import Html, element
from tessera.insights.report.drawing.table import Heading, section, table
from tessera.insights.report.facts import fact
from tessera.insights.report.forecasts.front import forecasts
from tessera.insights.sources.words import source_warnings
from tessera.insights.statistics.overview import overview
from tessera.plurals import plural
from tessera.records.customer_totals import CustomerTotals
from tessera.records.loads.load import SegmentReach
from tessera.records.runs.prepare import Rows, Source
from tessera.records.runs.run import RunRecords
from tessera.records.scoring.score import ScoreRecord

_MARK = (  # our sign: a mosaic of four tiles
    ((0, 0), "c1"), ((9, 0), "c5"), ((0, 9), "c8"), ((9, 9), "c2"),
)  # fmt: skip

_CONSOLE = {  # pages of the console about a run
    "overview": "overview",
    "segments": "segments and their customers",
    "movement": "who moved",
    "trust": "trust in forecasts",
}


def header(records: RunRecords, *, console: str) -> Html:
    """Return who, when, and of what, and where to go on in the console if there is one."""
    upload = records.upload_name
    source = f"from {upload}" if upload else "a scheduled run, without a new upload"
    tiles = [
        element("rect", x=x, y=y, width=8, height=8, rx=1.5, class_=kind) for (x, y), kind in _MARK
    ]
    return element(
        "header",
        element(
            "p",
            element("svg", tiles, viewBox="0 0 17 17", class_="mark", aria_hidden="true"),
            "Tessera",
            class_="brand",
        ),
        element("h1", "Customer segments"),
        element(
            "p",
            element("span", f"as of {figures.day(records.as_of)}"),
            element("span", f"tenant {records.tenant}"),
            element("span", source),
            class_="context",
        ),
        _console(records, origin=console) if console else None,
    )


def _console(records: RunRecords, *, origin: str) -> Html:
    """Return links to the console's pages about this run."""
    links = [
        element("span", element("a", title, href=f"{origin}/#/{page}?run={records.run_id}"))
        for page, title in _CONSOLE.items()
    ]
    run = element("a", "this run", href=f"{origin}/#/runs/{records.run_id}")
    return element("p", "In the console: ", links, element("span", run), class_="context")


def headline(records: RunRecords) -> Html:
    """Return the figures that everything below explains, all of the period that counts."""
    reach = reach_of(records.loads)
    contacts = sentence(reach, records.score.segments)
    return element(
        "section",
        element("dl", _orders(records), _loyalty(records), _contacts(reach), class_="headline"),
        _sentence(records.score),
        element("p", contacts) if contacts else None,
        forecasts(records),
        _warnings(records),
        aria_label="In short",
    )


def _orders(records: RunRecords) -> list[Html]:
    seen, currency = overview(records), records.currency
    each = seen.orders_per_buyer
    repeat = "no" if each is None else figures.measure(f"{each:.1f}")
    return [
        fact(figures.number(seen.customers), "Customers", _looking(seen)),
        fact(figures.number(seen.orders), "Orders", f"{repeat} per buyer"),
        fact(
            figures.money(seen.monetary, currency),
            "Net money",
            "purchases less refunds and returns" + ("" if currency else ", currency not given"),
        ),
        fact(
            figures.money(seen.average_order_value, currency, 2),
            "Average order value",
            "net money per order",
        ),
    ]


def _loyalty(records: RunRecords) -> list[Html]:
    """Return who comes back, and how soon. A record of an earlier version does not count it."""
    seen = overview(records)
    if seen.repeat_buyers is None:
        return []
    again = figures.number(seen.repeat_buyers)
    days = seen.median_days_to_second_order
    return [
        fact(
            figures.share(seen.repeat_rate),
            "Repeat rate",
            f"{again} of {plural(seen.buyers, 'buyer')} ordered again",
        ),
        fact(
            figures.NONE if days is None else f"{figures.measure(days)} days",
            "Time to second order",
            "median, from the first day with an order to the next"
            if days is not None
            else "nobody ordered on a second day",
        ),
    ]


def _contacts(reach: Mapping[str, SegmentReach]) -> list[Html]:
    counted = total(reach)
    if not counted.customers:
        return []
    consent = has_answers(counted)
    of_all = f"of {plural(counted.customers, 'customer')} have a usable, separate"
    return [
        fact(
            figures.number(mailable(counted, by_consent=consent)),
            "Can be e-mailed",
            f"{of_all} address" + (" and agreed" if consent else ", consent not recorded"),
        ),
        fact(figures.number(counted.phone), "Can be called", f"{of_all} number"),
    ]


def _looking(seen: CustomerTotals) -> str:
    only = seen.customers - seen.buyers
    return f"{figures.number(only)} without a purchase here" if only else "all have bought"


def _sentence(score: ScoreRecord) -> Html | None:
    """Say which segment brings the most money, and how few they are."""
    best = max(score.segments, key=lambda item: item.monetary_share, default=None)
    # With money going back, shares of the sum can be below nothing or above all of it.
    shares = [item.monetary_share for item in score.segments]
    if best is None or best.monetary_share <= 0 or min(shares) < 0:
        return None
    return element(
        "p",
        element("b", best.label),
        f" are {figures.share(best.share)} of your customers and bring "
        f"{figures.share(best.monetary_share)} of the money.",
        class_="lead",
    )


def _warnings(records: RunRecords) -> Html | None:
    warnings = (*records.warnings, *source_warnings(records.sources))
    if not warnings:
        return None
    return element(
        "aside",
        element("h2", "Before you rely on this"),
        element("ul", [element("li", text) for text in warnings]),
        class_="warnings",
        aria_label="Warnings",
    )


_REUPLOAD = {
    "replaced": "It replaced what an earlier upload of the same name had brought. ",
    "unchanged": "An earlier upload had brought the same rows already. ",
}
_WITHDRAWN = "The upload was withdrawn: its {events} no longer count. "


def intake(records: RunRecords) -> Html:
    """Return what happened to every row of the upload."""
    rows, history = records.prepare.rows, records.prepare.history
    held = (
        f"The history holds {plural(history.events, 'event')} from "
        f"{plural(history.uploads, 'upload')}, "
        f"{figures.day(history.first_event_at)} to {figures.day(history.last_event_at)}."
    )
    if not rows.read:
        left = _WITHDRAWN.format(events=plural(history.withdrawn, "event"))
        what = left if history.withdrawn else "Nothing new. "
        return section("What came in", element("p", f"{what}{held}"))
    counts = [rows.accepted, sum(rows.ignored.values()), sum(rows.rejected.values())]
    spoken = ", ".join(
        f"{figures.number(count)} {name}"
        for count, name in zip(counts, ("accepted", "ignored", "rejected"), strict=True)
    )
    again = _REUPLOAD.get(records.prepare.reupload, "")
    known = _known(records.prepare.history.known_orders)
    return section(
        "What came in",
        element("p", f"{plural(rows.read, 'row')} read: {spoken}. {again}{known}{held}"),
        charts.split(counts, ("good", "idle", "bad"), label=f"Rows: {spoken}"),
        _read_as(records.prepare.source),
        _not_counted(rows),
    )


def _read_as(source: Source) -> Html | None:
    """Return as what the upload was read, and how its dates."""
    dates = f"Dates: {source.dates}." if source.dates else ""
    reads = f"Read as {source.reads}." if source.reads else ""
    text = " ".join(filter(None, (reads, dates)))
    return element("p", text, class_="note") if text else None


def _known(orders: int) -> str:
    """Return the sentence on orders that other uploads have too, empty without any."""
    if not orders:
        return ""
    were = "was" if orders == 1 else "were"
    return f"{plural(orders, 'order')} {were} known already and counted once. "


def _not_counted(rows: Rows) -> Html:
    reasons = [("rejected", *item) for item in _by_count(rows.rejected)]
    reasons += [("ignored", *item) for item in _by_count(rows.ignored)]
    if not reasons:
        return element("p", "Every row was accepted.", class_="note")
    body = [
        [
            element("code", code),
            fate,
            figures.number(count),
            figures.share(count / rows.read),
            _reason(code).meaning,
            _reason(code).advice,
        ]
        for fate, code, count in reasons
    ]
    note = (
        "The run's rejects file holds every rejected row with its line, column and reason. "
        "Correct them in the source and upload the file again: it replaces its rows."
    )
    return element(
        "div",
        table(
            "Rows that were not counted, and why",
            [
                Heading("Reason"), Heading("Fate"), Heading("Rows", number=True),
                Heading("Share", number=True), Heading("Meaning", wide=True),
                Heading("What to do", wide=True),
            ],
            body,
        ),
        element("p", note, class_="note") if rows.rejected else None,
    )  # fmt: skip


def _reason(code: str) -> Reason:
    """Return a code's reason. One of another version has its code as its words."""
    return BY_CODE.get(code) or Reason(code, code.replace("_", " "), "See the rows themselves")


def _by_count(reasons: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(((k, n) for k, n in reasons.items() if n), key=lambda item: (-item[1], item[0]))
