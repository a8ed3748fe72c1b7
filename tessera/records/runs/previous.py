"""previous.json: what Score compares this run with. Prepare writes it.

``{"run_id": null}`` means that there is no earlier run. With ``latest`` and ``why`` there is one,
and it cannot be compared with.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from tessera.records.codec import decode, encode
from tessera.records.run_of_day import RunOfDay
from tessera.records.scoring.forecast_models import ForecastModels
from tessera.records.scoring.sets import SetRecord
from tessera.settings import RunSettings


@dataclasses.dataclass(frozen=True, kw_only=True)
class PreviousRun(RunOfDay):
    """The tenant's last successful run before this one.

    Parameters
    ----------
    run_id, as_of
        Which run, and the day that it describes.
    days
        From that day to this run's.
    same_period
        Whether both runs count days in the same way.
    settings
        By which it scored.
    thresholds
        The thresholds of its scores, by measure.
    sets
        The records of its segment sets, by name.
    models
        Its forecast models. None where an earlier version left none.
    """

    days: int
    same_period: bool
    settings: RunSettings
    thresholds: Mapping[str, tuple[float, ...]]
    sets: Mapping[str, SetRecord]
    models: ForecastModels | None

    @property
    def usable_models(self) -> ForecastModels | None:
        """Its models, unless a version learnt them that published all or nothing."""
        return self.models if self.models and self.models.says_what_is_published else None


@dataclasses.dataclass(frozen=True, kw_only=True)
class NotCompared:
    """The last successful run, where nothing led from there to here.

    Parameters
    ----------
    latest
        The run, and the day that it describes.
    why
        It is this run itself, it describes a later day, or its files have expired.
    """

    latest: RunOfDay
    why: Literal["itself", "later", "expired"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PublishedScore:
    """The part of an earlier run's score.json that later runs compare with.

    Parameters
    ----------
    thresholds, sets, models
        As in ``PreviousRun``. Versions before segment sets and forecasts wrote neither.
    """

    thresholds: Mapping[str, tuple[float, ...]]
    sets: Mapping[str, SetRecord] = dataclasses.field(default_factory=dict)
    models: ForecastModels | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CountedEvents:
    """The part of an earlier run's prepare.json that later runs compare with.

    Parameters
    ----------
    last_event_at
        The last event that it counted.
    """

    last_event_at: dt.datetime


def previous_document(previous: PreviousRun | NotCompared | None) -> dict[str, Any]:
    """Return previous.json."""
    if isinstance(previous, PreviousRun):
        return encode(previous)
    return {"run_id": None} | (encode(previous) if previous else {})


def read_previous(value: Any, *, document: str) -> PreviousRun | NotCompared | None:  # noqa: ANN401 (JSON)
    """Return what previous.json holds, None without an earlier run."""
    if value == {"run_id": None}:
        return None
    if value.get("run_id", "") is None:
        members = {name: member for name, member in value.items() if name != "run_id"}
        return decode(NotCompared, members, document=document)
    return decode(PreviousRun, value, document=document)
