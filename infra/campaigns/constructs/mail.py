"""What sends mail: the identity of the sending domain, and the configuration set."""

from __future__ import annotations

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_ses as ses
from constructs import Construct

from infra.foundation.settings import MailSettings

# What EventBridge gets. "Subscription" is of SES' own contact lists, which campaigns do not use.
EVENT_TYPES = (
    "SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "OPEN", "CLICK", "RENDERING_FAILURE",
    "DELIVERY_DELAY",
)  # fmt: skip
_DKIM_RECORDS = 3


class Mail(Construct):
    """SES signs with DKIM, bounces return to our MAIL FROM domain, events go to EventBridge.

    Its DNS records are outputs: nothing may be sent before they are published.
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, settings: MailSettings) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        self.name, self.domain = name, settings.domain
        self._set = ses.CfnConfigurationSet(
            self,
            "Set",
            name=name,
            reputation_options=ses.CfnConfigurationSet.ReputationOptionsProperty(
                reputation_metrics_enabled=True
            ),
            sending_options=ses.CfnConfigurationSet.SendingOptionsProperty(sending_enabled=True),
            suppression_options=ses.CfnConfigurationSet.SuppressionOptionsProperty(
                suppressed_reasons=["BOUNCE", "COMPLAINT"]
            ),
        )
        bus = stack.format_arn(service="events", resource="event-bus", resource_name="default")
        destination = ses.CfnConfigurationSetEventDestination(
            self,
            "Events",
            configuration_set_name=name,
            event_destination=ses.CfnConfigurationSetEventDestination.EventDestinationProperty(
                name="default-bus",
                enabled=True,
                matching_event_types=list(EVENT_TYPES),
                event_bridge_destination=(
                    ses.CfnConfigurationSetEventDestination.EventBridgeDestinationProperty(
                        event_bus_arn=bus
                    )
                ),
            ),
        )
        destination.add_resource_dependency(self._set)
        bounces = f"{settings.mail_from}.{settings.domain}"
        self._identity = ses.CfnEmailIdentity(
            self,
            "Identity",
            email_identity=settings.domain,
            dkim_attributes=ses.CfnEmailIdentity.DkimAttributesProperty(signing_enabled=True),
            # Events report bounces. Mails about them would go to the sender as well.
            feedback_attributes=ses.CfnEmailIdentity.FeedbackAttributesProperty(
                email_forwarding_enabled=False
            ),
            mail_from_attributes=ses.CfnEmailIdentity.MailFromAttributesProperty(
                mail_from_domain=bounces, behavior_on_mx_failure="REJECT_MESSAGE"
            ),
        )
        self._show_records(bounces)

    @property
    def identity_arn(self) -> str:
        """The ARN of the identity that sends."""
        return self._arn("identity", self.domain)

    @property
    def set_arn(self) -> str:
        """The ARN of the configuration set."""
        return self._arn("configuration-set", self.name)

    def _arn(self, resource: str, name: str) -> str:
        return str(Stack.of(self).format_arn(service="ses", resource=resource, resource_name=name))

    def _show_records(self, bounces: str) -> None:
        stack = Stack.of(self)
        for number in range(1, _DKIM_RECORDS + 1):
            name = getattr(self._identity, f"attr_dkim_dns_token_name{number}")
            value = getattr(self._identity, f"attr_dkim_dns_token_value{number}")
            CfnOutput(stack, f"DkimRecord{number}", value=f"{name} CNAME {value}")
        feedback = f"feedback-smtp.{stack.region}.amazonses.com"
        records = {
            "MailFromMx": f"{bounces} MX 10 {feedback}",
            "MailFromSpf": f'{bounces} TXT "v=spf1 include:amazonses.com ~all"',
            "Dmarc": f'_dmarc.{self.domain} TXT "v=DMARC1; p=quarantine"',
        }
        for output, value in records.items():
            CfnOutput(stack, output, value=value)
