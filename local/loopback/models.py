"""botocore's own descriptions of the services, read once each: that takes up to 0.2 seconds."""

from __future__ import annotations

import functools
from typing import Any

import boto3
from botocore import xform_name

from local.loopback.place import REGION


@functools.cache
def service_model(service: str) -> Any:
    """Return a service's model, the one that all clients of this process share."""
    client = boto3.client(
        service, region_name=REGION,
        aws_access_key_id="local", aws_secret_access_key="local",  # noqa: S106
    )  # fmt: skip
    return client.meta.service_model


@functools.cache
def operation_model(service: str, method: str) -> Any | None:
    """Return the model of the operation that a client's method calls, None if there is none."""
    model = service_model(service)
    names = (name for name in model.operation_names if xform_name(name) == method)
    name = next(names, None)
    return None if name is None else model.operation_model(name)


def input_shape(service: str, operation: str) -> Any:
    """Return the shape of an operation's request."""
    return service_model(service).operation_model(operation).input_shape
