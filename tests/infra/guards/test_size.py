"""Nothing in the template grows with tenants, and everything stays within AWS' limits."""

from __future__ import annotations

import copy
import json

import pytest

from infra.destinations.settings import DESTINATIONS
from infra.settings import StageSettings
from tests.infra.stages import FULL
from tests.infra.synthesis import synthesize

TENANTS = 1000
TEMPLATE_BYTES = 1_000_000  # CloudFormation's limit
POLICY_CHARACTERS = 6_144  # IAM's, of a managed policy, without white space
ENVIRONMENT_BYTES = 3_072  # of Lambda's 4,096: a tracer's own settings need some


def definition():
    """Return the largest segment definition that a stage can define."""
    cells = [f"{r}{f}{m}" for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)]
    return {
        "name": "each-cell",
        "meaning": "m" * 200,
        "scale": 5,
        "segments": [
            {"label": f"{'Segment':x<40} {cell}", "meaning": "m" * 100, "cells": [cell]}
            for cell in cells
        ],
    }


@pytest.fixture(scope="module")
def crowded():
    """The stage with every switch on, a thousand tenants and the largest definition."""
    context = copy.deepcopy(FULL)
    settings = context["tessera"]["stages"]["full"]
    settings["pinpoint"]["tenant_applications"] = [
        f"tenant-{number}={number:032x}" for number in range(TENANTS)
    ]
    settings["run"] = {"definition": definition()}
    return synthesize(context)


def policies(app):
    """Return the size of every policy of a role, as IAM counts it."""
    kinds = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
    return {
        name: len(
            json.dumps(app.resolve(each["Properties"]["PolicyDocument"]), separators=(",", ":"))
        )
        for kind in kinds
        for name, each in app.named(kind).items()
    }


def environments(app):
    """Return the size of every function's environment."""
    return {
        name: sum(
            len(key) + len(value)
            for key, value in app.resolve(each["Properties"]["Environment"]["Variables"]).items()
        )
        for name, each in app.named("AWS::Lambda::Function").items()
    }


def test_a_thousand_tenants_make_the_template_of_one(full, crowded):
    assert len(DESTINATIONS) >= 10
    for name, template in full.templates.items():
        # Only the names of the documents' assets differ, and the descriptions of nothing.
        assert len(json.dumps(template)) == len(json.dumps(crowded.templates[name])), name
    assert policies(full) == policies(crowded)
    assert environments(full) == environments(crowded)


def test_tenants_are_no_setting_of_a_stage():
    names = StageSettings.__dataclass_fields__
    assert not [name for name in names if "tenants" in name]
    # What holds for all of them unless their own records have other limits.
    assert [name for name in names if "tenant" in name] == ["tenant"]


def test_templates_and_policies_are_far_from_their_limits(crowded):
    for template in crowded.templates.values():
        assert len(json.dumps(template)) < TEMPLATE_BYTES / 2
    assert max(policies(crowded).values()) < POLICY_CHARACTERS


def test_an_environment_is_small_whatever_a_stage_defines(crowded):
    assert max(environments(crowded).values()) <= ENVIRONMENT_BYTES


def test_the_definition_reaches_check_upload(crowded):
    [function] = [
        each
        for each in crowded.resources("AWS::Lambda::Function")
        if "check_upload" in each["Handler"]
    ]
    uri = crowded.resolve(function["Environment"]["Variables"]["RUN_DEFAULTS"])
    assert len(crowded.document(uri)["definition"]["segments"]) == 125
