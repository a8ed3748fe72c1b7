"""What removes a tenant: from a deployed stage, a `serve` that runs here, or a state."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from adapters.erasure.signing import ReceiptSigner
from infra.settings import StageSettings
from local.app.elsewhere.account import CONSOLE, DATA, LABELS, STREAMS, reaching
from local.app.elsewhere.remote import connected
from local.app.inputs.settings_file import stage_settings
from local.app.removal import removal_here, removal_places
from local.app.state.folder import StateFolder
from local.commands.tenant.places import StateTenants
from local.commands.tenant.state_remains import state_removal
from local.terminal import Terminal
from steps.remove_tenant.places import removal_of
from steps.remove_tenant.removal import Removal
from tessera import naming


@contextlib.contextmanager
def removal_at(
    tenant: str, *, stage: str, endpoint: str, state: Path, terminal: Terminal
) -> Iterator[Removal]:
    """Give what removes a tenant where it is.

    Raises
    ------
    InvalidInput
        There is no such place.
    """
    naming.check_tenant(tenant)
    settings = stage_settings(stage=stage) if stage else stage_settings()
    if stage:
        names = [DATA, *_further(settings)]
        with reaching(settings, capabilities=names) as (aws, outputs):
            named = {key: value for one in outputs.values() for key, value in one.items()}
            signer = ReceiptSigner(named["ReceiptKeyArn"], client=aws.client("kms"))
            places = removal_places(named, settings)
            yield removal_of(tenant, places, client=aws.client, signer=signer)
    elif endpoint:
        with connected(endpoint) as system:
            yield removal_here(tenant, system, settings=settings, client=system.client)
    else:
        folder = StateFolder(state)
        with folder.locked(wait=lambda: terminal.say(f"  Waiting for another use of {state} …")):
            yield state_removal(tenant, folder=folder, tenants=StateTenants(folder))


def _further(settings: StageSettings) -> list[str]:
    """Return the capabilities of a stage that hold something of tenants."""
    held = {
        CONSOLE: settings.console.enabled,
        STREAMS: settings.stream.collects,
        LABELS: settings.labels.enabled,
    }
    return [name for name, is_on in held.items() if is_on]
