"""The users of a tenant, by their groups."""

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from adapters.aws.user_pool import UserPool
from tessera.api.documents.access import User
from tessera.errors import InvalidInput, Refused


@pytest.fixture
def client(aws_environment):
    return boto3.client("cognito-idp")


def user(name: str):
    attributes = [{"Name": "sub", "Value": name}, {"Name": "email", "Value": f"{name}@a.example"}]
    return {"Username": name, "Attributes": attributes}


def test_users_come_with_the_role_of_their_group(client):
    with Stubber(client) as stub:
        for role, users in (("viewer", [user("z")]), ("marketer", []), ("admin", [user("a")])):
            sent = {"UserPoolId": "pool", "GroupName": f"acme:{role}"}
            stub.add_response("list_users_in_group", {"Users": users}, sent)
        listed = UserPool("pool", cognito=client).of_tenant("acme")
    assert listed == (
        User(subject="user:a", email="a@a.example", role="admin"),
        User(subject="user:z", email="z@a.example", role="viewer"),
    )


def test_a_group_that_nobody_made_has_no_users_and_a_denied_call_is_an_error(client):
    with Stubber(client) as stub:
        for _ in range(3):
            stub.add_client_error("list_users_in_group", "ResourceNotFoundException")
        assert UserPool("pool", cognito=client).of_tenant("acme") == ()
        stub.add_client_error("list_users_in_group", "AccessDeniedException")
        with pytest.raises(Refused):
            UserPool("pool", cognito=client).of_tenant("acme")


@pytest.fixture
def pool(aws_environment):
    """A user pool in an AWS that keeps users and groups."""
    with mock_aws():
        cognito = boto3.client("cognito-idp")
        made = cognito.create_user_pool(PoolName="console", UsernameAttributes=["email"])
        yield UserPool(made["UserPool"]["Id"], cognito=cognito)


def roles(pool, tenant="acme"):
    return {user.email: user.role for user in pool.of_tenant(tenant)}


def test_an_invited_user_has_the_role(pool):
    assert pool.invite("ada@a.example", tenant="acme", role="viewer")
    assert pool.invite("bo@a.example", tenant="acme", role="viewer")
    assert roles(pool) == {"ada@a.example": "viewer", "bo@a.example": "viewer"}


def test_a_second_invitation_changes_the_role_and_makes_nobody(pool):
    pool.invite("ada@a.example", tenant="acme", role="viewer")
    for _ in range(2):
        assert not pool.invite("ada@a.example", tenant="acme", role="admin")
        assert roles(pool) == {"ada@a.example": "admin"}


def test_a_user_of_another_tenant_keeps_it(pool):
    """With two, no request would show which of them it is for."""
    pool.invite("ada@a.example", tenant="acme", role="viewer")
    with pytest.raises(InvalidInput, match=r"role viewer for the tenant acme.*another address"):
        pool.invite("ada@a.example", tenant="shop", role="admin")
    assert roles(pool) == {"ada@a.example": "viewer"}
    assert roles(pool, "shop") == {}


def test_the_users_and_groups_of_a_removed_tenant_go_and_no_others(pool):
    for email, tenant in (
        ("ada@a.example", "acme"),
        ("bo@a.example", "acme"),
        ("cy@a.example", "shop"),
    ):
        pool.invite(email, tenant=tenant, role="viewer")
    for _ in range(2):  # a removal may go on after it has deleted some
        pool.remove_tenant("acme")
        assert roles(pool) == {}
    assert roles(pool, "shop") == {"cy@a.example": "viewer"}
    assert pool.invite("ada@a.example", tenant="shop", role="admin"), "the user was deleted"


def test_an_operator_has_no_tenant_and_no_second_role(pool):
    assert pool.invite("ops@a.example", tenant="", role="operator")
    assert not pool.invite("ops@a.example", tenant="", role="operator")
    with pytest.raises(InvalidInput, match=r"is an operator of this deployment.*another address"):
        pool.invite("ops@a.example", tenant="operators", role="admin")
    pool.invite("ada@a.example", tenant="acme", role="viewer")
    with pytest.raises(InvalidInput, match="role viewer for the tenant acme"):
        pool.invite("ada@a.example", tenant="", role="operator")
