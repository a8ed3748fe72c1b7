"""The users of a tenant, by their groups."""

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from adapters.aws.user_pool import UserPool
from tessera.api.documents.access import User
from tessera.errors import Refused


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
