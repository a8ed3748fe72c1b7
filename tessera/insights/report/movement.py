"""Who moved since the last run, where to, and why."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from tessera.insights import figures
from tessera.insights.report.drawing import charts, plots
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.sankey import Flow, lay_out
from tessera.insights.report.drawing.table import Heading, section, table
from tessera.plurals import plural
from tessera.records.runs.run import RunRecords
from tessera.records.scoring.movement import Breaker, MoneyChanges, Move, Movement

_NEW, _GONE = "New customers", "No longer known"
_MOST_FLOWS = 16
_MOST_ROWS = 30
_THOUGHTS = {
    "data_corrected": "A correction or a repeated upload: check whether it was meant.",
    "time_passing": "Days went by without an order. Nothing else happened.",
    "own_behaviour": "They ordered, or returned an order. This is what campaigns answer to.",
    "thresholds_moved": "They did nothing: other customers buy more or less than before. "
    "freeze_thresholds in the settings keeps the lines where they are.",
    "definition_changed": "Somebody edited the definition, the window or the time zone.",
}


def movement(records: RunRecords) -> Html | None:
    """Return the moves since the last run. None when there was none and nothing waits."""
    moves, previous = records.score.movement, records.score.previous
    breaker = records.score.breaker
    title, waits = "What moved since the last run", _waits(breaker)
    if moves is None or previous is None:
        return section(title, waits) if waits else None
    return section(
        title,
        waits,
        element("p", _sentence(moves, since=previous.as_of)),
        _money(breaker.money if breaker else None, currency=records.prepare.currency),
        _flows(records, moves, since=previous.as_of),
        _causes(moves),
        _segments(moves),
        _moves(moves),
    )


def _waits(breaker: Breaker | None) -> Html | None:
    if breaker is None or not breaker.waits:
        return None
    return element(
        "aside",
        element("h3", "The circuit breaker asked for a second look"),
        element("p", breaker.reason),
        class_="warnings",
        aria_label="Circuit breaker",
    )


def _money(money: MoneyChanges | None, *, currency: str) -> Html | None:
    """Return how far the money that the last run published is from today's history of it."""
    if money is None or not money.changed:
        return None
    then, now = (figures.money(amount, currency) for amount in (money.before, money.after))
    return element(
        "p",
        f"The money of {plural(money.changed, 'customer')} of the previous run differs "
        f"from what it counted, by corrections or repeated uploads: {then} in total then, {now} "
        "by today's history of the same days.",
    )


def _sentence(moves: Movement, *, since: dt.date) -> str:
    parts = [
        f"{figures.number(customers)} {what}"
        for customers, what in (
            (moves.stayed, "are in the segment they were in"),
            (moves.moved, "moved to another segment"),
            (moves.entered, "are new"),
            (moves.left, "are no longer known"),
        )
        if customers
    ]
    return (
        f"Since {figures.day(since)}: of {plural(moves.customers, 'customer')}, "
        f"{', '.join(parts) or 'none moved'}."
    )


def _flows(records: RunRecords, moves: Movement, *, since: dt.date) -> Html | None:
    counts: Counter[tuple[str, str]] = Counter()
    for row in moves.moves:
        counts[_ends(row)] += row.customers
    if not counts:
        return None
    largest = [Flow(*ends, customers) for ends, customers in counts.most_common(_MOST_FLOWS)]
    order = [*moves.labels, _NEW, _GONE]
    labels = [row.label for row in records.score.segments]
    labels += [label for label in moves.labels if label not in labels]
    return element(
        "div",
        plots.flows(
            lay_out(largest, order=order),
            {label: charts.colour(place) for place, label in enumerate(labels)},
            before=figures.day(since),
            after=figures.day(records.as_of),
        ),
        _rest(counts, shown=len(largest)),
    )


def _ends(move: Move) -> tuple[str, str]:
    return move.source or _NEW, move.to or _GONE


def _rest(counts: Counter[tuple[str, str]], *, shown: int) -> Html | None:
    rest = [customers for _, customers in counts.most_common()[shown:]]
    if not rest:
        return None
    text = (
        f"The {shown} largest moves. {plural(len(rest), 'further one')}, of "
        f"{plural(sum(rest), 'customer')}, are not in the picture."
    )
    return element("p", text, class_="note")


def _causes(moves: Movement) -> Html:
    total = moves.customers
    body: list[list[Child]] = [
        [
            _sentence_case(row.words),
            figures.number(row.customers),
            figures.share(row.customers / total if total else None),
            _THOUGHTS.get(row.cause, ""),
        ]
        for row in moves.causes
        if row.customers
    ]
    columns = [Heading("Because"), Heading("Customers", number=True), Heading("Share", number=True),
               Heading("What to think of it", wide=True)]  # fmt: skip
    if not body:
        return element("p", "Nobody changed segment.", class_="note")
    return table("Why they moved, entered or left", columns, body)


def _segments(moves: Movement) -> Html:
    names = {
        "before": "Before", "moved_in": "Moved in", "entered": "New", "moved_out": "Moved out",
        "left": "Gone", "after": "Now",
    }  # fmt: skip
    body: list[list[Child]] = [
        [row.label, *(figures.number(getattr(row, name)) for name in names)]
        for row in moves.segments
        if row.before or row.after
    ]
    columns = [Heading("Segment"), *(Heading(name, number=True) for name in names.values())]
    return _folded("Each segment before and now", columns, body)


def _moves(moves: Movement) -> Html | None:
    rows = moves.moves
    if not rows:
        return None
    words = {row.cause: row.words for row in moves.causes}
    body: list[list[Child]] = [
        [" → ".join(_ends(row)), figures.number(row.customers), words.get(row.cause, "")]
        for row in rows[:_MOST_ROWS]
    ]
    columns = [Heading("Move"), Heading("Customers", number=True), Heading("Because", wide=True)]
    caption = "Moves by cause"
    if len(rows) > _MOST_ROWS:
        caption += f", the largest {_MOST_ROWS} of {figures.number(len(rows))}"
    return _folded(caption, columns, body)


def _folded(caption: str, columns: Sequence[Heading], body: Sequence[Sequence[Child]]) -> Html:
    return element("details", element("summary", caption), table(caption, columns, body))


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
