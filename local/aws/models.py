"""botocore's own descriptions of the services, read once each."""

from __future__ import annotations

import functools
from typing import Any

import botocore.session
from botocore import xform_name


@functools.cache
def service_model(service: str) -> Any:
    """Return a service's model."""
    return botocore.session.get_session().get_service_model(service)


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
