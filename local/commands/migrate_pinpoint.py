"""``tessera migrate-pinpoint``: what an Amazon Pinpoint export becomes in Tessera."""

from __future__ import annotations

import contextlib
import csv
import gzip
import itertools
import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from local.app import outputs
from local.terminal import Terminal
from tessera.errors import InvalidInput
from tessera.segments.sets.catalog import sets_for
from tessera.settings import RunSettings
from tessera.sources.pinpoint.export import (
    HEADER,
    OPTED_OUT_HEADER,
    Endpoint,
    read_endpoint,
    segments_in,
)
from tessera.sources.pinpoint.segments import Became, translate
from tessera.sources.toml_text import to_toml

CUSTOMERS, OPTED_OUT, SETTINGS, REPORT = (
    "customers.csv", "opted_out.csv", "settings.toml", "report.txt",
)  # fmt: skip
_GZIP = b"\x1f\x8b"
_SHOWN = 20
_LISTED = 1_000
_LOOKED_AT = 100  # rows of a file that is no export, before it is given up
_NO_ORDERS = (
    "An export has no orders: customers.csv says who is who, and segments need the order history, "
    "uploaded as ever. Import opted_out.csv into the new tool before anything is sent from it."
)


class Export:
    """The files of an export, read as often as it takes, one line at a time.

    Parameters
    ----------
    path
        A file, or a folder as export jobs fill it, with files of segments in it or beside it.
    """

    def __init__(self, path: Path) -> None:
        self.files = [path] if path.is_file() else sorted(filter(_is_data, path.rglob("*")))
        if not self.files:
            raise InvalidInput(f"{path} has no file: give an export of Pinpoint, or its folder")
        self._root = path if path.is_dir() else path.parent
        self.bad: list[str] = []
        self.refused = 0

    def segments(self) -> list[Mapping[str, Any]]:
        """Return the segments of every file that is one JSON document of them."""
        return [one for path in self.files for one in _segments(path) or ()]

    def endpoints(self, *, report: bool = False) -> Iterator[Endpoint]:
        """Yield every endpoint. ``report`` keeps the lines that are none, by file and row."""
        for path in self.files:
            if _segments(path) is not None:
                continue
            with _opened(path) as lines, _named(path):
                for row, line in enumerate(lines, 1):
                    try:
                        if line.strip():
                            yield read_endpoint(line)
                    except InvalidInput as error:
                        if report:
                            self._refuse(f"{path.relative_to(self._root)} row {row}: {error}")

    def check(self) -> None:
        """Refuse files of which none has an endpoint or a segment, before anything is written.

        Raises
        ------
        InvalidInput
            Nothing in the first rows is one.
        """
        if any(_segments(path) is not None for path in self.files):
            return
        first = ""
        for path in self.files:
            with _opened(path) as lines, _named(path):
                for row, line in enumerate(itertools.islice(lines, _LOOKED_AT), 1):
                    try:
                        read_endpoint(line)
                    except InvalidInput as error:
                        first = first or f"{path.name} row {row}: {error}"
                    else:
                        return
        if first:
            raise InvalidInput(
                f"{self.files[0]} is no export of Amazon Pinpoint: expected a JSON object a line, "
                f"as an export job of endpoints writes it, or segments. {first}"
            )

    def _refuse(self, message: str) -> None:
        self.refused += 1
        if len(self.bad) < _LISTED:
            self.bad.append(message)


def migrate(path: Path, *, out: Path, columns: Mapping[str, str], terminal: Terminal) -> bool:
    """Convert an export. Return whether all of its lines could be read.

    Parameters
    ----------
    path
        The export: a file or a folder.
    out
        The folder for the results. Files of an earlier call there are replaced.
    columns
        What metrics and attributes of segments mean: profile columns by their names.

    Raises
    ------
    InvalidInput
        There is no export, or nothing in it is one. The message names the file.
    """
    if not path.exists():
        raise InvalidInput(f"{path} does not exist: give an export of Pinpoint, or its folder")
    export = Export(path)
    export.check()
    outputs.check_writable(out)
    out.mkdir(parents=True, exist_ok=True)
    counts = Counter[str]()
    opted_out = _write_opted_out(out / OPTED_OUT, export, counts)
    _write_customers(out / CUSTOMERS, export, counts, opted_out)
    done = translate(export.segments(), columns=columns)
    if not counts["endpoints"] and not done.became and not export.refused:
        raise InvalidInput(f"{path} has neither endpoints nor segments in it")
    _write_settings(out / SETTINGS, done.settings)
    lines = [*_counted(counts), "", *_translations(done.became), "", _NO_ORDERS]
    problems = [f"{export.refused:,} lines could not be read:", *export.bad] if export.bad else []
    (out / REPORT).write_text("\n".join([*lines, "", *problems]).strip() + "\n", encoding="utf-8")
    for line in lines:
        terminal.say(f"  {line}".rstrip())
    for line in problems[: _SHOWN + 1]:
        terminal.error(line)
    terminal.say(f"\n  Written to {out}/: {CUSTOMERS}, {OPTED_OUT}, {SETTINGS}, {REPORT}")
    return not problems


def _write_opted_out(path: Path, export: Export, counts: Counter[str]) -> set[tuple[str, str]]:
    """Write who opted out, count all endpoints, and return the places of opt-outs."""
    places = set[tuple[str, str]]()
    with _table(path, OPTED_OUT_HEADER) as write:
        for endpoint in export.endpoints(report=True):
            counts["endpoints"] += 1
            if endpoint.has_opted_out:
                counts["opted out"] += 1
                places.add(endpoint.place)
                write(endpoint.objection())
    return places


def _write_customers(
    path: Path, export: Export, counts: Counter[str], opted_out: set[tuple[str, str]]
) -> None:
    """Write the addresses at which nobody objected, and count why others are omitted."""
    customers = set[str]()
    with _table(path, HEADER) as write:
        for endpoint in export.endpoints():
            objected = "somebody opted out there" if endpoint.place in opted_out else ""
            why = endpoint.without_address() or objected
            counts[f"omitted: {why}" if why else "rows"] += 1
            if not why:
                customers.add(endpoint.customer_id)
                write(endpoint.row())
    counts["customers"] = len(customers)


def _write_settings(path: Path, settings: Mapping[str, Any]) -> None:
    text = to_toml(settings)
    sets_for(RunSettings.parse(tomllib.loads(text)))  # what a run would say of it
    comment = (
        "# From Amazon Pinpoint's segments: add it to the tenant's settings (docs/settings.md).\n"
    )
    path.write_text(comment + text, encoding="utf-8")


def _counted(counts: Counter[str]) -> list[str]:
    first = [
        f"{counts['endpoints']:,} endpoints: {counts['rows']:,} rows of "
        f"{counts['customers']:,} customers in {CUSTOMERS}",
        f"{counts['opted out']:,} of them opted out, all listed in {OPTED_OUT}",
    ]
    rest = sorted((name, number) for name, number in counts.items() if name.startswith("omitted"))
    return first + [f"{number:,} {name}" for name, number in rest]


def _translations(became: Sequence[Became]) -> list[str]:
    good = [one for one in became if one.place]
    return [
        f"{len(good):,} of {len(became):,} segments translated",
        *(f"{one.name} → {one.place}{f', {one.why}' if one.why else ''}" for one in good),
        *(f"{one.name} – not translated: {one.why}" for one in became if not one.place),
    ]


@contextlib.contextmanager
def _table(path: Path, header: Sequence[str]) -> Iterator[Callable[[Sequence[str]], object]]:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(header)
        yield lines.writerow


def _is_data(path: Path) -> bool:
    return path.is_file() and not path.name.startswith((".", "_")) and path.stat().st_size > 0


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError) as error:
        raise InvalidInput(
            f"{path} cannot be read ({error}): expected JSON, plain or gzipped"
        ) from error


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with _named(path), path.open("rb") as file:
        start = file.read(2)
    opened: Any = gzip.open if start == _GZIP else open
    with opened(path, "rb") as lines:
        yield lines


def _segments(path: Path) -> list[Mapping[str, Any]] | None:
    """Return a file's segments, None when it has endpoints, whose first line is all of a value."""
    with _opened(path) as lines, _named(path):
        text = lines.readline()
        if text.strip() in (b"{", b"["):
            text += lines.read()
    try:
        return segments_in(json.loads(text))
    except ValueError:
        return None
