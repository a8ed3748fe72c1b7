"""How a SageMaker job's folders are filled from S3 before it, and emptied to S3 after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.kit.states import jsonata, literal

INPUTS = "/opt/ml/processing/input"
OUTPUTS = "/opt/ml/processing/output"
CHANNELS = "/opt/ml/input/data"


def inputs_of(always: Mapping[str, str], optional: Mapping[str, str]) -> list[Any] | str:
    """Return the inputs of a Processing job: S3 addresses by name.

    ``optional`` ones are variables of the state machine, omitted while they are empty.
    """
    listed = [_input(name, uri) for name, uri in always.items()]
    expression = literal(listed)
    for name, variable in optional.items():
        one = literal([_input(name, jsonata(variable))])
        expression = f"$append({expression}, {variable} = '' ? [] : {one})"
    return jsonata(expression) if optional else listed


def _input(name: str, uri: str) -> dict[str, Any]:
    return {
        "InputName": name,
        "S3Input": {
            "S3Uri": uri,
            "LocalPath": f"{INPUTS}/{name}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
            "S3DataDistributionType": "FullyReplicated",
        },
    }


def output(name: str, uri: str) -> dict[str, Any]:
    """Return where a Processing job's output goes when it ends."""
    return {
        "OutputName": name,
        "S3Output": {
            "S3Uri": uri,
            "LocalPath": f"{OUTPUTS}/{name}",
            "S3UploadMode": "EndOfJob",
        },
    }


def channel(name: str, uri: str) -> dict[str, Any]:
    """Return an input of a Training job."""
    return {
        "ChannelName": name,
        "DataSource": {
            "S3DataSource": {
                "S3DataType": "S3Prefix",
                "S3Uri": uri,
                "S3DataDistributionType": "FullyReplicated",
            }
        },
    }
