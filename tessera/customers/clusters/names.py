"""Clusters in plain words: where each centroid lies among all buyers."""

from __future__ import annotations

from collections import Counter

import numpy as np

from tessera.customers.clusters.model import Floats
from tessera.customers.money import Ints
from tessera.naming import cluster_label
from tessera.records.scoring.cluster_model import CLUSTER_FEATURES, Cluster

_LIMITS = (-1.25, -0.4, 0.4, 1.25)  # in standard deviations from the average buyer
_WORDS = {
    "recency_days": ("very recent", "recent", "a while ago", "long ago", "very long ago"),
    "frequency": ("very rare", "rare", "occasional", "frequent", "very frequent"),
    "monetary": (
        "very low spend",
        "low spend",
        "medium spend",
        "high spend",
        "very high spend",
    ),
}


def describe(centres: Floats, *, sizes: Ints, mean: Floats, sd: Floats) -> tuple[Cluster, ...]:
    """Return each centre's label, name and typical values. No two names are equal.

    Parameters
    ----------
    centres
        Shape (k, 3), standardised, in rank order.
    sizes
        Shape (k,), customers in each.
    mean, sd
        Shape (3,), what the features were standardised with.
    """
    words = (
        [_words(centre) for centre in centres]
        if len(centres) > 1
        else ["all buyers"][: len(centres)]
    )
    typical = [_typical(centre, mean=mean, sd=sd) for centre in centres]
    return tuple(
        Cluster(
            rank=rank,
            label=cluster_label(rank),
            name=name,
            customers=int(size),
            typical=values,
        )
        for rank, (name, size, values) in enumerate(
            zip(_distinct(words, typical), sizes, typical, strict=True), start=1
        )
    )


def _words(centre: Floats) -> str:
    steps = np.searchsorted(_LIMITS, centre)
    return ", ".join(_WORDS[name][step] for name, step in zip(CLUSTER_FEATURES, steps, strict=True))


def _typical(centre: Floats, *, mean: Floats, sd: Floats) -> dict[str, float]:
    values = np.expm1(centre * sd + mean).round(2) + 0.0
    return dict(zip(CLUSTER_FEATURES, values.tolist(), strict=True))


def _distinct(words: list[str], typical: list[dict[str, float]]) -> list[str]:
    """Add the typical values, then a number, to names that would otherwise be the same."""
    shared = Counter(words)
    fuller = [
        f"{name} (about {values['recency_days']:,.0f} days ago, "
        f"{values['frequency']:,.1f} orders, {values['monetary']:,.2f} spent)"
        if shared[name] > 1
        else name
        for name, values in zip(words, typical, strict=True)
    ]
    again = Counter(fuller)
    return [
        f"{name} [{rank}]" if again[name] > 1 else name for rank, name in enumerate(fuller, start=1)
    ]
