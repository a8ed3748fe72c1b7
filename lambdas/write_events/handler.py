"""Write events of messages. Called with batches of a queue that EventBridge fills.

A batch that fails comes again whole. Writing it again changes nothing.
"""

from __future__ import annotations

import json
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.event_set import EventSet
from steps.campaign.write_events import write_events
from tessera.environments.campaigns import WriteEventsEnvironment


@logged("WriteEvents", facts=("written", "by_message_id", "foreign", "late", "unreadable"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with what became of the batch."""
    table = WriteEventsEnvironment.from_env(os.environ).campaigns_table
    bodies = [json.loads(record["body"]) for record in event["Records"]]
    report = write_events(bodies, events=EventSet(table), consent=ConsentRows(table))
    return {
        "written": report.written,
        "by_message_id": report.by_message_id,
        "foreign": report.foreign,
        "late": report.late,
        "unreadable": list(report.unreadable),
    }
