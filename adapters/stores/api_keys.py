"""API keys, in the API's table."""

from __future__ import annotations

from adapters.stores.kept_keys import KeptKeys
from tessera.api.keys import ApiKey


class ApiKeys(KeptKeys[ApiKey]):
    """The API keys of all tenants, without their secrets."""

    kind = ApiKey
