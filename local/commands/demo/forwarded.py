"""Moves that a destination gets between two runs, and what the next run still has to send."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping

from local.app.system import System
from tessera import naming
from tessera.contracts.destinations import title

DESTINATION = "klaviyo"
_LABEL = "rfm_segment"
_WAITS_S, _LOOK_S = 120.0, 0.05


class ForwardedMoves:
    """What the stand-in for a destination has of customers whose labels moved.

    Parameters
    ----------
    system
        The app.
    tenant
        Whose customers they are.
    """

    def __init__(self, system: System, *, tenant: str) -> None:
        self._system, self._tenant = system, tenant
        self._had: dict[str, dict[str, object]] = {}

    def wait(self, customer: str, *, label: str) -> float:
        """Wait until the destination has a customer's label. Return how many seconds it took."""
        began = time.perf_counter()
        while (had := self._held(customer)).get(_LABEL) != label:
            if time.perf_counter() - began > _WAITS_S:
                lines = [line for _, line in self._system.logs() if "ForwardMoves" in line]
                raise RuntimeError(f"{DESTINATION} has no label of {customer}: {lines[-3:]}")
            time.sleep(_LOOK_S)
        self._had[customer] = had
        return time.perf_counter() - began

    def left(self, events: Mapping[str, str], *, run_id: str) -> Iterator[str]:
        """Yield what a run had left to send of moves that were forwarded.

        Parameters
        ----------
        events
            What people call the event that moved a customer, by customer.
        run_id
            The run that counted the events.

        Raises
        ------
        AssertionError
            The run sent what the destination had.
        """
        yield f"  {title(DESTINATION)} had all {len(events)} labels before the run."
        sent = self._sent(run_id)
        for event in dict.fromkeys(events.values()):
            moved = {customer for customer, moved_by in events.items() if moved_by == event}
            yield (
                f"  For {len(moved - sent)} of {len(moved)} customers that {event} moved, the run "
                "had nothing to send."
            )
            changed = {name for customer in moved & sent for name in self._changed(customer)}
            if changed:
                yield f"    For the others it had other values: {', '.join(sorted(changed))}."

    def _changed(self, customer: str) -> set[str]:
        """Return what a run changed of a customer. A day that passes can move other labels."""
        before, after = self._had[customer], self._held(customer)
        names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        if not names:
            raise AssertionError(f"customer {customer}: the run sent what {DESTINATION} had")
        return names

    def _sent(self, run_id: str) -> set[str]:
        """Return the customers that a run had to send."""
        prefix = naming.destination_prefix(self._tenant, run_id, DESTINATION)
        bucket = self._system.identities_bucket
        record = self._system.read_json(bucket, prefix + naming.LOAD_RECORD)
        lines = (
            line
            for part in record["parts"]
            for line in self._system.read(bucket, part["key"]).decode().split("\n")[:-1]
        )
        return {json.loads(line)["customer_id"] for line in lines}

    def _held(self, customer: str) -> dict[str, object]:
        held = self._system.look_into(DESTINATION, customer=customer)["held"]
        return dict(held.get(customer, {}))
