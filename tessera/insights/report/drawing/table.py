"""Sections and tables: on a narrow screen a row becomes a card, each figure with its name."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from tessera.insights.report.drawing import charts
from tessera.insights.report.drawing.markup import Child, Html, element


@dataclasses.dataclass(frozen=True)
class Heading:
    """A column's name. ``number`` aligns right, ``wide`` takes a card's whole width."""

    name: str
    number: bool = False
    wide: bool = False

    @property
    def kind(self) -> str | None:
        """The class of its cells."""
        return " ".join(filter(None, ("n" * self.number, "wide" * self.wide))) or None


def section(title: str, *content: Child) -> Html:
    """Return a section with its heading."""
    name = "".join(c if c.isalnum() else "-" for c in title.lower())
    return element("section", element("h2", title, id=name), content, aria_labelledby=name)


def table(caption: str, columns: Sequence[Heading], rows: Sequence[Sequence[Child]]) -> Html:
    """Return a table. The first cell of a row is its heading.

    The roles are spelled out because a table that is laid out as cards would lose them.
    """
    head = [
        element("th", column.name, scope="col", role="columnheader", class_=column.kind)
        for column in columns
    ]
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", head, role="row"), role="rowgroup"),
        element("tbody", [_row(columns, row) for row in rows], role="rowgroup"),
        role="table",
        class_="cards",
    )


def _row(columns: Sequence[Heading], cells: Sequence[Child]) -> Html:
    first, *others = cells
    return element(
        "tr",
        element("th", first, scope="row", role="rowheader"),
        [
            element("td", cell, role="cell", class_=column.kind, data_label=column.name)
            for column, cell in zip(columns[1:], others, strict=True)
        ],
        role="row",
    )


def gauge(text: str, value: float | str, most: tuple[float, int], kind: str = "") -> Html:
    """Return a figure with a bar beside it, or below it where there is no room.

    ``most`` is what ``widest`` returns for all of the column: with the same room for every figure,
    the bars have the same length to fill.
    """
    largest, width = most
    return element(
        "span",
        element("span", text, style=f"min-width:{width}ch"),
        charts.bar(float(value), of=largest, kind=kind),
        class_="gauge",
    )


def widest(texts: Iterable[str], values: Iterable[float | str]) -> tuple[float, int]:
    """Return a column's largest value, and how many characters its widest figure has."""
    return max(map(float, values), default=0.0), max(map(len, texts), default=0)
