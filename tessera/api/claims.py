"""What an access token of Cognito must claim. Its signature has been checked before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tessera.api.roles import Principal, membership


def principal_of(
    claims: Mapping[str, Any], *, issuer: str, client_id: str, now: dt.datetime
) -> Principal | None:
    """Return the principal of a token's claims. None if they are not ours, or no longer valid.

    Parameters
    ----------
    claims
        The token's payload. Access tokens name their client in ``client_id``, and have no ``aud``.
    issuer, client_id
        The user pool's issuer and the console's client.
    now
        The present instant.
    """
    expected = {"iss": issuer, "client_id": client_id, "token_use": "access"}
    expires, groups = claims.get("exp"), claims.get("cognito:groups")
    if any(claims.get(name) != value for name, value in expected.items()):
        return None
    if type(expires) is not int or expires <= now.timestamp() or not isinstance(groups, list):
        return None
    subject, member = claims.get("sub"), membership(groups)
    if member is None or not isinstance(subject, str) or not subject:
        return None
    return Principal(tenant=member[0], role=member[1], subject=f"user:{subject}")
