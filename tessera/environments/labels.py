"""The environments of LabelEvents and KeepLabels."""

from __future__ import annotations

import dataclasses

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
