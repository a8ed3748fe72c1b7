"""What a function needs to reach a warehouse: the libraries, and a way into its network."""

from __future__ import annotations

from aws_cdk import aws_lambda as lambda_

from infra.destinations.settings import DestinationSettings
from infra.kit.function import PythonFunction
from infra.kit.grants import allow
from infra.kit.pandas_layer import layer_arn

# Lambda attaches the function to the subnets as its role; the actions take no resource for that.
_ATTACH = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


def reach_warehouses(function: PythonFunction, settings: DestinationSettings) -> None:
    """Give a function the layer with awswrangler, and put it into the stage's subnets, if any."""
    made = function.function.node.default_child
    assert isinstance(made, lambda_.CfnFunction)  # noqa: S101 (what the CDK makes)
    made.layers = [settings.pandas_layer or layer_arn(settings.region)]
    network = settings.network
    if network.subnet_ids:
        made.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
            subnet_ids=list(network.subnet_ids),
            security_group_ids=list(network.security_group_ids),
        )
        allow(function.role, _ATTACH, "*")
