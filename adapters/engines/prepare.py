"""The port of Prepare: what an engine does with an upload's rows and a history of events.

DuckDB and Spark implement it, and leave equal files. The order of the calls is the step's.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from adapters.aws.logs import Decided
from adapters.aws.objects import Objects
from adapters.engines.ingested import IngestedRows
from adapters.stores.erased import ErasedMarks
from adapters.stores.events import UploadRecord
from adapters.stores.upload_history import UploadHistory
from tessera import naming
from tessera.customers.comparison import Known
from tessera.customers.orders.overlap import Overlap
from tessera.customers.summary import Period
from tessera.events.counts import Kept, Span, Stored
from tessera.events.erased import ErasedPeople
from tessera.records.file import File
from tessera.records.runs.prepare import Summary
from tessera.records.runs.ticket import Part
from tessera.settings import RunSettings

ALL = "1 = 1"  # the condition that holds for every event


@dataclasses.dataclass(frozen=True, kw_only=True)
class Workspace:
    """Where one run of Prepare works.

    Parameters
    ----------
    data, identities
        The two buckets.
    tenant, run_id
        Which run.
    secret
        Makes pseudonyms. Nothing writes it anywhere.
    folder
        An empty folder, as large as a few times the history.
    decided
        Logs decisions, without personal data.
    """

    data: Objects
    identities: Objects
    tenant: str
    run_id: str
    secret: bytes
    folder: Path
    decided: Decided

    @functools.cached_property
    def uploads(self) -> UploadHistory:
        """The tenant's history."""
        return UploadHistory(self.data, self.identities, tenant=self.tenant)

    @functools.cached_property
    def erased(self) -> ErasedPeople:
        """The erased people of the tenant. No upload brings them back."""
        marks = ErasedMarks(self.data, tenant=self.tenant).all()
        return ErasedPeople(tenant=self.tenant, secret=self.secret, marks=marks)

    def key(self, name: str) -> str:
        """Return the key of one of the run's files."""
        return naming.run_key(self.tenant, self.run_id, name)


def check_customers(*, with_events: int, identified: int) -> None:
    """Refuse to store an upload whose customers would be missing from some outputs.

    Raises
    ------
    AssertionError
        Not every customer who has events has an identity: the file was read in two ways.
    """
    if with_events != identified:
        raise AssertionError(
            f"{with_events} customers have events, but {identified} have an identity: "
            "nothing of this upload was stored"
        )


def check_index(*, identified: int, indexed: int) -> None:
    """Refuse a search index that does not have every customer.

    Raises
    ------
    AssertionError
        Some are missing.
    """
    if identified != indexed:
        raise AssertionError(f"{identified} customers are known, and {indexed} can be searched")


class UploadRows(Protocol):
    """An upload that an engine has read."""

    @property
    def ingested(self) -> IngestedRows:
        """Its rows, counted."""
        ...

    @property
    def files(self) -> Sequence[File]:
        """Its parts as they were read."""
        ...

    def events(self) -> Stored:
        """Return what its events are."""
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class Summarised:
    """What an engine made of the history: the totals, and the files of the run."""

    summary: Summary
    outputs: tuple[File, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class EarlierRun:
    """The run to compare with.

    Parameters
    ----------
    period
        The days that it counted.
    profiles
        The keys of the profiles that it published.
    same_period
        Whether this run counts days in the same way.
    known
        What it knew of this run's history.
    """

    period: Period
    profiles: tuple[str, ...]
    same_period: bool
    known: Known


class PrepareEngine(Protocol):
    """Reads uploads and folds histories, with memory that does not grow with them."""

    def read(
        self,
        parts: Sequence[Part],
        *,
        settings: RunSettings,
        currency: str,
        uploaded_at: dt.datetime,
    ) -> UploadRows:
        """Read an upload.

        Parameters
        ----------
        parts
            Its object versions, in order.
        currency
            The currency of the tenant's history, empty where there is none.
        uploaded_at
            When the upload came. Rows with a later date are rejected.

        Raises
        ------
        InvalidInput
            A file is not in the contract, or its amounts or dates could be read two ways.
        """
        ...

    def open_history(self, uploads: Sequence[UploadRecord], *, own: UploadRecord | None) -> Overlap:
        """Make the history of all uploads, the oldest first: what several have, once.

        Parameters
        ----------
        own
            The upload that was read in this run, and is not stored yet.

        Returns
        -------
        Overlap
            How far the uploads overlap.

        Raises
        ------
        InvalidInput
            An upload was replaced meanwhile, so that its files are gone.
        """
        ...

    def span(self, *, where: str = ALL) -> Span:
        """Return how many events of the history fulfil a SQL condition, and from when to when."""
        ...

    def kept(self, *, rank: int, period: Period) -> Kept:
        """Return how many events of the upload at this place are in the history."""
        ...

    def summarise(self, period: Period, *, products: bool, categories: bool) -> Summarised:
        """Write the run's customers and what is folded beside them, sorted.

        Parameters
        ----------
        products
            Whether the history names products, of which there are figures then.
        categories
            Whether it names categories of them.
        """
        ...

    def largest_money(self) -> Decimal:
        """Return the largest sum of one customer's amounts in the history, without their signs."""
        ...

    def compare(self, earlier: EarlierRun | None, *, as_of: dt.date) -> None:
        """Write PREVIOUS, after ``summarise``: empty without an earlier run."""
        ...

    def looks_before(self, rows: pa.Table, *, period: Period) -> pa.Table:
        """Return what customers had looked at before some days, in the order of the rows.

        Parameters
        ----------
        rows
            Different ``customer_key`` and ``days_ago``, from a day to the period's as_of, in the
            order of keys and from the latest ``days_ago`` to the earliest.

        Returns
        -------
        Table
            ``views_30d``, ``sessions_30d`` and ``last_view_days``, see ``looks.looks_before``.
        """
        ...

    def store(self, record: UploadRecord) -> None:
        """Write the identities, order ids and events of the upload that was read.

        They stand beside what the upload had, and do not count yet.
        """
        ...

    def index(self, people: Sequence[str], *, folder: str) -> int:
        """Write the search index of stored identities.

        Parameters
        ----------
        people
            The keys of their files.
        folder
            Where the index goes, an empty one.

        Returns
        -------
        int
            How many entries it has.

        Raises
        ------
        AssertionError
            It lacks a customer.
        """
        ...
