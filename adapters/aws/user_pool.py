"""The users of a Cognito user pool, by the groups that give them a tenant and a role."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from adapters.aws import clients
from adapters.aws.errors import code_of, translated
from tessera.api.documents.access import User
from tessera.api.roles import ROLES, Role

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

_NO_GROUP = "ResourceNotFoundException"


class UserPool:
    """A user pool.

    Parameters
    ----------
    pool_id
        Its id.
    cognito
        A client. By default for the environment's credentials and region.

    Raises
    ------
    Refused
        Cognito denied the call.
    Retryable
        Cognito was busy or could not be reached.
    """

    def __init__(
        self, pool_id: str, *, cognito: CognitoIdentityProviderClient | None = None
    ) -> None:
        self._pool_id = pool_id
        self._given = cognito

    @functools.cached_property
    def _cognito(self) -> CognitoIdentityProviderClient:
        """The client, made when it is first needed: most requests need none."""
        return self._given or clients.cognito()

    def of_tenant(self, tenant: str) -> tuple[User, ...]:
        """Return the users of a tenant, by address."""
        users = [user for role in ROLES for user in self._with_role(tenant, role)]
        return tuple(sorted(users, key=lambda user: (user.email, user.role)))

    def _with_role(self, tenant: str, role: Role) -> list[User]:
        """Return a group's users. A group that nobody made yet has none."""
        group = f"{tenant}:{role}"
        with translated("Cognito", what=f"group {group}", missing="there is no such user pool"):
            try:
                pages = self._cognito.get_paginator("list_users_in_group").paginate(
                    UserPoolId=self._pool_id, GroupName=group
                )
                listed = [user for page in pages for user in page["Users"]]
            except ClientError as error:
                if code_of(error) != _NO_GROUP:
                    raise
                return []
        attributes = [
            {one["Name"]: one.get("Value", "") for one in user.get("Attributes", ())}
            for user in listed
        ]
        return [
            User(subject=f"user:{one['sub']}", email=one.get("email", ""), role=role)
            for one in attributes
        ]
