"""Documents as CSV, for spreadsheets and BI tools."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tessera.api.documents.insights import ProductList, SegmentStatistics
from tessera.contracts.csv_cells import safe_cell
from tessera.contracts.tables import PROFILES
from tessera.records.codec import encode
from tessera.records.fields import json_fields
from tessera.records.insights.groups import LabelledGroup
from tessera.records.products import Product

STATISTICS_COLUMNS = tuple(json_fields(LabelledGroup))
PRODUCT_COLUMNS = tuple(json_fields(Product))


def statistics_table(statistics: SegmentStatistics) -> str:
    """Return the groups of a set, one line each. Absent numbers are empty cells."""
    return _csv(STATISTICS_COLUMNS, map(encode, statistics.groups))


def products_table(products: ProductList) -> str:
    """Return a run's products, one line each. Without any it has its header alone."""
    items = products.products.items if products.products else ()
    return _csv(PRODUCT_COLUMNS, map(encode, items))


def customers_table(customers: Iterable[object]) -> str:
    """Return customers, one line each, in the columns of the profiles."""
    return _csv(PROFILES.names, (encode(one) for one in customers))


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in columns])
    return file.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return safe_cell(value)
    if isinstance(value, Mapping):
        return safe_cell("; ".join(f"{name}: {text}" for name, text in value.items()))
    return value
