"""Where the canary runs: in the embedded AWS, or in a stage that is deployed in an account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from local.app.elsewhere.account import connected
from local.app.inputs.settings_file import stage_settings
from local.app.started import started
from local.commands.canary.flight import TENANT
from local.commands.canary.flight import canary as fly
from local.terminal import Terminal
from tessera.contracts.destinations import CUSTOMER_PROFILES, EXPORT


def canary(*, stage: str, destinations: Sequence[str], terminal: Terminal) -> None:
    """Run the canary.

    Parameters
    ----------
    stage
        A deployed stage of cdk.json. Empty means the embedded AWS.
    destinations
        Where its customers go. By default only where they meet nobody else's: the export, and the
        tenant's own Customer Profiles domain if the stage has that destination.
    """
    now = dt.datetime.now(dt.UTC)
    if not stage:
        offline = (EXPORT, CUSTOMER_PROFILES)
        with started(tenant=TENANT, terminal=terminal, destinations=tuple(destinations)) as (
            system,
            _,
        ):
            fly(system, terminal=terminal, destinations=destinations or offline, now=now)
        return
    settings = stage_settings(stage=stage)
    terminal.say(f"  Canary of stage {stage} in {settings.region}")
    own = [EXPORT]
    if settings.has_customer_profiles:
        own.append(CUSTOMER_PROFILES)
    with connected(settings) as system:
        fly(system, terminal=terminal, destinations=destinations or own, now=now)
