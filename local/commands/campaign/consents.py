"""Import a file of consents through the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from adapters.http.console_api import ConsoleApi
from local.commands.campaign.connection import put_file
from tessera.errors import InvalidInput

PutFile = Callable[[str, bytes], None]


def import_consents(api: ConsoleApi, file: Path, *, put: PutFile = put_file) -> Any:
    """Send a file and import it. Return the report.

    Raises
    ------
    InvalidInput
        The file cannot be read, or it has not the columns of consents.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{file} can't be read: {error.strerror or error}") from error
    target = api.send("POST", "/v1/consent/imports", {"bytes": len(content)})
    put(target["url"], content)
    return api.send("POST", f"/v1/consent/imports/{target['name']}/start")


def consent_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an import came to."""
    states = ", ".join(f"{count:,} {state}" for state, count in report["states"].items())
    yield f"  consents: {report['added']:,} imported ({states}), {report['refused']:,} refused"
    for one in report["refusals"]:
        yield f"    line {one['line']}, {one['column'] or 'the line'}: expected {one['expected']}"
