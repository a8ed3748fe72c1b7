"""Every segment set of a run: its groups in numbers, what they mean and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tessera.errors import InvalidInput
from tessera.insights.forecasts import MONEY, sentence
from tessera.insights.statistics.quantities import NO_ORDER_90D
from tessera.naming import segment_name
from tessera.records.insights.groups import GroupSet, LabelledGroup
from tessera.records.insights.insights import ForecastQuantity
from tessera.records.scoring.groups import GroupStatistics
from tessera.records.scoring.score import ScoreRecord
from tessera.records.scoring.sets import LabelRecord, SetRecord
from tessera.segments.sets.catalog import RFM

_NOBODY = "None of these customers has bought."
_NO_VALUE = "None of these customers has a value."
_FIGURES = "full"


def group_sets(score: ScoreRecord, forecasts: Sequence[ForecastQuantity]) -> dict[str, GroupSet]:
    """Return the sets by name, the segment definition's own first.

    Raises
    ------
    InvalidInput
        The groups of a set are not its labels, or do not add up to all customers.
    """
    reasons = {one.name: _reason(one) for one in forecasts}
    return {name: _set(name, score, reasons) for name in score.groups}


def _reason(quantity: ForecastQuantity) -> str:
    """Return why a quantity is not published in figures, empty where it is."""
    verdict = quantity.verdict
    return "" if verdict.grade == _FIGURES else " ".join(map(sentence, verdict.reasons))


def _set(name: str, score: ScoreRecord, reasons: Mapping[str, str]) -> GroupSet:
    record = _definition(score) if name == RFM else score.sets[name]
    _check(name, score, record)
    about = {field: value for field, value in vars(record).items() if field != "labels"}
    return GroupSet(
        **about,
        groups=tuple(
            _group(row, label, reasons=reasons)
            for row, label in zip(score.groups[name], record.labels, strict=True)
        ),
    )


def _definition(score: ScoreRecord) -> SetRecord:
    """Return the segment definition as a set among others."""
    return SetRecord(
        meaning=score.meaning,
        labels=tuple(
            LabelRecord(
                label=row.label,
                meaning=row.meaning,
                action=row.action,
                segment_label=row.label,
                customers=row.customers,
            )
            for row in score.segments
        ),
    )


def _check(name: str, score: ScoreRecord, record: SetRecord) -> None:
    """Refuse groups that are not the set's labels, or not all customers."""
    counted = [(row.group, row.uuids) for row in score.groups[name]]
    labelled = [(label.label, label.customers) for label in record.labels]
    total = sum(customers for _, customers in counted)
    if counted != labelled or total != score.customers:
        raise InvalidInput(
            f"score.json counts the customers of the set {name!r} twice and differently: groups "
            f"{counted}, labels {labelled}, of {score.customers} customers. Run the upload again"
        )


def _group(
    row: GroupStatistics, label: LabelRecord, *, reasons: Mapping[str, str]
) -> LabelledGroup:
    nobody = _NOBODY if not row.buyers else ""
    return LabelledGroup(
        **vars(row),
        meaning=label.meaning,
        action=label.action,
        segment=segment_name(label.segment_label),
        low=label.low,
        below=label.below,
        clv_reason=_why(row.clv_avg, reasons[MONEY] or nobody),
        p_no_order_90d_reason=_why(row.p_no_order_90d_avg, reasons[NO_ORDER_90D] or nobody),
    )


def _why(average: object, reason: str) -> str | None:
    """Return why there is no average, None where there is one."""
    return None if average is not None else reason or _NO_VALUE
