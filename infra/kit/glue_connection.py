"""How Glue enters a stage's network."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_glue as glue
from constructs import Construct

from infra.kit.network import NetworkSettings


def network_connection(scope: Construct, name: str, *, network: NetworkSettings) -> str:
    """Make a connection of Glue. Return its name, empty for a stage without a network."""
    if not network.subnet_ids:
        return ""
    glue.CfnConnection(
        scope,
        "Network",
        catalog_id=Stack.of(scope).account,
        connection_input=glue.CfnConnection.ConnectionInputProperty(
            name=name,
            connection_type="NETWORK",
            physical_connection_requirements=(
                glue.CfnConnection.PhysicalConnectionRequirementsProperty(
                    subnet_id=network.subnet_ids[0],
                    security_group_id_list=list(network.security_group_ids),
                )
            ),
        ),
    )
    return name
