"""The users of a Cognito user pool, by the groups that give them a tenant and a role."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from adapters.aws import clients
from adapters.aws.errors import code_of, translated
from tessera.api.documents.access import User
from tessera.api.roles import (
    OPERATORS,
    TENANT_ROLES,
    Role,
    TenantRole,
    group_of,
    membership,
)
from tessera.errors import InvalidInput

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

_NO_GROUP = "ResourceNotFoundException"
_USER_EXISTS, _GROUP_EXISTS = "UsernameExistsException", "GroupExistsException"


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
        users = [user for role in TENANT_ROLES for user in self._with_role(tenant, role)]
        return tuple(sorted(users, key=lambda user: (user.email, user.role)))

    def invite(self, email: str, *, tenant: str, role: Role) -> bool:
        """Give a user a role for a tenant. Return whether the user is new and gets a mail.

        A user has one role for one tenant: an earlier one for the same tenant ends. An operator has
        a role for no tenant.

        Parameters
        ----------
        email
            The user's address, which is also the name for signing in.
        tenant, role
            What the user may reach. The group is made where it does not exist yet.

        Raises
        ------
        InvalidInput
            The user belongs to another tenant.
        """
        group = group_of(tenant, role)
        with translated("Cognito", what="the user", missing="there is no such user pool"):
            new = self._create(email)
            earlier = [] if new else self._groups_of(email)
            if other := [name for name in earlier if not _same_place(name, group)]:
                raise InvalidInput(
                    f"{email} {_words(other[0])}: one user has one tenant, so use another address"
                )
            self._make_group(group)
            at = {"UserPoolId": self._pool_id, "Username": email}
            for name in {*earlier} - {group}:
                self._cognito.admin_remove_user_from_group(**at, GroupName=name)
            self._cognito.admin_add_user_to_group(**at, GroupName=group)
        return new

    def remove_tenant(self, tenant: str) -> None:
        """Remove a tenant's users and groups."""
        for role in TENANT_ROLES:
            for user in self._with_role(tenant, role):
                self._cognito.admin_delete_user(UserPoolId=self._pool_id, Username=user.email)
            with translated("Cognito", what="the group", missing="there is no such user pool"):
                try:
                    self._cognito.delete_group(
                        UserPoolId=self._pool_id, GroupName=f"{tenant}:{role}"
                    )
                except ClientError as error:
                    if code_of(error) != _NO_GROUP:
                        raise

    def _with_role(self, tenant: str, role: TenantRole) -> list[User]:
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

    def _create(self, email: str) -> bool:
        """Make a user unless there is one. Return whether there was none."""
        try:
            self._cognito.admin_create_user(
                UserPoolId=self._pool_id,
                Username=email,
                UserAttributes=[
                    {"Name": "email", "Value": email},
                    {"Name": "email_verified", "Value": "true"},
                ],
                DesiredDeliveryMediums=["EMAIL"],
            )
        except ClientError as error:
            if code_of(error) != _USER_EXISTS:
                raise
            return False
        return True

    def _groups_of(self, email: str) -> list[str]:
        """Return the groups of a user that stand for a tenant and a role."""
        pages = self._cognito.get_paginator("admin_list_groups_for_user").paginate(
            UserPoolId=self._pool_id, Username=email
        )
        names = [group["GroupName"] for page in pages for group in page["Groups"]]
        return [name for name in names if membership([name]) is not None]

    def _make_group(self, group: str) -> None:
        """Make a group unless there is one."""
        try:
            self._cognito.create_group(UserPoolId=self._pool_id, GroupName=group)
        except ClientError as error:
            if code_of(error) != _GROUP_EXISTS:
                raise


def _same_place(one: str, other: str) -> bool:
    """Return whether two groups are of the same tenant, or both of no tenant."""
    members = membership([one]), membership([other])
    return all(members) and len({tenant for tenant, _ in filter(None, members)}) == 1


def _words(group: str) -> str:
    if group == OPERATORS:
        return "is an operator of this deployment"
    tenant, _, role = group.partition(":")
    return f"has the role {role} for the tenant {tenant}"
