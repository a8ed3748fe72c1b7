"""The synths of all tests: the stage as it ships, one that differs, and those with switches on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.kit import node
from tests.infra.console.stages import CAMPAIGNS, CONSOLE, OWN_DOMAIN
from tests.infra.stages import FULL, OTHER
from tests.infra.synthesis import synthesize
from tests.infra.template import App

# Only what runs imports the CDK, which takes seconds and starts Node.js: all workers collect this.
node.choose()


@pytest.fixture(scope="session")
def app() -> App:
    """The stage ``dev`` of cdk.json."""
    return synthesize()


@pytest.fixture(scope="session")
def other() -> App:
    """A production stage in a region without Customer Profiles, every switch on."""
    return synthesize(OTHER)


@pytest.fixture(scope="session")
def full() -> App:
    """A disposable stage with every destination and every switch on."""
    return synthesize(FULL)


@pytest.fixture(scope="session")
def console() -> App:
    """A disposable stage with a console, at the name that CloudFront gave."""
    return synthesize(CONSOLE)


@pytest.fixture(scope="session")
def own_domain() -> App:
    """A stage that retains its data, with a console at its own name and a firewall."""
    return synthesize(OWN_DOMAIN)


@pytest.fixture(scope="session")
def campaigns() -> App:
    """A stage that retains its data, with a console and campaigns."""
    return synthesize(CAMPAIGNS)


@pytest.fixture(scope="session", params=["app", "other", "full", "console", "campaigns"])
def stage(request: pytest.FixtureRequest) -> App:
    """Each of these stages in turn."""
    made: App = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="session")
def machine(app: App) -> dict[str, Any]:
    """The definition of the runs' state machine with its tokens resolved."""
    return definition_of(app, "tessera-dev")


def definition_of(app: App, name: str) -> dict[str, Any]:
    """Return the definition of a state machine by its name."""
    machines = app.resources("AWS::StepFunctions::StateMachine")
    [made] = [each for each in machines if each["StateMachineName"] == name]
    definition: dict[str, Any] = json.loads(app.resolve(made["DefinitionString"]))
    return definition
