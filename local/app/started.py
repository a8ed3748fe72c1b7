"""The app, deployed into an embedded AWS of this process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local.app import assembly
from local.app.inputs.settings_file import stage_settings
from local.app.secret import kept_secret
from local.app.stand_ins import give_keys, services
from local.app.state.remembered import State, StatePlace
from local.app.state.snapshot import CAMPAIGNS, DATA, IDENTITIES, TENANTS
from local.app.system import GLUE_ARGUMENTS, System, imports
from local.aws.server import HOST, EmbeddedAws
from local.terminal import Terminal
from tessera.errors import InvalidInput


@contextmanager
def started(
    *,
    tenant: str,
    terminal: Terminal,
    port: int = 0,
    ticking: bool = False,
    destinations: tuple[str, ...] = (),
    state: State | None = None,
    inbox: Path | None = None,
    stream: bool = False,
    ahead: bool = True,
    labels: bool = False,
) -> Iterator[tuple[System, StatePlace]]:
    """Give the app, and the place that a state of it is saved from.

    It is deployed into an embedded AWS that ends with the block.

    Parameters
    ----------
    tenant
        Gets the stand-ins' keys.
    port, ticking
        Where the embedded AWS answers, 0 on any free port, and whether its schedules fire.
    destinations
        In place of the stage's, unless it is empty.
    state
        What earlier runs left, restored. None: the app starts empty.
    inbox
        The folder that the mails of campaigns are written to. None: the app has no campaigns.
    stream
        Whether the app has an event stream, whatever the stage says.
    ahead
        Whether the processes of a run are started ahead of it.
    labels
        Whether the stream's events move labels.
    """
    campaigns = inbox is not None
    secret = kept_secret() if state is None else state.secret
    _check_port(port)
    stage = stage_settings(destinations)
    made = _Background(
        lambda: assembly.cached(
            destinations=destinations, campaigns=campaigns, stream=stream, labels=labels
        )
    )
    with terminal.step("Start embedded AWS") as step:
        aws = EmbeddedAws(
            port=port,
            services=services(stage, inbox=inbox),
            glue_arguments=GLUE_ARGUMENTS,
            ticking=ticking,
            report=terminal.error,
            imports=imports,
        ).__enter__()
    step.note(aws.endpoint)
    try:
        if not made.ready:
            with terminal.step("Synthesize the app"):
                made.result()
        with terminal.step("Deploy the app"):
            deployed = aws.deploy(made.result(), secrets={"PseudonymSecret": secret}, ahead=ahead)
            give_keys(aws, tenant=tenant, stage=stage)
        system = System(aws, deployed, pause=aws.pause, put_file=aws.put_file)
        place = StatePlace(
            buckets={DATA: system.data_bucket, IDENTITIES: system.identities_bucket},
            runs_table=system.runs_table,
            stand_ins=aws.states(),
            client=aws.client,
            tables={
                TENANTS: system.tenants_table,
                **({CAMPAIGNS: system.campaigns_table} if campaigns else {}),
            },
        )
        if state is not None:
            _restore(state, place, terminal)
        yield system, place
    finally:
        aws.stop()


def _restore(state: State, place: StatePlace, terminal: Terminal) -> None:
    with terminal.step("Restore the state") as step:
        again = state.restore(place)
        step.note(f"{state.path}: {state.before}")
    for destination in again:
        terminal.say(
            f"  The stand-in for {destination} does not remember: it gets everything again."
        )


def _check_port(port: int) -> None:
    """Refuse a port that another program has."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise InvalidInput(
                f"port {port} can't be used ({reason}), perhaps because another `tessera serve` "
                "is up: end that one, or give another port, or --port 0 for any free one"
            ) from error
        except OverflowError as error:
            raise InvalidInput(f"there is no port {port}: give 0 to 65535") from error


class _Background:
    """A result that is being made in another thread."""

    def __init__(self, make: Callable[[], Path]) -> None:
        self._made: Path | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(make,), daemon=True)
        self._thread.start()

    def _run(self, make: Callable[[], Path]) -> None:
        try:
            self._made = make()
        except Exception as error:  # noqa: BLE001 (raised again by result)
            self._error = error

    @property
    def ready(self) -> bool:
        """Whether the result is there."""
        return not self._thread.is_alive()

    def result(self) -> Path:
        """Return the result, or raise what its making raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._made is not None  # noqa: S101 (made or failed)
        return self._made
