"""The end of the report: what was sent where, and how to arrive at the same result again."""

from __future__ import annotations

from collections.abc import Sequence

from tessera import __version__
from tessera.contracts.destinations import title
from tessera.insights import figures
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import Heading, section, table
from tessera.plurals import plural
from tessera.records.loads.load_report import LoadReport, PlacedSegment
from tessera.records.runs.manifest import Manifest, NamedFile
from tessera.records.runs.run import RunRecords

_COUNTS = {
    "desired": "customers to have there",
    "sent": "sent in this run",
    "adds": "of them new there",
    "updates": "of them changed since",
    "unchanged": "already in place",
    "untold": "not sent: they lack what the destination requires",
    "exits": "who left: labels to take away",
    "refused": "refused",
    "left": "who left and keep their labels",
    "shared_addresses": "addresses shared by several customers",
    "without_address": "without an address",
    "unreadable_phone": "with a phone number that can't be read",
    "unreadable_email": "with an e-mail address that can't be used",
    "requests": "requests",
}

# Where a segment has it: what people need to make it there, or to use it elsewhere.
_ALSO = {"rule": "Its rule, to make it there", "reference": "Its ARN, for outbound campaigns"}


def destinations(records: RunRecords) -> Html:
    """Return each destination's report."""
    return section(
        "What was sent where",
        [_destination(report) for report in records.destinations],
    )


def _destination(report: LoadReport) -> Html:
    counts = [
        element("div", element("dt", name), element("dd", figures.number(getattr(report, key))))
        for key, name in _COUNTS.items()
        if getattr(report, key) or key in {"desired", "sent", "unchanged"}
    ]
    return element(
        "article",
        element("h3", title(report.destination)),
        element("p", report.message) if report.message else None,
        element("dl", counts, class_="counts"),
        _segments(report.segments),
        class_="destination",
    )


def _segments(segments: Sequence[PlacedSegment]) -> Html | None:
    if not segments:
        return None
    also = [name for name in _ALSO if any(getattr(row, name) for row in segments)]
    body: list[list[Child]] = [
        [
            element("code", row.name),
            row.label,
            row.action,
            figures.number(row.size),
            *(_code(getattr(row, name)) for name in also),
        ]
        for row in segments
    ]
    columns = [Heading("Name there"), Heading("Label"), Heading("Action"),
               Heading("Members", number=True)]  # fmt: skip
    columns += [Heading(_ALSO[name], wide=True) for name in also]
    return element(
        "details",
        element("summary", f"{plural(len(segments), 'segment')} there"),
        table("Segments at this destination", columns, body),
    )


def _code(text: str) -> Child:
    return element("code", text) if text else ""


def origin(records: RunRecords, made: Manifest) -> Html:
    """Return what a second run needs to be the same, and the hashes that prove it."""
    same, settings = made.reproducible, records.ticket.settings
    took = records.prepare.timings.get("total_s")
    facts = {
        "Run": records.run_id,
        "Version": f"Tessera {__version__}",
        "Started": figures.instant(records.ticket.started_at),
        "Finished": figures.instant(records.finished_at),
        "Reading and checking took": figures.seconds(took) if took is not None else None,
        "Time zone": settings.time_zone,
        "History": f"{settings.window_months} months" if settings.window_months else "all",
        "Segment definition": records.score.preset,
        "Settings digest": records.ticket.settings_digest,
        "Digest of what was given": same.given_digest,
        "Digest of what was made": same.made_digest,
    }
    return element(
        "footer",
        element("h2", "How to get this again"),
        element(
            "p",
            "The same files, settings and day give the same result, byte for byte. "
            "manifest.json beside this report lists every file's hash.",
        ),
        element(
            "dl",
            [
                element(
                    "div",
                    element("dt", name),
                    element("dd", value),
                    class_="long" if len(value) > _LONG else None,
                )
                for name, value in facts.items()
                if value is not None
            ],
        ),
        _files("Read", same.given.inputs),
        _files("Written", same.made.outputs),
        element(
            "p",
            "Recency counts calendar days from the last order to the day of the report; frequency "
            "counts orders; money is purchases less refunds and returns. Views and refunds never "
            "count as orders. This report holds no personal data.",
            class_="note",
        ),
    )


def _files(title: str, files: Sequence[NamedFile]) -> Html | None:
    if not files:
        return None
    listed = files[:_MOST_FILES]
    body: list[list[Child]] = [
        [
            element("code", file.name),
            figures.size(file.bytes),
            element("code", file.sha256),
        ]
        for file in listed
    ]
    columns = [Heading("File"), Heading("Size", number=True), Heading("SHA-256", wide=True)]
    caption = f"{title}: {plural(len(files), 'file')}"
    if len(files) > len(listed):
        caption += f", the first {len(listed)} shown; manifest.json has all"
    return element("details", element("summary", caption), table(caption, columns, body))


_LONG = 40  # characters that do not fit beside another fact
_MOST_FILES = 40  # the report stays small whatever the number of parts
