"""Customers of a run by their pseudonym: pages, and one with the whole explanation."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping

from adapters.aws.objects import Objects
from adapters.stores.profile_reader import Row
from adapters.stores.records import read_record
from steps.serve.insights import insights_of
from steps.serve.services import Services
from tessera import naming
from tessera.api.cursors import Cursor
from tessera.api.documents.customers import (
    BoughtProduct,
    CustomerDetail,
    CustomerPage,
    CustomerProfile,
    RecommendedProduct,
)
from tessera.api.refusals import missing
from tessera.contracts.tables import PROFILES
from tessera.records.insights.insights import Insights
from tessera.records.runs.ticket import Ticket
from tessera.records.scoring.score import ScoreRecord
from tessera.segments.explanation import PREVIOUS_COLUMNS
from tessera.segments.sets.catalog import RFM
from tessera.settings import RunSettings

_TEXTS = {column.name for column in PROFILES.columns if column.type == "string"}
_BOUGHT = [field.name for field in dataclasses.fields(BoughtProduct)]
_MOST_BOUGHT = 100
_NAMED_GROUPS = 10  # row groups that are searched: what is recommended has many buyers
_EMPTY: Row = dict.fromkeys(PROFILES.names)


def customer_page(
    tenant: str,
    *,
    run_id: str | None,
    cursor: str | None,
    labels: Mapping[str, str],
    limit: int,
    services: Services,
) -> CustomerPage:
    """Return customers with these labels in the order of their keys.

    Parameters
    ----------
    tenant, run_id
        Whose customers, and of which run. None is the latest one.
    cursor
        Where an earlier page ended. It names its run.
    labels
        By segment set, the label that a customer must have.
    limit
        How many at most.
    services
        What it reads with.

    Raises
    ------
    RequestRefusal
        The tenant has no such run, or the run no such set.
    """
    at = Cursor.parse(cursor) if cursor else None
    insights = insights_of(tenant, at.run_id if at else run_id, data=services.data)
    unknown = next((name for name in labels if name not in insights.sets), None)
    if unknown is not None:
        raise missing(f"segment set {unknown!r} in run {insights.run_id}")
    page = services.profiles.page(
        insights.profiles,
        after=at.after if at else "",
        where={_column(name): label for name, label in labels.items()},
        limit=limit,
    )
    following = Cursor(run_id=insights.run_id, after=page.after) if page.after else None
    return CustomerPage(
        run_id=insights.run_id,
        as_of=insights.as_of,
        items=tuple(map(_profile, page.rows)),
        next=str(following) if following else None,
    )


def customer_detail(
    tenant: str, key: str, *, run_id: str | None, services: Services
) -> CustomerDetail:
    """Return one customer, and why the customer has these labels.

    Raises
    ------
    RequestRefusal
        The tenant has no such run or customer.
    """
    # Imported here: forecasts need NumPy, and most requests need no forecast.
    from steps.explain.customer import explain_customer  # noqa: PLC0415

    insights = insights_of(tenant, run_id, data=services.data)
    files = _RunFiles(tenant, insights, services)
    explanation = explain_customer(files, key)
    if explanation is None:
        raise missing("customer of this key")
    row = files.profile(key)
    return CustomerDetail(
        run_id=insights.run_id,
        as_of=insights.as_of,
        profile=_profile(row) if row else None,
        explanation=explanation,
        products=files.products(key) if insights.products else (),
        next_products=files.next_products(row) if row else (),
    )


def _column(name: str) -> str:
    """Return the column of a set's labels. Sets without one are in ``labels``."""
    if name == RFM:
        return "segment"
    return name if name in _TEXTS else f"labels.{name}"


def _profile(row: Row) -> CustomerProfile:
    """Return a row. Columns that an earlier version did not write are empty."""
    known = {name: value for name, value in row.items() if name in _EMPTY}
    labels = json.loads(known["labels"]) if known.get("labels") else None
    return CustomerProfile(**{**_EMPTY, **known, "labels": labels})


# A finished run's records never change. With its models the score is the larger of the two.
@functools.lru_cache(maxsize=4)
def _score(data: Objects, folder: str) -> ScoreRecord:
    return read_record(ScoreRecord, data, folder + naming.SCORE_RECORD, tolerant=True)


@functools.lru_cache(maxsize=4)
def _settings(data: Objects, folder: str) -> RunSettings:
    return read_record(Ticket, data, folder + naming.TICKET, tolerant=True).settings


class _RunFiles:
    """The files of a run in the data bucket, as ``steps.explain`` reads them."""

    def __init__(self, tenant: str, insights: Insights, services: Services) -> None:
        self._tenant, self._run = tenant, insights
        self._data, self._reader = services.data, services.profiles
        self._folder = naming.run_prefix(tenant, insights.run_id)
        self._rows: dict[str, Row | None] = {}

    def settings(self) -> RunSettings:
        return _settings(self._data, self._folder)

    def score(self) -> ScoreRecord:
        return _score(self._data, self._folder)

    def profile(self, key: str) -> Row | None:
        if key not in self._rows:
            self._rows[key] = self._reader.row(self._run.profiles, key)
        return self._rows[key]

    def summary(self, key: str) -> Row | None:
        return self._reader.row(self._folder + naming.CUSTOMERS, key)

    def subscription(self, key: str) -> Row | None:
        names = (naming.SUBSCRIPTIONS, naming.SUBSCRIPTIONS_BEFORE)
        rows = (self._reader.row(self._folder + name, key) for name in names)
        return next((row for row in rows if row is not None), None)

    def products(self, key: str) -> tuple[BoughtProduct, ...]:
        rows = self._reader.rows(self._folder + naming.CUSTOMER_PRODUCTS, key)
        latest = sorted(rows, key=lambda row: (row["last_days_ago"], row["product"]))
        return tuple(
            BoughtProduct(**{name: row[name] for name in _BOUGHT if name in row})
            for row in latest[:_MOST_BOUGHT]
        )

    def next_products(self, row: Row) -> tuple[RecommendedProduct, ...]:
        codes: list[str] = json.loads(row.get("next_products") or "[]")
        if not codes:
            return ()
        called = self._reader.first_rows(
            self._folder + naming.CUSTOMER_PRODUCTS,
            ("name", "category"),
            by="product",
            among=codes,
            most_groups=_NAMED_GROUPS,
        )
        rows = ((one, called.get(one, {})) for one in codes)
        return tuple(
            RecommendedProduct(product=one, name=each.get("name"), category=each.get("category"))
            for one, each in rows
        )

    def previous(self, key: str) -> Row | None:
        before = self._run.previous
        if before is None:
            return None
        folder = naming.profiles_partition(before.as_of.isoformat(), before.run_id)
        prefix = naming.profiles_prefix(self._tenant) + folder
        return self._reader.row(prefix, key, columns=PREVIOUS_COLUMNS)

    def move(self, key: str) -> Row | None:
        folder = naming.profiles_partition(self._run.as_of.isoformat(), self._run.run_id)
        return self._reader.row(naming.transitions_prefix(self._tenant) + folder, key)
