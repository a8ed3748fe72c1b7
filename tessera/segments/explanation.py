"""Why a customer has the labels they have: values, thresholds, rule, and the cause of a move.

The same facts twice: as a JSON-ready dictionary, and as sentences. Needs no NumPy.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tessera.customers.units import MEASURES
from tessera.records.scoring.sets import SetRecord
from tessera.segments import sentences
from tessera.segments.definition import GUIDANCE, Definition
from tessera.segments.movement.causes import WORDS, Cause
from tessera.segments.sets.catalog import RFM

Row = Mapping[str, Any]

VALUES = (
    "recency_days",
    "frequency",
    "monetary",
    "mean_order_value",
    "first_purchase_at",
    "last_purchase_at",
    "tenure_days",
    "views",
    "sessions",
    "sessions_30d",
    "last_view_days",
)
_PREVIOUS = ("rfm_score", "segment")
# What is read of the profile that the previous run published.
PREVIOUS_COLUMNS = ("customer_key", "as_of", *_PREVIOUS, *VALUES)
_COLUMNS = {"recency": "recency_days", "frequency": "frequency", "monetary": "monetary"}


def explain(
    profile: Row,
    *,
    definition: Definition,
    thresholds: Mapping[str, Sequence[float]],
    sets: Mapping[str, SetRecord] | None = None,
    models: Mapping[str, Row] | None = None,
    forecast: Row | None = None,
    loyalty: Row | None = None,
    cancellation: Row | None = None,
    previous: Row | None = None,
    move: Row | None = None,
) -> dict[str, Any]:
    """Return what there is to say about a customer of a run, JSON-ready.

    Parameters
    ----------
    profile
        The customer's row of PROFILES. Set labels under their sets' names.
    definition
        What the run was scored by.
    thresholds
        Those in use, by measure, in days, orders and units of the currency (``score_record``).
    sets
        By set, how it came about.
    models
        By a model's place (``purchase``, ``spend`` …): its ``name``, the customer's ``inputs`` by
        name, the ``outputs`` (names of profile columns), and ``withheld``, the reason why it is not
        published, or None.
    forecast
        ``quantities``, each with its ``title``, ``grade``, ``column``, ``tenth`` and reasons
        (``why``), and ``orders``, why so many orders. See ``customers.explanation``.
        None without a test.
    loyalty
        Where loyalty_score comes from: its ``weights`` (``learnt`` or ``fixed``), the reason why it
        is ``withheld`` or None, and what ``pushes`` it up or down. None without a score.
    cancellation
        Where p_cancel_30d comes ``from``: ``attributes`` (with ``model``, and whether it reads
        ``clicks``), ``subscription`` (with ``periods_paid`` and ``renewals_due``), or None (with
        ``why`` there is none). None for a shop without subscriptions.
    previous
        The customer's row in the previous run, None where it had none.
    move
        The customer's row of the transitions: ``from_segment``, ``to_segment``, ``cause``, ``path``
        (``Transitions.paths``). None without a move.

    Returns
    -------
    dict
        ``customer_key``, ``as_of``, ``values``, ``scores`` (None without), ``segment``, ``sets``,
        ``models``, ``forecast``, ``loyalty``, ``cancellation``, ``previous``, ``move``, and all of
        it as ``sentences``.
    """
    facts: dict[str, Any] = {
        "customer_key": profile.get("customer_key"),
        "as_of": plain(profile.get("as_of")),
        "values": _values(profile),
        "scores": _scores(profile, definition=definition, thresholds=thresholds),
        "segment": _segment(profile, definition=definition),
        "sets": {name: _set(name, profile, record) for name, record in (sets or {}).items()},
        "models": {name: _model(profile, model) for name, model in (models or {}).items()},
        "forecast": _forecast(profile, forecast),
        "loyalty": _loyalty(profile, loyalty),
        "cancellation": _cancellation(profile, cancellation),
        "previous": _previous(previous),
        "move": _move(move),
    }
    return {**facts, "sentences": sentences.about(facts)}


def explain_absence(previous: Row, *, move: Row | None = None) -> dict[str, Any]:
    """Return the facts about a customer that only the previous run has."""
    facts: dict[str, Any] = {
        "customer_key": previous.get("customer_key"),
        "previous": _previous(previous),
        "move": _move(move),
    }
    return {**facts, "sentences": sentences.about_absence(facts)}


def plain(value: object) -> object:
    """Return a cell as JSON has it: decimals as text, instants and days as ISO 8601."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, float) and value != value:  # noqa: PLR0124 (NaN stands for empty)
        return None
    return value


def _values(row: Row) -> dict[str, object]:
    return {name: plain(row.get(name)) for name in VALUES}


def _scores(
    profile: Row, *, definition: Definition, thresholds: Mapping[str, Sequence[float]]
) -> dict[str, Any] | None:
    if profile.get("r_score") is None:
        return None
    return {
        measure: {
            "value": _measured(profile, measure, definition=definition),
            "score": profile[f"{measure[0]}_score"],
            "of": definition.scale,
            **_bin(
                profile[f"{measure[0]}_score"],
                edges=thresholds[measure],
                low_is_best=measure == "recency",
            ),
            "thresholds": list(thresholds[measure]),
        }
        for measure in MEASURES
    }


def _measured(profile: Row, measure: str, *, definition: Definition) -> object:
    """Return the value that was scored. The guidance's counts of events aren't in profiles."""
    if definition.measures == GUIDANCE and measure != "monetary":
        return None
    return plain(profile[_COLUMNS[measure]])


def _bin(score: int, *, edges: Sequence[float], low_is_best: bool) -> dict[str, float | None]:
    """Return the limits of a score's bin: values above one and up to the other."""
    place = len(edges) + 1 - score if low_is_best else score - 1
    return {
        "above": edges[place - 1] if place > 0 else None,
        "up_to": edges[place] if place < len(edges) else None,
    }


def _segment(profile: Row, *, definition: Definition) -> dict[str, Any]:
    label = profile["segment"]
    segment = next((one for one in definition.everyone if one.label == label), None)
    return {
        "label": label,
        "meaning": segment.meaning if segment else None,
        "action": segment.action if segment else None,
        "definition": definition.name,
        "cell": profile.get("rfm_score"),
        "cells": list(segment.cells) if segment else [],
    }


def _set(name: str, profile: Row, record: SetRecord) -> dict[str, Any]:
    """Return a customer's label in a set, and the column or labels that it follows from."""
    label = _label(profile.get(name)) or record.labels[-1].label  # the last is for empty cells
    row = next((one for one in record.labels if one.label == label), None)
    texts = {
        "label": label,
        "meaning": row.meaning if row else None,
        "action": row.action if row else None,
    }
    if record.of:
        of = {one: _label(profile.get("segment" if one == RFM else one)) for one in record.of}
        return {**texts, "of": of}
    if record.by_conditions:
        return {**texts, "by_conditions": True}
    return {
        **texts,
        "column": record.column,
        "value": plain(profile.get(record.column)) if record.column else None,
        "by": record.by,
        "from": row.low if row else None,
        "below": row.below if row else None,
        "withheld": list(record.withheld),
    }


def _label(value: object) -> str | None:
    """Return a set's cell as its label: a number, as of a cluster, without decimals."""
    cell = plain(value)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return None if cell is None else str(cell)


def _model(profile: Row, model: Row) -> dict[str, Any]:
    return {
        "name": model.get("name"),
        "inputs": {name: plain(value) for name, value in model.get("inputs", {}).items()},
        "outputs": {name: plain(profile.get(name)) for name in model.get("outputs", ())},
        "withheld": model.get("withheld"),
    }


def _forecast(profile: Row, forecast: Row | None) -> dict[str, Any] | None:
    if forecast is None:
        return None
    shown = [_quantity(profile, one) for one in forecast["quantities"]]
    return {"quantities": shown, "orders": list(forecast["orders"])}


def _quantity(profile: Row, one: Row) -> dict[str, Any]:
    """Return what the profile holds of a quantity. What is withheld is None."""
    column, tenth = one["column"], one["tenth"]
    return {
        "title": one["title"],
        "grade": one["grade"],
        "column": column,
        "value": plain(profile.get(column)),
        "from": plain(profile.get(f"{column}_from")),
        "to": plain(profile.get(f"{column}_to")),
        "tenth": plain(profile.get(tenth)) if tenth else None,
        "why": list(one["why"]),
    }


def _loyalty(profile: Row, source: Row | None) -> dict[str, Any] | None:
    if source is None:
        return None
    score = plain(profile.get("loyalty_score"))
    return {"score": score, **source, "pushes": list(source["pushes"])}


def _cancellation(profile: Row, source: Row | None) -> dict[str, Any] | None:
    return None if source is None else {"chance": plain(profile.get("p_cancel_30d")), **source}


def _previous(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    scores = {name: row.get(name) for name in _PREVIOUS}
    return {"as_of": plain(row.get("as_of")), **scores, "values": _values(row)}


def _move(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    path = json.loads(row["path"]) if isinstance(row.get("path"), str) else row.get("path") or []
    return {
        "from": row["from_segment"],
        "to": row["to_segment"],
        "cause": str(row["cause"]),
        "words": WORDS[Cause(row["cause"])],
        "path": [
            {"cause": str(cause), "words": WORDS[Cause(cause)], "label": label}
            for cause, label in path
        ],
    }
