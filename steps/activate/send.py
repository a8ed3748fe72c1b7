"""Send the next parts of a load for as long as there is time.

All progress is in the bucket, so a load continues where it stopped for whatever reason. No customer
is omitted, and only those sent since the last save are sent again.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

from adapters.destinations.loads import RunLoad
from steps.activate.activation import Activation
from steps.activate.at_once import AtOnce
from tessera.destinations.planning.load import ATTEMPTS, Load
from tessera.destinations.port import Loaded, Transport
from tessera.errors import InvalidInput, Retryable
from tessera.records.messages.replies import LoadReply

ROWS_PER_SAVE = 2_000  # or one batch, if the destination takes more in one
_RESERVE_SECONDS = 60  # one batch with all its retries, and saving what was acknowledged
_WAIT_SECONDS = 2


def poll_load(
    activation: Activation,
    *,
    seconds_left: Callable[[], float],
    pause: Callable[[float], None],
) -> LoadReply:
    """Send until the load is done or the time is nearly over.

    Parameters
    ----------
    activation
        The destination.
    seconds_left
        Returns how long this call may still take.
    pause
        Waits this many seconds.

    Returns
    -------
    LoadReply
        If the destination asks for a longer pause than a function should wait, ``wait_seconds``
        has it.

    Raises
    ------
    InvalidInput
        The destination gets no requests.
    Retryable, Refused
        As the transport's ``send``.
    """
    vendor = activation.vendor
    if vendor is None:
        raise InvalidInput(
            f"destination {activation.destination!r} gets files only: there is nothing to send"
        )
    load = activation.load()
    reserve_seconds = _RESERVE_SECONDS + ATTEMPTS * vendor.CAPABILITIES.exchange_seconds
    wait_seconds = _WAIT_SECONDS
    try:
        done = advance(
            load,
            vendor=vendor,
            transport=activation.transport(),
            go_on=lambda: seconds_left() > reserve_seconds,
            pause=pause,
            seconds_left=seconds_left,
        )
    except Retryable as busy:
        if not busy.after_seconds:
            raise
        done, wait_seconds = False, math.ceil(busy.after_seconds)
    if done:
        load.write_refused()
    return LoadReply(
        status="DONE" if done else "IN_PROGRESS",
        wait_seconds=0 if done else wait_seconds,
        progress={"changes": load.record.changes, **dataclasses.asdict(load.totals())},
    )


def advance(
    load: RunLoad,
    *,
    vendor: Loaded,
    transport: Transport,
    go_on: Callable[[], bool],
    pause: Callable[[float], None],
    seconds_left: Callable[[], float] = lambda: math.inf,
) -> bool:
    """Send slice by slice while ``go_on`` allows it. Return whether everything is sent.

    Files that the destination fetches itself come first.

    Raises
    ------
    Retryable
        The destination is busy or away, and nothing was sent in this call.
    """
    capabilities = vendor.CAPABILITIES
    sender = Load(
        vendor=vendor, transport=transport, go_on=go_on, pause=pause, lanes=capabilities.lanes
    )
    started_at = load.started_at()
    at_once = AtOnce(
        load, vendor=vendor, transport=transport, started_at=started_at, seconds_left=seconds_left
    )
    most = max(ROWS_PER_SAVE, capabilities.batch_items)
    position = start = load.position()
    while not load.is_end(position):
        try:
            if after := at_once.advance(position):
                position = after
                if not go_on():
                    return load.is_end(position)
                continue
            items = load.items(position, most=most)
            account = sender.send(items)
        except Retryable:
            if position == start:
                raise
            return False
        load.save(position, account, vendor=vendor, started_at=started_at)
        if account.rows < len(items):
            return False
        position = load.after(position, account.rows)
    return True
