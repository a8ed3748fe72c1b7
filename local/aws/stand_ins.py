"""The small servers for what moto lacks, and for destinations beyond AWS."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Protocol, Self, runtime_checkable

from local.loopback.held import Holder, Seen, seen
from tessera.errors import InvalidInput


class StandInService(Protocol):
    """A small server for a service that moto lacks, or for a destination beyond AWS."""

    variable: str  # the environment variable in which its clients look for its URL

    def start(self) -> str:
        """Start the server and return its URL."""

    def stop(self) -> None:
        """Stop."""


@runtime_checkable
class Keyed(Protocol):
    """A service whose clients need to know more than its URL."""

    def secret(self, *, tenant: str) -> dict[str, str]:
        """Return what a tenant's secret has to say."""


class StandIns:
    """The stand-ins of one embedded AWS, which run as long as a ``with`` block lasts.

    Parameters
    ----------
    services
        By name: boto3's for services that moto lacks, the catalog's for destinations beyond AWS.
    """

    def __init__(self, services: Mapping[str, StandInService]) -> None:
        self._services = services
        self._running = contextlib.ExitStack()
        self.urls: dict[str, str] = {}

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as starting:
            for name, service in self._services.items():
                self.urls[name] = service.start()
                starting.callback(service.stop)
            self._running = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def variables(self) -> dict[str, str]:
        """Return the environment in which clients find them."""
        return {self._services[name].variable: url for name, url in self.urls.items()}

    def destinations(self) -> list[str]:
        """Return which destinations have one that shows what it holds, by the catalog's names."""
        return sorted(self._holders())

    def states(self) -> dict[str, object]:
        """Return what each of them has in memory, by the catalog's names."""
        return {
            name.replace("-", "_"): getattr(service, "state", service)
            for name, service in self._services.items()
        }

    def secret(self, destination: str, *, tenant: str) -> dict[str, str]:
        """Return what a tenant's secret has to say for a destination's stand-in to be found.

        Raises
        ------
        InvalidInput
            Nothing stands in for it here.
        """
        made = self._services.get(destination)
        if not isinstance(made, Keyed):
            raise InvalidInput(
                f"there is no stand-in for {destination!r} on this machine: remove it from the "
                "stage's 'destinations' to run here"
            )
        return made.secret(tenant=tenant)

    def look_into(self, destination: str, *, most: int = 0, customer: str = "") -> Seen:
        """Return what a stand-in holds, with the first customers or the one that is asked for.

        Raises
        ------
        InvalidInput
            It does not let itself be looked into.
        """
        held = self._holders()[destination].held()
        if held is None:
            raise InvalidInput(f"the stand-in for {destination!r} does not show what it holds")
        return seen(held, most=most, customer=customer)

    def _holders(self) -> dict[str, Holder]:
        return {
            name.replace("-", "_"): service
            for name, service in self._services.items()
            if isinstance(service, Holder)
        }
