"""The PostgreSQL of one's own: nobody gets in without TLS and a password, and it ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pg8000.exceptions import DatabaseError

from adapters.destinations.warehouse.drivers import SCHEMA, PostgresDriver

HOLDS = """
import pathlib, sys, time
from local.services.postgresql import PostgresServer
server = PostgresServer()
server.start()
print(server.folder, flush=True)
time.sleep(60)
"""


def test_a_connection_without_tls_is_refused(postgres):
    secret = postgres.secret()
    startup = (8).to_bytes(4) + (196608).to_bytes(4)  # the protocol's version 3, in the open
    with socket.create_connection((secret["host"], int(secret["port"]))) as open_:
        open_.sendall(startup)
        assert open_.recv(1) == b""


def test_a_connection_without_a_password_is_refused(postgres):
    with pytest.raises(DatabaseError):
        PostgresDriver(postgres.secret() | {"password": ""}).connect()


def test_each_tenant_has_a_schema(postgres):
    named = [postgres.secret(tenant=tenant)[SCHEMA] for tenant in ("default", "shop-b")]
    assert named == ["tessera", "tessera_shop-b"]


def test_what_it_holds_is_nothing_before_a_run(postgres):
    with contextlib.closing(PostgresDriver(postgres.secret()).connect()) as connection:
        connection.run("DROP SCHEMA IF EXISTS tessera CASCADE")
        connection.commit()
    assert postgres.held() == {"customers": {}, "segments": {}}


def test_it_ends_with_its_parent_however_that_ends(root):
    parent = subprocess.Popen(
        [sys.executable, "-c", HOLDS], cwd=root, stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        folder = Path(parent.stdout.readline().strip())
        server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(server, 0)
        parent.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.kill(server, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    else:
        pytest.fail("the server outlived its parent")
    shutil.rmtree(folder)  # nobody was left to do so
