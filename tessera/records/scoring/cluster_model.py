"""model.json: the K-Means model of a run. TrainKMeans writes it into its archive."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.errors import InvalidInput

CLUSTER_FEATURES = ("recency_days", "frequency", "monetary")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cluster:
    """One cluster, by rank.

    Parameters
    ----------
    rank
        1 is the most valuable: the highest mean net money.
    label, name
        "Cluster 1" and its centroid in plain words, such as "recent, frequent, high spend".
    customers
        Buyers in it when it was fitted.
    typical
        The centroid in days, orders and money: by feature, geometric means in effect.
    """

    rank: int
    label: str
    name: str
    customers: int
    typical: Mapping[str, float]


@dataclasses.dataclass(frozen=True, kw_only=True)
class FittedClusters:
    """A fitted K-Means in numbers.

    Parameters
    ----------
    k, seed
        How many clusters it has, and the seed of the restarts.
    mean, sd
        Of the log1p features over all buyers. The sd of a constant feature is 1.
    centres
        In standardised space, best rank first: k rows of three.
    inertia
        Sum over all buyers of the squared distance to the nearest centre.
    customers, rows
        Buyers, and their distinct feature values.
    labels
        One description a centre.
    chosen
        ``fixed``: k was asked for. ``auto``: chosen by ``note``. ``limited``: fewer distinct
        buyers than asked for.
    note
        A sentence on how k came about.
    features
        What the numbers are about, in order.

    Raises
    ------
    InvalidInput
        It has other features than this version.
    """

    k: int
    seed: int
    mean: tuple[float, ...]
    sd: tuple[float, ...]
    centres: tuple[tuple[float, ...], ...]
    inertia: float
    customers: int
    rows: int
    labels: tuple[Cluster, ...]
    chosen: str
    note: str
    features: tuple[str, ...] = CLUSTER_FEATURES

    def __post_init__(self) -> None:
        """Refuse a model of other features."""
        if self.features != CLUSTER_FEATURES:
            raise InvalidInput(
                f"the cluster model has the features {self.features!r}, "
                f"expected {CLUSTER_FEATURES!r}: train it with this version"
            )
