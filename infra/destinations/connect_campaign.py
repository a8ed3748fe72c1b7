"""Amazon Connect outbound campaigns (v2): a segment handed to a campaign, where a stage says so.

The pipeline keeps the segment. Who is written to and when is Connect's matter.
"""

from __future__ import annotations

from aws_cdk import CfnTag, Stack
from aws_cdk import aws_connectcampaignsv2 as campaigns
from constructs import Construct

from infra.destinations.connect_campaign_settings import ConnectCampaignSettings

_Email = campaigns.CfnCampaign.EmailChannelSubtypeConfigProperty


class SegmentCampaign(Construct):
    """A campaign whose source is a segment of a Customer Profiles domain."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: str,
        domain: str,
        settings: ConnectCampaignSettings,
    ) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        segment_arn = stack.format_arn(
            service="profile",
            resource="domains",
            resource_name=f"{domain}/segment-definitions/{settings.segment}",
        )
        instance_arn = stack.format_arn(
            service="connect", resource="instance", resource_name=settings.connect_instance_id
        )
        campaigns.CfnCampaign(
            self,
            "Campaign",
            name=f"tessera-{stage}-{settings.segment.strip('_')}",
            connect_instance_id=settings.connect_instance_id,
            connect_campaign_flow_arn=settings.flow_arn or None,
            channel_subtype_config=_by_email(settings) if settings.email_address else None,
            source=campaigns.CfnCampaign.SourceProperty(customer_profiles_segment_arn=segment_arn),
            schedule=campaigns.CfnCampaign.ScheduleProperty(
                start_time=settings.start_at,
                end_time=settings.end_at,
                refresh_frequency=settings.refresh or None,
            ),
            tags=[CfnTag(key="owner", value=instance_arn)],  # so that Connect's users see it
        )


def _by_email(
    settings: ConnectCampaignSettings,
) -> campaigns.CfnCampaign.ChannelSubtypeConfigProperty:
    return campaigns.CfnCampaign.ChannelSubtypeConfigProperty(
        email=_Email(
            default_outbound_config=campaigns.CfnCampaign.EmailOutboundConfigProperty(
                connect_source_email_address=settings.email_address,
                wisdom_template_arn=settings.email_template_arn,
            ),
            outbound_mode=campaigns.CfnCampaign.EmailOutboundModeProperty(agentless_config={}),
        )
    )
