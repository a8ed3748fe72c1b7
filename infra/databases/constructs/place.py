"""Where DMS runs: no way in, and a way out to the database and to AWS."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.databases.settings import DatabaseSettings

_HTTPS = 443
_ANYWHERE = "0.0.0.0/0"
_ALL_PORTS = (0, 65_535)


class DatabasePlace(Construct):
    """The security group, and the endpoints of S3 and Secrets Manager where they are asked for.

    The database can listen on any port, which is in its secret. So every port may be called.
    """

    def __init__(self, scope: Construct, id_: str, *, settings: DatabaseSettings) -> None:
        super().__init__(scope, id_)
        first, last = _ALL_PORTS
        self.group = ec2.CfnSecurityGroup(
            self,
            "Group",
            group_description="Tessera: reads a database, and nobody can call it",
            vpc_id=settings.vpc_id,
            security_group_egress=[
                ec2.CfnSecurityGroup.EgressProperty(
                    ip_protocol="tcp",
                    from_port=first,
                    to_port=last,
                    cidr_ip=_ANYWHERE,
                    description="The database, and AWS",
                )
            ],
        )
        if settings.route_table_ids:
            self._make_endpoints(settings)

    def _make_endpoints(self, settings: DatabaseSettings) -> None:
        region = Stack.of(self).region
        ec2.CfnVPCEndpoint(
            self,
            "S3",
            service_name=f"com.amazonaws.{region}.s3",
            vpc_endpoint_type="Gateway",
            vpc_id=settings.vpc_id,
            route_table_ids=list(settings.route_table_ids),
        )
        group = ec2.CfnSecurityGroup(
            self,
            "SecretsGroup",
            group_description="Tessera: DMS reads its secret",
            vpc_id=settings.vpc_id,
            security_group_ingress=[
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="tcp",
                    from_port=_HTTPS,
                    to_port=_HTTPS,
                    source_security_group_id=self.group.attr_group_id,
                    description="DMS",
                )
            ],
        )
        ec2.CfnVPCEndpoint(
            self,
            "Secrets",
            service_name=f"com.amazonaws.{region}.secretsmanager",
            vpc_endpoint_type="Interface",
            vpc_id=settings.vpc_id,
            subnet_ids=list(settings.subnet_ids),
            security_group_ids=[group.attr_group_id],
            private_dns_enabled=True,
        )
