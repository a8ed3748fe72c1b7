"""Connections to public addresses only, for URLs that somebody else may choose.

A name that looks public may resolve to an address inside a network, and to another one a moment
later. So the address that counts is the one of the connection itself, before anything is sent.
"""

from __future__ import annotations

import ipaddress
import socket

from urllib3 import HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPSConnection


class NotPublic(Exception):  # noqa: N818 (what the address is)
    """A connection leads to an address that is not public."""


def public_only(pool: PoolManager) -> None:
    """Let a pool make no connections but those over HTTPS to public addresses."""
    pool.pool_classes_by_scheme = {"https": _Pool}


def is_public(address: str) -> bool:
    """Return whether an IP address is public and not multicast."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return parsed.is_global and not parsed.is_multicast


class _Connection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        if not is_public(connection.getpeername()[0]):
            connection.close()
            raise NotPublic
        return connection


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection
