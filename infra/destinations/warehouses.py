"""What a function needs to reach a warehouse: the libraries."""

from __future__ import annotations

from aws_cdk import aws_lambda as lambda_

from infra.destinations.settings import DestinationSettings
from infra.kit.function import PythonFunction
from infra.kit.pandas_layer import layer_arn


def reach_warehouses(function: PythonFunction, settings: DestinationSettings) -> None:
    """Give a function the layer with awswrangler."""
    made = function.function.node.default_child
    assert isinstance(made, lambda_.CfnFunction)  # noqa: S101 (what the CDK makes)
    made.layers = [settings.pandas_layer or layer_arn(settings.region)]
