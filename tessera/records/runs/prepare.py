"""prepare.json: what Prepare read, stored and counted."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Literal

from tessera.records.customer_totals import CustomerTotals
from tessera.records.file import File
from tessera.records.products import Products

Outcome = Literal["new", "replaced", "unchanged", "withdrawn"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rows:
    """The upload's rows: ``read`` is the sum of all others.

    Parameters
    ----------
    read, accepted
        Rows of the file, and those of them that the run counts.
    ignored
        Rows that are right but not counted, by reason.
    rejected
        Wrong rows, by reason.
    """

    read: int = 0
    accepted: int = 0
    ignored: Mapping[str, int] = dataclasses.field(default_factory=dict)
    rejected: Mapping[str, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Anonymous:
    """The upload's events without a customer, which count for nobody.

    Parameters
    ----------
    rows, orders
        How many. An order is one order id, or without it one row.
    monetary
        Their net money, as text.
    """

    rows: int = 0
    orders: int = 0
    monetary: str = "0"


NO_SALES = Anonymous()


@dataclasses.dataclass(frozen=True, kw_only=True)
class History:
    """All events of the tenant, whether they are in the period or not.

    Parameters
    ----------
    uploads, events
        How many. What several uploads have is one event.
    first_event_at, last_event_at
        From when to when. None without events.
    known_orders
        Orders of this run's upload that other uploads have too. They count once.
    not_counted
        Rows of all uploads that another upload's rows stand for.
    converted_uploads
        Uploads of earlier versions that this run brought to the present layout.
    withdrawn
        Events that this run's upload had, and which its owner withdrew.
    """

    uploads: int
    events: int
    first_event_at: dt.datetime | None
    last_event_at: dt.datetime | None
    known_orders: int = 0
    not_counted: int = 0
    converted_uploads: int = 0
    withdrawn: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Source:
    """As what the upload was read.

    Parameters
    ----------
    mapping
        The known export that it is. Empty for a plain file.
    reads
        As what it was read and why, for people.
    money
        What an order's money is, for people. Empty in a plain file.
    dates
        How dates are read and what shows it, for people. Empty where no date leaves it open.
    notes
        What the owner should know about how it was read, a sentence each.
    """

    mapping: str = ""
    reads: str = ""
    money: str = ""
    dates: str = ""
    notes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cohort:
    """What a month's new buyers did in one later month.

    Parameters
    ----------
    cohort
        The month of the first purchase: 12 * year + month - 1.
    months_later
        Months since then. 0 is the first one.
    customers
        How many of the cohort bought in that month.
    spend
        Their net money of that month, as text.
    """

    cohort: int
    months_later: int
    customers: int
    spend: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class AttributeUpload:
    """One file of customer attributes.

    Parameters
    ----------
    name
        Its key.
    customers
        How many rows it has.
    notes
        A sentence on each column that was omitted or has slips.
    """

    name: str
    customers: int
    notes: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Attributes:
    """The tenant's customer attributes until ``as_of``.

    Parameters
    ----------
    uploads
        The files that they come from.
    rows
        How many rows the models may learn from.
    """

    uploads: tuple[AttributeUpload, ...]
    rows: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ForecastSample:
    """The buyers that forecasts are learnt from, by their days.

    Parameters
    ----------
    customers
        How many the sample has.
    of
        How many buyers there are.
    """

    customers: int
    of: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Summary(CustomerTotals):
    """The customers that a run counts.

    Parameters
    ----------
    holdout_days
        The days at the end that models are tested on. None where the history is too short.
    cohorts
        Who of a month's new buyers buys again how much later.
    repeat_buyers
        Buyers with two orders or more. None where a version did not count.
    median_days_to_second_order
        Half of the buyers with two purchase days or more waited no longer for the second one. None
        without such a buyer.
    forecast_sample
        Whose days forecasts are learnt from. None where a version did not choose them.
    products
        What customers buy. None where no upload names products.
    """

    holdout_days: int | None = None
    repeat_buyers: int | None = None
    median_days_to_second_order: float | None = None
    forecast_sample: ForecastSample | None = None
    cohorts: tuple[Cohort, ...] = ()
    products: Products | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PrepareRecord(Summary):
    """What Prepare read, stored and counted.

    Parameters
    ----------
    tenant, run_id
        Which run.
    as_of, time_zone
        The day that the run describes, and where days begin and end.
    last_event_at
        The last instant that counts.
    currency
        ISO 4217 code, or empty when the data has none.
    decimal
        The upload's decimal mark.
    source
        As what the upload was read.
    rows
        The upload's rows.
    history
        All events of the tenant.
    attributes
        What is known of customers beside their events.
    anonymous
        The upload's sales without a customer.
    doubtful_ids
        The upload's rows whose id names nobody or was changed, by kind.
    upload_last_event_at
        The upload's last event. None without one.
    reupload
        What storing the upload came to.
    pending
        Whether FinishRun is to keep the upload. Versions that kept it at once did not write this.
    warnings
        What the owner should know, a sentence each.
    inputs, outputs
        The files read and written.
    timings
        Seconds by stage.
    """

    tenant: str
    run_id: str
    as_of: dt.date
    time_zone: str
    last_event_at: dt.datetime
    currency: str
    decimal: Literal["dot", "comma"]
    rows: Rows
    history: History
    source: Source = Source()
    attributes: Attributes = Attributes(uploads=(), rows=0)
    anonymous: Anonymous = NO_SALES
    doubtful_ids: Mapping[str, int] = dataclasses.field(default_factory=dict)
    upload_last_event_at: dt.datetime | None = None
    reupload: Outcome
    pending: bool = False
    warnings: tuple[str, ...]
    inputs: tuple[File, ...]
    outputs: tuple[File, ...]
    timings: Mapping[str, float] = dataclasses.field(metadata={"unit": "s"})
