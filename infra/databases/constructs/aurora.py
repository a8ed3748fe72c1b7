"""An Aurora PostgreSQL to migrate an operational database to, and its tables in Redshift."""

from __future__ import annotations

from aws_cdk import CfnOutput, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from constructs import Construct

from infra.databases.settings import DatabaseSettings
from infra.foundation.keys import Key
from infra.kit.nag import acknowledge

_ENGINE, _FAMILY, _VERSION = "aurora-postgresql", "aurora-postgresql17", "17.7"
_DATABASE, _MASTER, _PORT = "shop", "tessera", 5433
_LEAST_UNITS, _MOST_UNITS = 0, 4  # of 2 GB: it pauses when nobody calls it
_IDLE_SECONDS = 300
_BACKUP_DAYS = 7
# What zero-ETL asks for, and with it any other reader of changes.
_PARAMETERS = {
    "rds.logical_replication": "1",
    "rds.force_ssl": "1",
    "aurora.enhanced_logical_replication": "1",
    "aurora.logical_replication_backup": "0",
    "aurora.logical_replication_globaldb": "0",
}


class AuroraCluster(Construct):
    """Encrypted, without a stored password, called by DMS alone.

    Parameters
    ----------
    caller
        The security group of who may call it.
    retain
        Whether it survives its stack.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, settings: DatabaseSettings, key: Key,
        caller: ec2.CfnSecurityGroup, retain: bool,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        subnets = rds.CfnDBSubnetGroup(
            self,
            "Subnets",
            db_subnet_group_description="Tessera: the operational database",
            subnet_ids=list(settings.subnet_ids),
        )
        parameters = rds.CfnDBClusterParameterGroup(
            self,
            "Parameters",
            family=_FAMILY,
            description="Tessera: changes can be read, and only by TLS",
            parameters=_PARAMETERS,
        )
        group = ec2.CfnSecurityGroup(
            self,
            "Group",
            group_description="Tessera: the operational database",
            vpc_id=settings.vpc_id,
            security_group_ingress=[
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="tcp",
                    from_port=_PORT,
                    to_port=_PORT,
                    source_security_group_id=caller.attr_group_id,
                    description="DMS",
                )
            ],
        )
        self.cluster = rds.CfnDBCluster(
            self,
            "Cluster",
            engine=_ENGINE,
            engine_version=_VERSION,
            database_name=_DATABASE,
            port=_PORT,
            master_username=_MASTER,
            manage_master_user_password=True,
            master_user_secret=rds.CfnDBCluster.MasterUserSecretProperty(kms_key_id=key.key_arn),
            enable_iam_database_authentication=True,
            storage_encrypted=True,
            kms_key_id=key.key_arn,
            db_subnet_group_name=subnets.ref,
            db_cluster_parameter_group_name=parameters.ref,
            vpc_security_group_ids=[group.attr_group_id],
            serverless_v2_scaling_configuration=(
                rds.CfnDBCluster.ServerlessV2ScalingConfigurationProperty(
                    min_capacity=_LEAST_UNITS,
                    max_capacity=_MOST_UNITS,
                    seconds_until_auto_pause=_IDLE_SECONDS,
                )
            ),
            backup_retention_period=_BACKUP_DAYS,
            deletion_protection=retain,
            enable_cloudwatch_logs_exports=["postgresql"],
            copy_tags_to_snapshot=True,
        )
        keep = RemovalPolicy.RETAIN if retain else RemovalPolicy.DESTROY
        self.cluster.apply_removal_policy(keep)
        if not retain:
            acknowledge(
                self.cluster,
                {"AwsSolutions-RDS10": "A stage that retains nothing goes as a whole."},
            )
        writer = rds.CfnDBInstance(
            self,
            "Writer",
            engine=_ENGINE,
            db_instance_class="db.serverless",
            db_cluster_identifier=self.cluster.ref,
            publicly_accessible=False,
            auto_minor_version_upgrade=True,
        )
        writer.apply_removal_policy(keep)
        if settings.zero_etl:
            rds.CfnIntegration(
                self,
                "ZeroEtl",
                integration_name=name,
                source_arn=self.cluster.attr_db_cluster_arn,
                target_arn=settings.zero_etl,
                data_filter=f"include: {_DATABASE}.*.*",
            ).node.add_dependency(writer)
        CfnOutput(scope, "AuroraEndpoint", value=self.cluster.attr_endpoint_address)
        CfnOutput(scope, "AuroraSecret", value=self.cluster.attr_master_user_secret_secret_arn)
