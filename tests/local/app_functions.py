"""Functions of the app's own code that the shipped stage does not have, its switches being off."""

from __future__ import annotations

from collections.abc import Mapping

from moto.awslambda.models import lambda_backends

from local.aws.resources import KINDS
from local.aws.server import EmbeddedAws
from local.loopback.place import ACCOUNT, REGION


class AppFunctions:
    """Makes them, with the code that the deployed app has.

    Parameters
    ----------
    prefix
        Of their names.
    """

    def __init__(self, aws: EmbeddedAws, *, prefix: str) -> None:
        deployed = lambda_backends[ACCOUNT][REGION].list_functions()
        like = next(one for one in deployed if "check_upload" in one.handler)
        self._client, self._prefix = aws.client, prefix
        self._code = {name: like.code[name] for name in ("S3Bucket", "S3Key")}
        self.environment: dict[str, str] = dict(like.environment_vars)
        role = {"RoleName": prefix, "AssumeRolePolicyDocument": "{}"}
        self.role = str(aws.client("iam").create_role(**role)["Role"]["Arn"])

    def make(self, folder: str, environment: Mapping[str, str]) -> str:
        """Make the function of a folder of ``lambdas/``. Return its ARN."""
        made = KINDS["AWS::Lambda::Function"].create(
            {
                "FunctionName": f"{self._prefix}-{folder}", "Runtime": "python3.13",
                "Role": self.role, "Handler": f"lambdas.{folder}.handler.handler",
                "Code": self._code, "Timeout": 900, "MemorySize": 1024,
                "Environment": {"Variables": dict(environment)},
            },
            self._client,
        )  # fmt: skip
        return str(made.attributes["Arn"])
