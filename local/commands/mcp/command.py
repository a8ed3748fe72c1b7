"""``tessera mcp``: serve an assistant over standard input and output."""

from __future__ import annotations

import os
from pathlib import Path

from adapters.http.console_api import ConsoleApi
from local.commands.mcp.server import server
from local.commands.mcp.sources import ApiSource, RunSource, StateSource
from tessera import naming
from tessera.errors import InvalidInput

KEY_VARIABLE = "TESSERA_API_KEY"  # an argument would show in the list of processes


def serve(*, url: str, state: Path, tenant: str) -> None:
    """Serve until the assistant closes standard input.

    Parameters
    ----------
    url
        Of a deployed console. Empty for the state.
    state
        The folder of a state on this machine.
    tenant
        Whose runs of the state. An API key knows its tenant.

    Raises
    ------
    InvalidInput
        There is no key for the console.
    """
    server(_source(url, state=state, tenant=tenant)).run()


def _source(url: str, *, state: Path, tenant: str) -> RunSource:
    if not url:
        return StateSource(state, tenant=naming.check_tenant(tenant))
    key = os.environ.get(KEY_VARIABLE, "")
    if not key:
        raise InvalidInput(f"{KEY_VARIABLE} is not set: put an API key of {url} there")
    return ApiSource(ConsoleApi(url, key=key))
