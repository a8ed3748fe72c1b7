"""A run that failed: its error.json in the user's own words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from local.app import outputs
from local.app.disk import FREE, FULL
from local.app.system import System
from local.commands.run.request import RunOptions
from local.terminal import CommandFailure
from tessera import naming


class RunFailed(CommandFailure):
    """The run failed. ``record`` is its error.json."""

    def __init__(self, record: dict[str, Any]) -> None:
        state = f"{record['state']}: " if record.get("state") else ""
        lines = [f"{state}{record['message']}", f"  What to do: {record['what_to_do']}"]
        if record.get("history"):
            lines.append(f"  {record['history']}")
        super().__init__("\n".join(lines))
        self.record = record


def failure_of(
    system: System, execution: str, request: RunOptions, *, names: Mapping[str, str]
) -> RunFailed:
    """Leave an execution's error.json in the user's own words, and return it to be raised."""
    record = system.error_of(execution) or _bare(system.describe(execution), request)
    record = _of_disk(_in_own_words(record, names, bucket=system.data_bucket))
    outputs.write_error(request.out, record)
    return RunFailed(record)


def own_names(request: RunOptions, key: str) -> dict[str, str]:
    """Return what the user calls the objects that were made of the user's files, by their keys."""
    settings = {naming.settings_key(request.tenant): f"settings file {request.settings}"}
    if request.source is None:
        return settings
    if request.source.is_dir():
        return {f"{key.rpartition('/')[0]}/": f"{request.source}/", **settings}
    return {key: str(request.source), **settings}


def _in_own_words(
    record: dict[str, Any], names: Mapping[str, str], *, bucket: str
) -> dict[str, Any]:
    """Return a failure's account that names the user's files, not their copies."""
    keys = "|".join(re.escape(key) for key in names)
    copy = re.compile(rf"(?<![\w/.-])(?:s3://{re.escape(bucket)}/)?({keys})")
    fields = ("message", "what_to_do")
    texts = {field: copy.sub(lambda match: names[match[1]], record[field]) for field in fields}
    return {**record, **texts}


def _of_disk(record: dict[str, Any]) -> dict[str, Any]:
    """Return the account of a full disk as such, any other one as it is."""
    if FULL not in record["message"]:
        return record
    return {**record, "message": "the disk is full", "what_to_do": f"{FREE[0].upper()}{FREE[1:]}."}


def _bare(described: dict[str, Any], request: RunOptions) -> dict[str, Any]:
    """Return an error.json for a failure that FailRun could not describe."""
    return {
        "tenant": request.tenant,
        "run_id": described["name"],
        "state": "",
        "error": described.get("error") or described["status"],
        "message": described.get("cause") or f"the execution ended as {described['status']}",
        "what_to_do": "Run again; when it fails again, report this with the version in use.",
        "details": {},
        "execution_arn": described["executionArn"],
        "failed_at": json.loads(json.dumps(described["stopDate"], default=str)),
    }
