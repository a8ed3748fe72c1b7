"""Today's customers by the previous run's rule: its models, edges, definition and settings."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from adapters.tables.joint_labels import JointLabels
from adapters.tables.profiles import CustomerBlocks
from adapters.tables.scored_files import ScoredFiles
from steps.score.labelling import RunRule, label_customers
from steps.score.run import ScoreRun
from tessera.customers.clusters.model import ClusterModel
from tessera.errors import InvalidInput
from tessera.records.runs.previous import PreviousRun
from tessera.segments.definition import definition_for
from tessera.segments.scoring import ColumnsInParts, ScoringRule
from tessera.segments.sets.catalog import SegmentSets
from tessera.segments.thresholds import frozen, recorded_thresholds

_NOT_KEPT = frozenset({"cluster", "p_cancel_30d"})  # columns whose models previous.json lacks


def labels_by_previous(
    run: ScoreRun,
    customers: CustomerBlocks,
    columns: ColumnsInParts,
    *,
    model: ClusterModel,
    folder: Path,
) -> JointLabels | None:
    """Return everyone's labels in all sets as the previous run would give them today.

    Sets that read a column whose earlier model is not kept are missing.

    Parameters
    ----------
    customers, columns
        The customer summary, in blocks and as scoring takes it.
    model
        This run's clusters, which no set in the result reads.
    folder
        An empty folder for the forecasts.

    Returns
    -------
    JointLabels or None
        None without a previous run, without its forecast models, where it counted other days, or
        where its settings no longer hold.
    """
    previous = run.previous
    if previous is None or previous.usable_models is None or not previous.same_period:
        return None
    try:
        return _labels(run, previous, customers, columns, model=model, folder=folder)
    except InvalidInput:  # its settings name what this version does not have
        return None


def _labels(
    run: ScoreRun,
    previous: PreviousRun,
    customers: CustomerBlocks,
    columns: ColumnsInParts,
    *,
    model: ClusterModel,
    folder: Path,
) -> JointLabels:
    settings, models = previous.settings, previous.usable_models
    assert models is not None  # noqa: S101 (the caller looked)
    definition = definition_for(settings)
    earlier = ScoringRule.learnt(
        columns,
        definition=frozen(
            definition,
            earlier=definition,
            thresholds=recorded_thresholds(previous.thresholds),
        ),
        model=model,
    )
    scored = ScoredFiles(earlier, columns, folder=folder / "scored")
    rule = RunRule(settings=settings, models=models, scored=scored, frozen=previous.sets)
    nobody = np.broadcast_to(np.nan, len(scored))
    labelled = label_customers(customers, rule, p_cancel=nobody, as_of=run.as_of, folder=folder)
    return labelled.joint(_rescored(labelled.sets))


def _rescored(sets: SegmentSets) -> set[str]:
    """Return the sets whose columns the previous run's models give."""
    lacking = {one.name for one in sets.over_columns if _NOT_KEPT.intersection(one.columns)}
    for one in sets.in_order:
        if lacking.intersection(one.reads):
            lacking.add(one.name)
    return {one.name for one in sets.beside} - lacking
