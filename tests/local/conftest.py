"""One embedded AWS, and in it one deployed app, for all tests of the laptop side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.app import assembly
from local.app.inputs.settings_file import stage_settings
from local.app.stand_ins import services
from local.app.system import GLUE_ARGUMENTS, System
from local.aws.server import EmbeddedAws
from tests import reference
from tests.local.battery_account import furnish
from tests.local.forks import ForkedCommands, ForkedJobs, forked_functions, servers

ROWS = 2000


@pytest.fixture(scope="session")
def made() -> Path:
    """The app's cloud assembly."""
    return assembly.cached()


@pytest.fixture(scope="session")
def fork_servers(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of what the app's jobs and functions are forked from."""
    with servers(tmp_path_factory.mktemp("forks"), made) as folder:
        yield folder


@pytest.fixture(scope="session")
def aws(fork_servers: Path) -> Iterator[EmbeddedAws]:
    """A running embedded AWS, whose jobs and functions of the app are forks."""
    with (
        forked_functions(fork_servers),
        EmbeddedAws(services=services(stage_settings()), glue_arguments=GLUE_ARGUMENTS) as running,
    ):
        running.jobs.spares.close()
        running.jobs.spares = ForkedJobs(fork_servers)
        yield running


@pytest.fixture(scope="session")
def forked_cli(
    root: Path, fork_servers: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ForkedCommands]:
    """The command line as processes that need not import what it imports."""
    commands = ForkedCommands(tmp_path_factory.mktemp("cli"), servers=fork_servers, root=root)
    yield commands
    commands.close()


@pytest.fixture(scope="session")
def furnished(aws: EmbeddedAws) -> EmbeddedAws:
    """The same, with what the battery's machines call."""
    furnish(aws)
    return aws


@pytest.fixture(scope="session")
def system(aws: EmbeddedAws, made: Path) -> System:
    """The real app, deployed."""
    return System(aws, aws.deploy(made), poll_s=0.5)  # asking takes longer than many a state


@pytest.fixture(scope="session")
def sample() -> list[dict[str, str]]:
    """The first rows of the CDNOW sample, with ids, names and addresses made unmistakable."""
    rows = reference.records(reference.EVENTS["cdnow_sample"])[:ROWS]
    ids, names, addresses = columns(rows)
    for row in rows:
        who = row[ids]
        row[ids] = f"Customer/{who}"
        row[names] = f"Nym-{who}-Nym"
        row[addresses] = f"reader{who}@example.com"
    return rows


def columns(rows: list[dict[str, str]]) -> tuple[str, str, str]:
    """Return the names of the columns that name a person."""
    known = {name.lower(): name for name in rows[0]}
    return known["customerid"], known["username"], known["address"]
