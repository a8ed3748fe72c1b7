"""Two runs of a few constructed customers."""

from __future__ import annotations

import dataclasses

import numpy as np

from tessera.customers.measures import order_measures
from tessera.customers.scores import rfm_scores
from tessera.segments.assignment import segment_codes
from tessera.segments.definition import parse
from tessera.segments.movement.rescoring import ABSENT, Histories, Published
from tessera.segments.movement.transitions import transitions
from tessera.segments.scoring import CustomerColumns

DAY = 86_400_000_000
NOBODY = (0, 0, 0)


def definition(**more):
    """Two labels by recency alone: Recent within the threshold, Away beyond it."""
    texts = {"meaning": "Some.", "action": "Write."}
    document = {
        "name": "two",
        "meaning": "Two.",
        "scale": 2,
        "segment": [
            {"label": "Recent", "cells": ["2**"], **texts},
            {"label": "Away", "cells": ["1**"], **texts},
        ],
    }
    return parse({**document, **more})


def relabelled(**names):
    """The same definition, with other labels."""
    old = definition()
    changed = [
        dataclasses.replace(one, label=names.get(one.label, one.label)) for one in old.segments
    ]
    return dataclasses.replace(old, segments=tuple(changed))


def summary(*rows, day=0):
    """Rows of recency_days, orders, monetary. ``NOBODY`` for a customer who isn't there."""
    recency, orders, monetary = np.array(rows, np.int64).reshape(-1, 3).T
    return CustomerColumns(
        recency_days=recency,
        orders=orders,
        monetary=monetary,
        last_event_us=(1000 + day - recency) * DAY * (orders > 0),
        events=orders,
    )


def scored(columns, rule, thresholds=None):
    measures = order_measures(
        recency_days=columns.recency_days, orders=columns.orders, monetary=columns.monetary
    )
    scores = rfm_scores(measures, scale=rule.scale, thresholds=thresholds or rule.thresholds)
    codes = segment_codes(scores.cells(), definition=rule)
    codes[columns.events == 0] = ABSENT
    used = {name: bins.thresholds for name, bins in scores.bins.items()}
    return Published(codes=codes, definition=rule, thresholds=used)


def at(days):
    """Thresholds that make Recent mean at most ``days``."""
    return {"recency": (days,), "frequency": (1,), "monetary": (1,)}


def compare(*, then, corrected=None, aged_to=None, now, old=None, new=None, was=30, is_=30, **more):
    """Transitions of customers given as rows. Unnamed states equal the one before."""
    corrected = then if corrected is None else corrected
    aged_to = corrected if aged_to is None else aged_to
    old, new = old or definition(), new or old or definition()
    return transitions(
        before=scored(summary(*then), old, at(was)),
        after=scored(summary(*now), new, at(is_)),
        histories=Histories(
            corrected=summary(*corrected), aged=summary(*aged_to), behaved=summary(*now), **more
        ),
    )
