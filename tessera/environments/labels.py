"""The environments of LabelEvents, KeepLabels and ForwardMoves."""

from __future__ import annotations

import dataclasses

from tessera.environments.activate import ActivateEnvironment
from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class LabelEventsEnvironment(Environment):
    """For lambdas/label_events. ``stage`` is a dimension of its metrics."""

    data_bucket: str
    labels_table: str
    pseudonym_secret: str
    stage: str


@dataclasses.dataclass(frozen=True)
class KeepLabelsEnvironment(Environment):
    """For lambdas/keep_labels."""

    data_bucket: str
    labels_table: str


@dataclasses.dataclass(frozen=True)
class ForwardMovesEnvironment(ActivateEnvironment):
    """For lambdas/forward_moves.

    ``destinations`` are those that get single moves, comma separated. ``most_an_hour`` is how many
    customers each of them gets in an hour, for one tenant. ``tenants_table`` has who is suspended.
    """

    labels_table: str
    tenants_table: str
    destinations: str
    most_an_hour: str
