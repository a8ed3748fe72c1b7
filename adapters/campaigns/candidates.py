"""Batches of the query for a plan's customers, as the columns that a plan reads."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from adapters.tables.columns import days, integers
from adapters.tables.set_columns import set_column
from tessera.campaigns.consent.uploaded import UploadedAnswers
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.candidates import CampaignCandidates, Texts, texts_of
from tessera.campaigns.planning.choosing.selection import in_audience
from tessera.campaigns.planning.reading.columns import (
    BEFORE,
    DENIED_AT,
    GRANTED_AT,
    LABELS,
    CandidateColumns,
)

_KEY = "customer_key"


def candidates_of(
    batch: pa.RecordBatch, *, columns: CandidateColumns, definition: CampaignDefinition
) -> CampaignCandidates:
    """Return a batch of the query as a plan reads it.

    Parameters
    ----------
    batch
        Rows of ``columns.query``.
    columns
        What the query read.
    definition
        As this run uses it: whether somebody was in the audience before is decided here.
    """
    table = pa.Table.from_batches([batch])
    was_in, label_before = None, None
    if columns.compares:
        is_known = table.column(BEFORE + _KEY).is_valid().to_numpy()
        was_in = in_audience(definition.audience, _earlier(table, columns)) & is_known
        if definition.trigger is not None:
            label_before = _words(table, BEFORE + definition.trigger.set)
    return CampaignCandidates(
        customer_key=_texts(table, _KEY),
        address=_texts(table, "address"),
        segment=_words(table, "segment"),
        churn_band=_words(table, "churn_band"),
        value_tier=_words(table, "value_tier"),
        country=_words(table, "country"),
        time_zone=np.full(len(table), None, np.object_),  # uploads have none
        last_purchase_day=days(table.column("last_purchase_at")),
        was_in=was_in,
        label_before=label_before,
        columns={name: set_column(table.column(name), name=name) for name in columns.conditions},
        fields=_fields(table, columns.fields),
    )


def answers_of(batch: pa.RecordBatch) -> UploadedAnswers:
    """Return what the shop's own data says of consent to e-mail, of customers with an address.

    Parameters
    ----------
    batch
        Rows of the query.
    """
    table = pa.Table.from_batches([batch])
    granted, denied = (integers(table.column(name)) for name in (GRANTED_AT, DENIED_AT))
    has_answer = (granted != 0) | (denied != 0)  # 0 where absent
    rows = np.flatnonzero(table.column("address").is_valid().to_numpy() & has_answer)
    return UploadedAnswers(
        address=_texts(table, "address")[rows],
        is_granted=(granted > denied)[rows],
        at_us=np.maximum(granted, denied)[rows],
    )


def _earlier(table: pa.Table, columns: CandidateColumns) -> CampaignCandidates:
    """Return the same customers as the earlier profiles had them."""
    nothing = np.full(len(table), None, np.object_)
    segment, churn_band, value_tier = (_words(table, BEFORE + name) for name in LABELS)
    return CampaignCandidates(
        customer_key=_texts(table, BEFORE + _KEY),
        address=nothing,
        segment=segment,
        churn_band=churn_band,
        value_tier=value_tier,
        country=nothing,
        time_zone=nothing,
        last_purchase_day=np.full(len(table), np.nan),
        columns={
            name: set_column(table.column(BEFORE + name), name=name) for name in columns.conditions
        },
    )


def _fields(table: pa.Table, names: tuple[str, ...]) -> Mapping[str, Texts]:
    """Return what templates show, as ``profile_fields`` writes it."""
    return {
        name: texts_of(None if value is None else str(value) for value in column)
        for name, column in ((name, table.column(name).to_pylist()) for name in names)
    }


def _words(table: pa.Table, name: str) -> Texts:
    """Return a column of few different texts: each is one object, however often it is there."""
    coded = table.column(name).combine_chunks().dictionary_encode()
    words = texts_of([*coded.dictionary.to_pylist(), None])
    places = coded.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)
    return np.asarray(words[places], np.object_)


def _texts(table: pa.Table, name: str) -> Texts:
    return np.asarray(table.column(name).to_numpy(), np.object_)
