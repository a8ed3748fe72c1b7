"""Records of a run of the Online Retail history. Its rejected and refused rows are made up."""

from __future__ import annotations

import copy
import html.parser
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tessera.insights.manifest import manifest
from tessera.insights.report.page import render
from tessera.records.codec import decode
from tessera.records.runs.run import RunRecords

_DATA = Path(__file__).parents[1] / "data"
_RUN = json.loads((_DATA / "online_retail_run.json").read_text())


def _records(**changes: Any) -> RunRecords:
    values = copy.deepcopy(_RUN)
    for name, change in changes.items():
        values[name] = {**values[name], **change} if isinstance(change, dict) else change
    return decode(RunRecords, values, document="a test's records", tolerant=True)


@pytest.fixture
def make_records() -> Callable[..., RunRecords]:
    """Make records. ``prepare={"currency": "SEK"}`` changes one member of one document."""
    return _records


@pytest.fixture
def shop_records() -> Callable[..., RunRecords]:
    """Make records with forecasts, sets and movement of ``cdnow`` or ``online_retail``.

    What the models, sets and transitions say of CDNOW's sample as of 1998-07-01, which publishes
    its forecasts, and of Online Retail as of 2011-12-10, which withholds them.
    """

    def make(name: str, **changes: Any) -> RunRecords:
        parts = json.loads((_DATA / f"{name}_forecasts.json").read_text())
        for part in ("score", "prepare"):
            parts[part] |= changes.pop(part, {})
        return _records(**parts, **changes)

    return make


class Outline(html.parser.HTMLParser):
    """Checks that elements nest, and gathers what the page shows."""

    VOID = frozenset({"meta", "br", "col", "link", "rect", "polygon"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data + " "

    def named(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="session")
def read_html() -> type[Outline]:
    """Read HTML, and check that its elements nest."""
    return Outline


@pytest.fixture(scope="session")
def outline() -> Callable[[RunRecords], Outline]:
    """Render records and read the page."""

    def read(records: RunRecords) -> Outline:
        page = Outline(render(records, manifest(records)))
        assert page.open == []
        return page

    return read
