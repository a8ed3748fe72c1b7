"""A process that carries out a load, and dies at a given request.

It is run by its path: a new process may know another package called ``tests``.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from adapters.destinations import loads
from adapters.destinations.http_transport import HttpTransport
from adapters.http.client import HttpClient
from steps.activate import send
from tessera.destinations import catalog
from tessera.destinations.requests import Request, Response

BATCH, ROWS_PER_SAVE, LANES = 5, 10, 2
NEVER = -1
RUN_NAME = "__crash__"
T = TypeVar("T")


class Steps:
    """Counts moments before and after requests. The process is killed at one of them."""

    def __init__(self, last: int) -> None:
        self._count = itertools.count()
        self._lock = threading.Lock()
        self._last = last

    def around(self, act: Callable[[], T]) -> T:
        self._pass()
        result = act()
        self._pass()
        return result

    def _pass(self) -> None:
        with self._lock:
            if next(self._count) == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


class FolderObjects:
    """A bucket that outlives the process: a folder. An object is there whole or not at all."""

    def __init__(self, folder: Path, steps: Steps) -> None:
        self._folder = folder
        self._steps = steps

    def read(self, key: str) -> bytes:
        return self._steps.around((self._folder / key).read_bytes)

    def read_json(self, key: str) -> Any:
        return json.loads(self.read(key))

    def write(self, key: str, data: bytes, **_how: Any) -> None:
        self._steps.around(lambda: self._put(key, data))

    def write_json(self, key: str, value: object) -> None:
        self.write(key, json.dumps(value).encode())

    def keys(self, prefix: str) -> Iterator[str]:
        files = [path for path in self._folder.rglob("*") if path.is_file()]
        names = sorted(path.relative_to(self._folder).as_posix() for path in files)
        return iter([name for name in names if name.startswith(prefix)])

    def exists(self, key: str) -> bool:
        return (self._folder / key).is_file()

    def download(self, key: str, path: Path) -> Path:
        path.write_bytes(self.read(key))
        return path

    def upload(self, path: Path, key: str) -> None:
        self.write(key, path.read_bytes())

    def delete_prefix(self, prefix: str) -> None:
        for key in self.keys(prefix):
            (self._folder / key).unlink()

    def _put(self, key: str, data: bytes) -> None:
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}")
        part.write_bytes(data)
        part.replace(path)


class CountedClient(HttpClient):
    """Sends requests as the product does, each with a moment before and one after it."""

    steps: Steps

    def send(self, request: Request) -> Response:
        return self.steps.around(lambda: super(CountedClient, self).send(request))


@dataclasses.dataclass
class Small:
    """A vendor whose batches are small, so that few customers make several."""

    vendor: Any

    def __post_init__(self) -> None:
        limits = self.vendor.CAPABILITIES
        self.CAPABILITIES = dataclasses.replace(limits, batch_items=BATCH, lanes=LANES)


def load(folder: Path, name: str, url: str, last: int) -> None:
    """Carry out the load in a folder, until it is done or the process dies."""
    send.ROWS_PER_SAVE = ROWS_PER_SAVE
    steps, vendor, now = Steps(last), catalog.HTTP[name], [0.0]

    def pause(seconds: float) -> None:
        now[0] += seconds

    client = CountedClient(
        vendor,
        base_url=url,
        read_secret=lambda: dict.fromkeys(vendor.SECRET_FIELDS, "pk_made_up_for_tests"),
        secret_name="made up",
        clock=lambda: now[0],
        pause=pause,
    )
    client.steps = steps
    objects: Any = FolderObjects(folder, steps)
    run = loads.RunLoad(
        data=objects, identities=objects, tenant="default", run_id="r1", destination=name
    )
    transport = HttpTransport(vendor, client=client)
    done = send.advance(
        run,
        vendor=Small(vendor),  # type: ignore[arg-type]
        transport=transport,
        go_on=lambda: True,
        pause=pause,
    )
    assert done
    run.write_refused()


if __name__ == RUN_NAME:
    load(*ARGUMENTS)  # type: ignore[name-defined] # noqa: F821 (given by test_crashes.py)
