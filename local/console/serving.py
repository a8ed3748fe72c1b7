"""``tessera console``: the whole console at one loopback address, on real data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import uvicorn

from lambdas.api.app import create_app
from lambdas.api.credentials import principal_by
from local.app.approval import Here, questioner
from local.app.inputs.settings_file import stage_settings
from local.app.progress import show
from local.app.started import started
from local.app.state.remembered import State, StatePlace, opened
from local.app.system import System
from local.console.campaigns import local_campaigns, local_routes
from local.console.services import LOCAL_USER, local_services
from local.console.site import site
from local.terminal import Terminal
from steps.serve.access import Authority
from steps.serve.services import Services
from steps.serve.settings import reinstate_settings
from tessera import naming
from tessera.api.keys import NewApiKey
from tessera.api.roles import NO_TENANT
from tessera.errors import InvalidInput

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "console" / "dist"
EXAMPLE = ROOT / "examples" / "online_retail_events.csv.gz"
HOST = "127.0.0.1"
_NO_POOL = "none"  # there are no access tokens here, only keys
_KEY_DAYS = 30


def console(
    *, state: Path, port: int, aws_port: int, page: Path, terminal: Terminal, operator: bool = False
) -> None:
    """Serve the console until interrupted, then save the state.

    Parameters
    ----------
    state
        The folder of the state. Without a finished run in it, the example is run first.
    port, aws_port
        Where the console and the embedded AWS answer.
    page
        The folder of the built page.
    terminal
        Where the address is printed.
    operator
        Whether it is an operator's, with the tenants and none of their data.

    Raises
    ------
    InvalidInput
        The page is not built, or a port is in use.
    """
    if not (page / "index.html").exists():
        raise InvalidInput(f"{page} holds no built page: run `make console`, which builds it")
    stage = stage_settings(campaigns=True)
    tenant = naming.DEFAULT_TENANT
    inbox = state.with_suffix(".inbox")
    keep_days = {
        naming.RUN_FILE: stage.storage.run_days,
        naming.REJECTED_ROWS: stage.storage.reject_days,
    }
    with (
        opened(state, terminal=terminal, keep_days=keep_days) as known,
        started(
            tenant=tenant,
            terminal=terminal,
            port=aws_port,
            ticking=True,
            state=known,
            inbox=inbox,
            stream=True,
            ahead=known is None or known.is_new,
        ) as (system, place),
    ):
        services = local_services(system, client=place.client, stage=stage, pages=True)
        if reinstate_settings(tenant, services=services):
            terminal.say("  The settings that were saved last are in use again.")
        try:
            _run_example(system, services, tenant=tenant, terminal=terminal)
            terminal.say(f"  Mails of campaigns: {inbox}/, and nowhere else.")
            key = _key(services, operator=operator)
            _serve(system, place, services, key=key, port=port, page=page, terminal=terminal)
        finally:
            _save(known, place, terminal)


def _run_example(system: System, services: Services, *, tenant: str, terminal: Terminal) -> None:
    """Run the example where the tenant has no finished run."""
    if services.data.exists(naming.latest_key(tenant)):
        return
    with terminal.step(f"Upload {EXAMPLE.name}"):
        execution = system.execution_of(system.upload(EXAMPLE, tenant=tenant))
    decide = Here(approve=True, terminal=terminal, ask=questioner())
    show(system, execution, terminal, decide=decide)
    system.wait(execution)


def _key(services: Services, *, operator: bool) -> NewApiKey:
    """Return the key that the page asks with."""
    key = NewApiKey.of(
        NO_TENANT if operator else naming.DEFAULT_TENANT,
        role="operator" if operator else "admin",
        label="this console",
        by=LOCAL_USER,
        now=services.clock(),
        days=_KEY_DAYS,
    )
    services.keys.add(key.key)
    return key


def _serve(
    system: System, place: StatePlace, services: Services, *, key: NewApiKey, port: int, page: Path,
    terminal: Terminal,
) -> None:  # fmt: skip
    authority = Authority(
        services.keys,
        claims=lambda _: None,
        issuer=_NO_POOL,
        client_id=_NO_POOL,
        clock=services.clock,
    )
    api = create_app(services, principal=principal_by(authority), log=lambda _: None)
    address = f"http://{HOST}:{port}"
    app = site(
        api,
        page=page,
        config={"mode": "local", "token": key.text, "campaigns": services.campaigns is not None},
        uploads=system.endpoint,
        local=local_routes(
            local_campaigns(system, place, services, token=key.text, address=address)
        ),
    )
    terminal.say()
    terminal.say(f"  The console: {address}/")
    terminal.say("  Ctrl-C ends it and saves the state.")
    uvicorn.run(app, host=HOST, port=port, log_level="warning", access_log=False)


def _save(state: State | None, place: StatePlace, terminal: Terminal) -> None:
    if state is not None:
        with terminal.step("Save the state") as step:
            state.save(place, now=dt.datetime.now(dt.UTC))
            step.note(f"{state.path}, with personal data")
