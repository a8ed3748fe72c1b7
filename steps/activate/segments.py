"""Bring a destination's segments up to date, and report on its load."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from adapters.destinations.loads import RunLoad
from steps.activate.activation import Activation
from tessera.contracts.customer_profiles import CAMPAIGN_SET
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.planning.report import files_report, report
from tessera.destinations.planning.retiring import retired
from tessera.destinations.port import BY_HAND, RETIRED, Referring, Transport
from tessera.insights.failure.understanding import CaughtError, understand
from tessera.records.loads.load_report import LoadFailure, PlacedSegment
from tessera.records.loads.segment import Segment
from tessera.records.messages.replies import DestinationDone, DestinationFailed
from tessera.settings import DELETE

_AT_ONCE = 4  # a service takes seconds to count a segment, and there are dozens


def ensure_segments(activation: Activation) -> DestinationDone:
    """Create, change and retire segments, read their sizes, and write report.json.

    Raises
    ------
    Retryable, Refused, InvalidInput
        As the transport's ``ensure``, ``retire`` and ``size``.
    """
    load = activation.load()
    if activation.vendor is None:
        load.write_report(files_report(load.record))
    elif load.record.held:
        planned = activation.estimate(load.record.changes)
        load.write_report(report(load.record, totals=load.totals(), segments=[], planned=planned))
    else:
        placed = _place_all(activation, load, able=activation.vendor.CAPABILITIES)
        load.write_report(report(load.record, totals=load.totals(), segments=placed))
    return DestinationDone(destination=activation.destination)


def report_failure(activation: Activation, caught: CaughtError) -> DestinationFailed:
    """Write report.json of a destination that failed. What it acknowledged stays so.

    Parameters
    ----------
    activation
        The destination.
    caught
        The error, and the state that it ended.
    """
    load = activation.load()
    failure = understand(caught)
    if activation.vendor is not None:
        load.write_refused()
    failed = LoadFailure(state=caught.state, error=failure.error, message=failure.message)
    load.write_report(report(load.record, totals=load.totals(), segments=[], failed=failed))
    return DestinationFailed(
        destination=activation.destination, error=failure.error, message=failure.message
    )


def _place_all(activation: Activation, load: RunLoad, *, able: Capabilities) -> list[PlacedSegment]:
    """Ensure every segment of this run, then retire those of earlier runs."""
    transport = activation.transport()
    wanted = load.record.segments
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        placed = list(pool.map(functools.partial(_place, transport=transport, able=able), wanted))
    obsolete = retired(load.known_segments(), wanted)
    kept = [] if activation.settings.retired_segments == DELETE else _lasting(obsolete)
    actions = [RETIRED if one in kept else transport.retire(one) for one in obsolete]
    load.remember_segments([*wanted, *kept])
    return placed + [
        PlacedSegment(one.name, one.label, action, None, _rule(one, action))
        for one, action in zip(obsolete, actions, strict=True)
    ]


def _lasting(segments: Sequence[Segment]) -> list[Segment]:
    """Return segments without those of campaigns, which end with their campaign."""
    return [one for one in segments if not one.set.startswith(CAMPAIGN_SET)]


def _rule(segment: Segment, action: str) -> str:
    return content.rule(segment) if action == BY_HAND else ""


def _place(segment: Segment, *, transport: Transport, able: Capabilities) -> PlacedSegment:
    if segment.bounds and not able.thresholds:
        return PlacedSegment(segment.name, segment.label, BY_HAND, None, content.rule(segment))
    action = transport.ensure(segment)
    reference = transport.reference(segment) if isinstance(transport, Referring) else ""
    size = transport.size(segment)
    return PlacedSegment(
        segment.name, segment.label, action, size, _rule(segment, action), reference
    )
