"""The functions that send and that hear of messages. They read no customer."""

from __future__ import annotations

from aws_cdk import ArnFormat, Stack
from constructs import Construct

from infra.campaigns.constructs.places import CampaignPlaces, FunctionRoom
from infra.kit import assets
from infra.kit.function import PythonFunction
from infra.kit.grants import READ, WRITE, allow, allow_key, allow_objects, allow_secrets
from infra.kit.nag import acknowledge
from infra.kit.states import LIVE
from tessera import naming
from tessera.environments.campaigns import (
    AdvanceCampaignEnvironment,
    SendCampaignEnvironment,
    SendTestEnvironment,
    UnsubscribeEnvironment,
    WriteEventsEnvironment,
)

_ALL_RUNS = naming.campaign_run_prefix("*", "*")


class MailSenders(FunctionRoom):
    """AdvanceCampaign, SendChunk, SendTest, WriteEvents and Unsubscribe."""

    def __init__(self, scope: Construct, id_: str, *, places: CampaignPlaces) -> None:
        super().__init__(scope, id_, places=places, built=assets.api_code())
        self.advance_campaign = self._advance_campaign()
        self.send_chunk = self._send_chunk()
        self.send_test = self._send_test()
        self.write_events = self._write_events()
        self.unsubscribe = self._unsubscribe()

    # ---- what sends --------------------------------------------------------------------------

    def _advance_campaign(self) -> PythonFunction:
        stage = self.places.stage.stage
        machine = Stack.of(self).format_arn(
            service="states",
            resource="stateMachine",
            # By name: the machine knows the function, so the function cannot refer to the machine.
            resource_name=naming.campaigns_machine(stage),
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        function = self.make(
            "AdvanceCampaign", folder="advance_campaign", minutes=5,
            environment=AdvanceCampaignEnvironment(
                **self._environment(), state_machine_arn=f"{machine}:{LIVE}"
            ),
        )  # fmt: skip
        taken, exits = (_ALL_RUNS + name for name in (naming.CAMPAIGN_TAKEN, naming.CAMPAIGN_EXITS))
        self._allow_sending(function, f"{_ALL_RUNS}{naming.MANIFEST}", taken, exits)
        # Newer labels end a campaign that a label has triggered: for SendChunk it lists who left.
        bucket, identities = self.places.foundation.bucket, self.places.foundation.identities
        allow_objects(function.role, bucket, READ, f"{naming.profiles_prefix('*')}*")
        allow_objects(function.role, identities, WRITE, exits)
        self._allow_posting(function)
        allow(function.role, ["states:StartExecution"], machine)
        handovers = f"{naming.handovers_prefix('*')}*"
        allow_objects(function.role, bucket, WRITE, handovers)
        self._allow_account(function)
        self.allow_tenants(function, "GetItem")
        return function

    def _allow_account(self, function: PythonFunction) -> None:
        """Let a function check what sends, and make the SES tenant of a tenant."""
        places = self.places
        tenants = Stack.of(self).format_arn(
            service="ses", resource="tenant", resource_name=f"{places.ses_tenant_prefix}*"
        )
        allow(
            function.role,
            ["ses:GetEmailIdentity", "ses:GetConfigurationSet", "ses:GetTenant",
             "ses:CreateTenantResourceAssociation", "ses:ListTenantResources"],
            places.mail.identity_arn, places.mail.set_arn, tenants,
        )  # fmt: skip
        allow(function.role, ["ses:CreateTenant"], "*")
        acknowledge(
            function.role,
            {
                r"AwsSolutions-IAM5\[Resource::arn:.+:tenant/.+\*\]": (
                    "The SES tenants of this stage, one for each tenant."
                ),
                r"AwsSolutions-IAM5\[Resource::\*\]": (
                    "A tenant that does not exist yet has no ARN: ses:CreateTenant."
                ),
            },
        )

    def _send_chunk(self) -> PythonFunction:
        function = self.make(
            "SendChunk", folder="send_chunk", minutes=15,
            environment=SendCampaignEnvironment(**self._environment()),
        )  # fmt: skip
        exits = f"{_ALL_RUNS}{naming.CAMPAIGN_EXITS}"
        chunks = f"{_ALL_RUNS}chunks/*"
        self._allow_sending(function, f"{_ALL_RUNS}{naming.MANIFEST}", chunks, exits)
        self._allow_posting(function)
        self.allow_tenants(function, "GetItem")
        return function

    def _send_test(self) -> PythonFunction:
        """Return the function that sends a test. It reads no run: who gets it is entered."""
        places = self.places
        secret = places.foundation.secret.secret_arn
        function = self.make(
            "SendTest", folder="send_test", minutes=1,
            name=naming.campaign_function(places.stage.stage, "send_test"),
            environment=SendTestEnvironment(**self._environment(), pseudonym_secret=secret),
        )  # fmt: skip
        self._allow_sending(function)
        self._allow_account(function)
        allow(function.role, ["secretsmanager:GetSecretValue"], secret)
        return function

    def _allow_sending(self, function: PythonFunction, *files: str) -> None:
        """Let a function send by one identity, and read these files of runs. It reads no profile.

        The account's quota has no ARN, and neither has a tenant's sending.
        """
        places, role = self.places, function.role
        foundation = places.foundation
        allow(role, ["ses:SendEmail"], places.mail.identity_arn, places.mail.set_arn)
        allow(role, ["ses:GetAccount"], "*")
        acknowledge(
            role,
            {r"AwsSolutions-IAM5\[Resource::\*\]": "It takes no resource: ses:GetAccount."},
        )
        allow_objects(
            role, foundation.bucket, READ, naming.settings_key("*"), naming.latest_key("*"),
            naming.run_key("*", "*", naming.INSIGHTS), f"{naming.templates_prefix('*')}*",
        )  # fmt: skip
        if files:
            allow_objects(role, foundation.identities, READ, *files)
        allow_key(role, foundation.identities_key)
        allow(role, ["secretsmanager:GetSecretValue"], places.links.secret_arn)
        self.places.allow_table(function, "BatchGetItem", "GetItem", "PutItem", "Query")
        self.places.defaults.allow_read(role)

    # ---- what comes back ---------------------------------------------------------------------

    def _write_events(self) -> PythonFunction:
        function = self.make(
            "WriteEvents", folder="write_events", minutes=1,
            environment=WriteEventsEnvironment(campaigns_table=self.places.table.table_name),
            no_queue="Its queue has a dead-letter queue.",
        )  # fmt: skip
        items = ("BatchGetItem", "BatchWriteItem", "GetItem", "PutItem", "Query")
        self.places.allow_table(function, *items)
        return function

    def _unsubscribe(self) -> PythonFunction:
        places = self.places
        function = self.make(
            "Unsubscribe", folder="unsubscribe", minutes=1,
            environment=UnsubscribeEnvironment(
                campaigns_table=places.table.table_name,
                link_keys_secret=places.links.secret_arn,
            ),
        )  # fmt: skip
        allow(function.role, ["secretsmanager:GetSecretValue"], places.links.secret_arn)
        self.places.allow_table(function, "BatchWriteItem", "Query")
        return function

    def _allow_posting(self, function: PythonFunction) -> None:
        """Let a function read what signs messages to webhooks, in a stage that has them."""
        if self.places.has_webhook:
            allow_secrets(function.role, self._webhook_secret)

    @property
    def _webhook_secret(self) -> str:
        places = self.places
        return (
            naming.destination_secret(places.stage.stage, "webhook") if places.has_webhook else ""
        )

    def _environment(self) -> dict[str, str]:
        places = self.places
        return {
            **places.common(),
            "identity_arn": places.mail.identity_arn,
            "configuration_set_arn": places.mail.set_arn,
            "ses_tenant_prefix": places.ses_tenant_prefix,
            "tenants_table": places.foundation.tenants.table_name,
            "link_keys_secret": places.links.secret_arn,
            "console": places.origin,
            "warm_up_from": places.warm_up_from,
            "webhook_secret": self._webhook_secret,
        }
