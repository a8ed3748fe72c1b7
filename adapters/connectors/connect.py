"""A connector by its name, and the transport of its requests."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path

from adapters.connectors.bulk_files import BulkFiles
from adapters.connectors.transport import ConnectorTransport
from adapters.http.client import HttpClient
from tessera.sources.connectors.catalog import kind_of
from tessera.sources.connectors.port import Connector, Explaining
from tessera.sources.orders.money import Included


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShopKey:
    """A connector's key.

    Parameters
    ----------
    read, forget
        Read its fields, and make the next reading fetch them again.
    name
        Where it is, for messages.
    """

    read: Callable[[], Mapping[str, str]]
    name: str
    forget: Callable[[], None] = lambda: None


def connect(
    name: str, *, key: ShopKey, included: Included, folder: Path, endpoint: str = ""
) -> tuple[Connector, ConnectorTransport]:
    """Return a connector, and what sends its requests.

    Parameters
    ----------
    name
        Of ``tessera.sources.connectors.catalog``.
    included
        What counts as a customer's money beside goods.
    folder
        For files of the vendor while they are read. They name people.
    endpoint
        In place of the vendor's address, for stand-ins.

    Raises
    ------
    InvalidInput
        There is no such connector, or the key has no shop of that vendor.
    """
    connector = kind_of(name).make(key.read(), included)
    client = HttpClient(
        connector,
        base_url=endpoint,
        read_secret=key.read,
        forget_secret=key.forget,
        secret_name=key.name,
    )
    transport = ConnectorTransport(
        client,
        files=BulkFiles(folder, endpoint=endpoint),
        explaining=connector if isinstance(connector, Explaining) else None,
    )
    return connector, transport
