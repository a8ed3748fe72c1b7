"""Find customers by the shop's id or an address. Called by the API, for a marketer.

The event is {"tenant", "term", "by"}. The log has who searched and when, and never the term. It
reads the index that Prepare writes, and no identities.
"""

from __future__ import annotations

import functools
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.objects import Objects
from adapters.stores.customer_finder import CustomerFinder
from tessera.environments.api import FindCustomerEnvironment


@functools.cache
def _finder() -> CustomerFinder:
    env = FindCustomerEnvironment.from_env(os.environ)
    return CustomerFinder(Objects(env.data_bucket), Objects(env.identities_bucket))


@logged("FindCustomer", facts=("by", "customer_keys"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with the keys, null without an index. The log has how many there are."""
    keys = _finder().find(str(event["tenant"]), str(event["term"]))
    return {"by": str(event["by"]), "customer_keys": None if keys is None else list(keys)}
