"""The clock of campaigns: KeepCampaigns every hour, and once a day for what is slower."""

from __future__ import annotations

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.campaigns.constructs.places import CampaignPlaces, FunctionRoom
from infra.kit import assets
from infra.kit.function import PythonFunction
from infra.kit.grants import READ, allow, allow_objects
from infra.kit.nag import acknowledge
from tessera import naming
from tessera.environments.campaigns import KeepCampaignsEnvironment

_REPEATS = "It runs again soon, and an alarm counts its errors."
_DAILY_HOUR, _DAILY_MINUTE = "4", "30"  # UTC, after the pipeline's daily run


class CampaignClock(FunctionRoom):
    """KeepCampaigns and its two rules."""

    def __init__(
        self, scope: Construct, id_: str, *, places: CampaignPlaces, machine: sfn.IStateMachine,
        live_arn: str, measure: PythonFunction,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_, places=places, built=assets.campaign_code())
        foundation = places.foundation
        self.function = self.make(
            "KeepCampaigns", folder="keep_campaigns", minutes=14, no_queue=_REPEATS,
            environment=KeepCampaignsEnvironment(
                **places.common(),
                tenants_table=foundation.tenants.table_name,
                state_machine_arn=live_arn,
                measure_function=measure.arn,
                pseudonym_secret=foundation.secret.secret_arn,
                ses_tenant_prefix=places.ses_tenant_prefix,
                stage=places.stage.stage,
            ),
        )  # fmt: skip
        self._allow(machine, measure)
        self._rule("Hourly", "hourly", minute="0")
        self._rule("Daily", "daily", minute=_DAILY_MINUTE, hour=_DAILY_HOUR)

    def _allow(self, machine: sfn.IStateMachine, measure: PythonFunction) -> None:
        places, role = self.places, self.function.role
        foundation = places.foundation
        self.allow_tenants(self.function, "Scan")
        operations = ("BatchWriteItem", "GetItem", "PutItem", "Query")
        places.allow_table(self.function, *operations)
        places.defaults.allow_read(role)
        settings, handovers = naming.settings_key("*"), f"{naming.handovers_prefix('*')}*"
        allow_objects(role, foundation.bucket, READ, settings, handovers)
        allow(role, ["secretsmanager:GetSecretValue"], foundation.secret.secret_arn)
        allow(role, ["states:StartExecution"], machine.state_machine_arn)
        name = naming.campaigns_machine(places.stage.stage)
        executions = Stack.of(self).format_arn(
            service="states",
            resource="execution",
            resource_name=f"{name}:*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        allow(role, ["states:DescribeExecution"], executions)
        allow(role, ["lambda:InvokeFunction"], measure.arn)
        allow(role, ["ses:ListSuppressedDestinations"], "*")
        acknowledge(
            role,
            {
                r"AwsSolutions-IAM5\[Resource::\*\]": (
                    "It takes no resource: ses:ListSuppressedDestinations."
                ),
                rf"AwsSolutions-IAM5\[Resource::arn:.+:execution:{name}:\*\]": (
                    "It sees whether an execution of this machine is under way."
                ),
            },
        )

    def _rule(self, id_: str, task: str, **at: str) -> None:
        rule = events.Rule(
            self,
            id_,
            description=f"Tessera: campaigns, {task}",
            schedule=events.Schedule.cron(**at),
            targets=[
                targets.LambdaFunction(
                    self.function.live,
                    event=events.RuleTargetInput.from_object({"task": task}),
                    retry_attempts=2,
                )
            ],
        )
        acknowledge(rule, {"Serverless-EventBusDLQ": _REPEATS})
