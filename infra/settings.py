"""A stage's settings, read from the context "tessera" of cdk.json and checked before any synth."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any, Self

from infra.connectors.settings import ConnectorsSettings
from infra.console import settings as console
from infra.console.settings import ConsoleSettings
from infra.crm import settings as crm
from infra.crm.settings import CrmSettings
from infra.curation.settings import CuratedSettings
from infra.dashboards import settings as dashboards
from infra.dashboards.settings import DashboardsSettings
from infra.data import settings as data
from infra.data.settings import DataSettings
from infra.databases.settings import DatabasesSettings
from infra.destinations import settings as destinations
from infra.kit import stage as stages
from infra.kit.checks import refuse
from infra.kit.states import longest_seconds
from infra.labels.settings import LabelsSettings
from infra.pipeline import settings as pipeline
from infra.pipeline.settings import ErasurePlaces, PipelineSettings
from infra.streams import settings as streams
from infra.streams.settings import StreamsSettings
from infra.warehouse.settings import WarehousesSettings
from tessera import naming
from tessera.errors import InvalidInput
from tessera.settings import DEFAULT_DESTINATIONS, RunSettings

# Settings of earlier versions, and what to do about each.
FORMER = {
    "campaign": "is now called 'connect_campaign': rename it",
    "tenants": "is gone, since a tenant is known from its first upload on: remove it",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class StageSettings(
    DataSettings,
    PipelineSettings,
    ConsoleSettings,
    StreamsSettings,
    CuratedSettings,
    CrmSettings,
    DatabasesSettings,
    ConnectorsSettings,
    WarehousesSettings,
    DashboardsSettings,
    LabelsSettings,
):
    """Everything that can be set in a stage: the settings of all its capabilities."""

    def __post_init__(self) -> None:
        """Refuse what could not be deployed, naming the setting."""
        for group in _groups(type(self)):
            values = getattr(self, group)
            for name, expected in values.problems().items():
                refuse(f"{group}.{name}", getattr(values, name), expected)
        for room in (stages, data, destinations, pipeline, console, streams, crm, dashboards):
            for name, expected in room.problems(self).items():
                value = functools.reduce(getattr, name.split("."), self)
                refuse(name, value, expected)
        self._check_labels()
        destinations.check_place_and_support(self)

    def _check_labels(self) -> None:
        labels = self.labels
        if labels.enabled and not self.stream.shards:
            needed = "false, or a stream of 'stream.shards' whose events move the labels"
            refuse("labels.enabled", labels.enabled, needed)
        if labels.forward and not labels.enabled:
            refuse("labels.forward", labels.forward, "none without 'labels.enabled'")
        if not set(labels.forward) <= set(self.destinations):
            refuse("labels.forward", labels.forward, "some of the stage's 'destinations'")

    @property
    def has_sources(self) -> bool:
        """Whether data arrives by itself, so that an alarm watches whether it still does."""
        switches = (
            self.stream.shards,
            self.crm.objects,
            self.database.mode,
            self.connectors.names,
        )
        return any(switches)

    @property
    def erasure_places(self) -> ErasurePlaces:
        """Where people are beside the foundation."""
        stream = self.stream
        return ErasurePlaces(
            labels=naming.labels_table(self.stage) if self.labels.enabled else "",
            stream_days=-(-stream.retention_hours // 24) if stream.shards else 0,
            longest_write_seconds=self.longest_write_seconds,
        )

    @property
    def longest_write_seconds(self) -> int:
        """How long the longest of all jobs and functions may wait for its machine and work.

        After that nothing writes any more what it had read before. Jobs have hours. A function
        has 15 minutes, and an address for an upload lasts an hour.
        """
        return longest_seconds(hours=max(self.jobs.job_hours, self.curation.hours))

    @classmethod
    def parse(cls, stage: str, tree: Mapping[str, Any]) -> Self:
        """Read a stage from the context ``{"defaults": {…}, "stages": {name: {…}}}``.

        Raises
        ------
        InvalidInput
            The stage or a setting is unknown, or a value is not what was expected.
        """
        known = tree.get("stages", {})
        if stage not in known:
            refuse("stage", stage, f"one of {', '.join(sorted(known)) or 'no stage at all'}")
        layers = (tree.get("defaults", {}), known[stage])
        values = {name: value for layer in layers for name, value in layer.items()}
        given = {name: [layer[name] for layer in layers if name in layer] for name in values}
        groups: dict[str, Any] = {
            name: _group(name, default, given.pop(name))
            for name, default in _groups(cls).items()
            if name in given
        }
        available = list(values.get("destinations", DEFAULT_DESTINATIONS))
        run = RunSettings.parse({"destinations": available}, *given.pop("run", []))
        plain = {name: layer[-1] for name, layer in given.items()}
        _check_names(plain, cls, at="")
        typed = {name: _typed(name, _defaults(cls)[name], value) for name, value in plain.items()}
        return cls(stage=stage, run=run, **groups, **typed)


def _groups(cls: type[StageSettings]) -> dict[str, Any]:
    return {name: value for name, value in _defaults(cls).items() if hasattr(value, "problems")}


def _defaults(cls: Any) -> dict[str, Any]:
    return {
        field.name: field.default
        if field.default_factory is dataclasses.MISSING
        else field.default_factory()
        for field in dataclasses.fields(cls)
        if field.name != "stage"
    }


def _group(name: str, default: Any, layers: list[Any]) -> Any:
    values: dict[str, Any] = {}
    for layer in layers:
        if not isinstance(layer, Mapping):
            refuse(name, layer, "a group of settings")
        _check_names(layer, type(default), at=f"{name}.")
        values |= layer
    known = dataclasses.asdict(default)
    typed = {key: _typed(f"{name}.{key}", known[key], value) for key, value in values.items()}
    return dataclasses.replace(default, **typed)


def _check_names(values: Mapping[str, Any], cls: Any, *, at: str) -> None:
    known = sorted(_defaults(cls))
    for name in values:
        if not at and name in FORMER:
            raise InvalidInput(f"setting {name!r} {FORMER[name]}")
        if name not in known:
            raise InvalidInput(
                f"unknown setting {at + name!r}: expected one of "
                f"{', '.join(at + expected for expected in known)}"
            )


def _typed(name: str, default: Any, value: Any) -> Any:
    if isinstance(default, tuple):
        if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            return tuple(value)
        refuse(name, value, "a list of names")
    if type(value) is not type(default):
        refuse(name, value, f"{type(default).__name__}, got {type(value).__name__}")
    return value
