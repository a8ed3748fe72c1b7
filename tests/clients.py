"""boto3 clients that tests share: making one takes longer than what most tests do with it."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import botocore.session
import pytest


@contextmanager
def shared() -> Iterator[None]:
    """Let equal calls of ``boto3.client`` under equal AWS variables return one client.

    Sessions share what they read from botocore's files, too. A client made with other arguments
    than its configuration is made each time.
    """
    made: dict[object, Any] = {}
    make = boto3.client

    def client(service: str, **settings: Any) -> Any:
        if set(settings) - {"config"}:
            return make(service, **settings)
        config = settings.get("config")
        options = repr(config and sorted(config._user_provided_options.items(), key=repr))
        variables = sorted(item for item in os.environ.items() if item[0].startswith("AWS_"))
        key = (service, options, *variables)
        if key not in made:
            made[key] = make(service, **settings)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boto3, "client", client)
        loader = functools.cache(botocore.session.create_loader)
        patch.setattr(botocore.session, "create_loader", loader)
        yield
    for one in made.values():
        one.close()
