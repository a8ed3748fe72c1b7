"""Where the canary's customers go: never where they would meet real ones."""

from __future__ import annotations

import contextlib
import dataclasses
import io

import pytest

from local.commands.canary import command
from local.terminal import Terminal


@pytest.fixture
def flown(monkeypatch):
    """The destinations of each canary that flies, with fakes for both places."""
    seen = []

    @contextlib.contextmanager
    def connected(settings):
        yield settings.stage

    @contextlib.contextmanager
    def started(*, tenant, terminal, destinations):
        yield f"offline {tenant}", None  # no place for a state

    def fly(system, *, terminal, destinations, now):
        seen.append((system, tuple(destinations)))

    monkeypatch.setattr(command, "connected", connected)
    monkeypatch.setattr(command, "started", started)
    monkeypatch.setattr(command, "fly", fly)
    return seen


def canary(**how):
    command.canary(**{"stage": "", "destinations": (), "terminal": Terminal(io.StringIO()), **how})


def test_offline_it_goes_to_its_own_profiles_too(flown):
    canary()
    assert flown == [("offline canary", ("export", "customer_profiles"))]


def test_in_an_account_it_goes_to_its_profiles_if_the_stage_has_that_destination(
    flown, monkeypatch
):
    canary(stage="dev")
    settings = command.stage_settings(stage="dev")
    run = dataclasses.replace(settings.run, destinations=("export",))
    without = dataclasses.replace(settings, destinations=("export",), run=run)
    monkeypatch.setattr(command, "stage_settings", lambda stage: without)
    canary(stage="dev")
    assert flown == [("dev", ("export", "customer_profiles")), ("dev", ("export",))]


def test_named_destinations_are_used_as_they_are(flown):
    canary(stage="dev", destinations=("export", "webhook"))
    assert flown == [("dev", ("export", "webhook"))]
