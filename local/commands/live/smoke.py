"""The steps of a smoke test: two made-up customers, one segment, and everything twice."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from local.terminal import Terminal
from tessera.contracts.tables import PROFILES
from tessera.destinations.planning.ledger import CLEARED
from tessera.destinations.planning.load import Load
from tessera.destinations.planning.plan import Plan
from tessera.destinations.port import BY_HAND, Customer, Item, Loaded, Transport
from tessera.errors import Refused, TesseraError
from tessera.naming import SEGMENT_PREFIX
from tessera.records.loads.segment import Segment

IDS = ("tessera-smoke-1@example.com", "tessera-smoke-2@example.com")
SMOKE = Segment(
    label="Smoke", name=f"{SEGMENT_PREFIX}Smoke", kind="segment", value="Smoke",
    meaning="Made-up customers of a smoke test", customers=len(IDS), set="rfm",
)  # fmt: skip


@dataclasses.dataclass
class Smoke:
    """The test, step by step. Each step prints a line.

    Parameters
    ----------
    vendor, transport
        The destination and the way there.
    terminal
        Where each step is reported.
    account
        Describes an error in words.
    pause
        Waits that many seconds before failed items are repeated.
    """

    vendor: Loaded
    transport: Transport
    terminal: Terminal
    account: Callable[[TesseraError], str]
    pause: Callable[[float], None]

    def run(self) -> bool:
        """Run the steps, then clear the customers whatever failed. Return whether all went well."""
        if not self._step("check", self._check):
            return False
        steps = (
            ("send two customers", self._send_two),
            ("make the segment", self._ensure),
            ("count its members", self._size),
            ("send the same again", self._again),
        )
        well = all(self._step(name, act) for name, act in steps)
        return self._step("clear the customers", self._clear) and well

    def _step(self, name: str, act: Callable[[], str]) -> bool:
        with self.terminal.step(name) as step:
            try:
                step.note(act())
            except TesseraError as error:
                step.done(failed=True)
                self.terminal.error(self.account(error))
                return False
        return True

    def _check(self) -> str:
        self.transport.check([SMOKE])
        return "the key is taken"

    def _send_two(self) -> str:
        planned = Plan(self.vendor, ledger=[])
        items = [item for number in (1, 2) for item in planned.offer(_customer(number))]
        return self._send(items)

    def _again(self) -> str:
        summary, become = self._send_two(), self.transport.ensure(SMOKE)
        if become not in ("kept", BY_HAND):
            raise Refused(f"the segment was {become}, though nothing about it has changed")
        return f"{summary}; segment {become}"

    def _ensure(self) -> str:
        return self.transport.ensure(SMOKE)

    def _size(self) -> str:
        size = self.transport.size(SMOKE)
        return "it does not say, or not yet" if size is None else f"it counts {size}"

    def _clear(self) -> str:
        return self._send(
            [
                Item(_key(number), customer_id, CLEARED, self.vendor.cleared(customer_id))
                for number, customer_id in enumerate(IDS, start=1)
            ]
        )

    def _send(self, items: list[Item]) -> str:
        load = Load(
            vendor=self.vendor, transport=self.transport, go_on=lambda: True, pause=self.pause
        )
        account = load.send(items)
        if account.refused:
            why = account.refused[0]
            raise Refused(
                f"{len(account.refused)} of {len(items)} refused: {why.code} {why.message}"
            )
        return f"{len(account.acknowledged)} taken"


def _key(number: int) -> str:
    return f"smoke-{number}"


def _customer(number: int) -> Customer:
    """Return a customer who bought yesterday, and has no address."""
    now = dt.datetime.now(dt.UTC)
    yesterday = now - dt.timedelta(days=1)
    profile = dict.fromkeys(PROFILES.names) | {
        "customer_key": _key(number),
        "first_purchase_at": yesterday,
        "last_purchase_at": yesterday,
        "recency_days": 1,
        "frequency": number,
        "monetary": Decimal("12.50"),
        "r_score": 5,
        "f_score": 1,
        "m_score": 1,
        "rfm_score": "511",
        "cluster": 1,
        "segment": SMOKE.value,
        "as_of": now.date(),
    }
    return Customer(_key(number), IDS[number - 1], profile)
