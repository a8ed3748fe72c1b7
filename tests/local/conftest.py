"""One embedded AWS, and in it one deployed app, for all tests of the laptop side."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.app import assembly
from local.app.inputs.settings_file import stage_settings
from local.app.stand_ins import services
from local.app.system import GLUE_ARGUMENTS, System, imports
from local.aws.server import EmbeddedAws
from local.aws.workers.fork import ForkServers
from tests import reference
from tests.local.battery_account import furnish
from tests.local.forks import ForkedCommands

ROWS = 2000


@pytest.fixture(scope="session")
def made() -> Path:
    """The app's cloud assembly."""
    return assembly.cached()


@pytest.fixture(scope="session")
def fork_servers() -> Iterator[ForkServers]:
    """What jobs and functions are forked from."""
    with tempfile.TemporaryDirectory() as folder:  # short: the name of a socket can't be long
        servers = ForkServers.start(Path(folder))
        yield servers
        servers.close()


@pytest.fixture(scope="session")
def aws(fork_servers: ForkServers) -> Iterator[EmbeddedAws]:
    """A running embedded AWS."""
    with EmbeddedAws(
        services=services(stage_settings()), glue_arguments=GLUE_ARGUMENTS, imports=imports,
        fork_servers=fork_servers,
    ) as running:  # fmt: skip
        yield running


@pytest.fixture(scope="session")
def forked_cli(
    root: Path, fork_servers: ForkServers, tmp_path_factory: pytest.TempPathFactory
) -> ForkedCommands:
    """The command line as processes that need not import what it imports."""
    return ForkedCommands(tmp_path_factory.mktemp("cli"), servers=fork_servers, root=root)


@pytest.fixture(scope="session")
def furnished(aws: EmbeddedAws) -> EmbeddedAws:
    """The same, with what the battery's machines call."""
    furnish(aws)
    return aws


@pytest.fixture(scope="session")
def system(aws: EmbeddedAws, made: Path) -> System:
    """The real app, deployed."""
    return System(aws, aws.deploy(made), pause=aws.pause, put_file=aws.put_file)


@pytest.fixture(scope="module")
def sample(request: pytest.FixtureRequest) -> list[dict[str, str]]:
    """The first rows of the CDNOW sample, with ids, names and addresses made unmistakable.

    The people of each file are others: the files of a worker share one AWS, and a test looks there
    for all that is left of a person.
    """
    rows = reference.records(reference.EVENTS["cdnow_sample"])[:ROWS]
    ids, names, addresses = columns(rows)
    of = request.module.__name__.rpartition(".")[2]
    for row in rows:
        who = row[ids]
        row[ids] = f"Customer/{of}/{who}"
        row[names] = f"Nym-{of}-{who}-Nym"
        row[addresses] = f"reader{who}.{of}@example.com"
    return rows


def columns(rows: list[dict[str, str]]) -> tuple[str, str, str]:
    """Return the names of the columns that name a person."""
    known = {name.lower(): name for name in rows[0]}
    return known["customerid"], known["username"], known["address"]
