"""Campaigns by e-mail: plan, send, write what happens, and let people unsubscribe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from constructs import Construct

from infra.campaigns.constructs.clock import CampaignClock
from infra.campaigns.constructs.events import EventQueue
from infra.campaigns.constructs.links import UnsubscribeRoutes, link_keys
from infra.campaigns.constructs.mail import Mail
from infra.campaigns.constructs.places import CampaignPlaces
from infra.campaigns.constructs.readers import CustomerReaders
from infra.campaigns.constructs.senders import MailSenders
from infra.campaigns.constructs.watch import CampaignsWatch
from infra.campaigns.definition import CampaignStates, definition
from infra.foundation.foundation import Foundation
from infra.foundation.settings import FoundationSettings
from infra.kit.document import JsonDocument
from infra.kit.grants import allow
from infra.kit.machine import StateMachine
from tessera import naming


class CampaignsStack(Stack):
    """The API or the clock → the state machine → SES → the inbox, and events back to the table.

    Parameters
    ----------
    settings, foundation
        Of the stage.
    run_defaults
        The stage's settings of a run.
    origin
        Where unsubscribe links lead.
    api_id
        The console's API, which answers these links. Empty in a stage without a console.
    has_webhook
        Whether the stage has the destination ``webhook``, whose key signs messages.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: FoundationSettings,
        foundation: Foundation,
        run_defaults: Mapping[str, Any],
        origin: str,
        api_id: str,
        has_webhook: bool,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id_, **stack)
        table, key = foundation.campaigns, foundation.campaigns_key
        if table is None or key is None:
            raise ValueError("the foundation has no table of campaigns")
        keep = RemovalPolicy.RETAIN if settings.retain else RemovalPolicy.DESTROY
        name = naming.campaigns_machine(settings.stage)
        mail = Mail(self, "Mail", name=name, settings=settings.campaigns)
        places = CampaignPlaces(
            stage=settings,
            foundation=foundation,
            table=table,
            key=key,
            mail=mail,
            links=link_keys(self, key=key, keep=keep),
            origin=origin,
            warm_up_from=settings.campaigns.warm_up_from,
            defaults=JsonDocument(self, "RunDefaults", value=run_defaults),
            has_webhook=has_webhook,
        )
        readers = CustomerReaders(self, "Readers", places=places)
        senders = MailSenders(self, "Senders", places=places)
        machine = StateMachine(
            self,
            "CampaignMachine",
            name=name,
            key=foundation.data_key,
            log_retention_days=settings.log_retention_days,
            definition=definition(
                CampaignStates(
                    plan_campaign=readers.plan_campaign.called,
                    advance_campaign=senders.advance_campaign.called,
                    send_chunk=senders.send_chunk.called,
                    partition=settings.place.partition,
                )
            ),
        )
        states = (readers.plan_campaign, senders.advance_campaign, senders.send_chunk)
        allow(machine.role, ["lambda:InvokeFunction"], *(one.arn for one in states))
        queue = EventQueue(self, "Events", configuration_set=name, key=key)
        queue.feed(senders.write_events)
        clock = CampaignClock(
            self,
            "Clock",
            places=places,
            machine=machine.machine,
            live_arn=machine.live_arn,
            measure=readers.measure_campaign,
        )
        if api_id:
            UnsubscribeRoutes(self, "Links", api_id=api_id, function=senders.unsubscribe)
        asked = (
            readers.count_audience, readers.measure_campaign, readers.import_consent,
            clock.function,
        )  # fmt: skip
        CampaignsWatch(
            self,
            "CampaignsWatch",
            machine=machine.machine,
            dead=queue.dead,
            configuration_set=name,
            functions=[
                senders.send_chunk,
                senders.send_test,
                senders.write_events,
                senders.unsubscribe,
                *asked,
            ],
            topic=foundation.topic,
        )
        CfnOutput(self, "CampaignsMachineArn", value=machine.machine.state_machine_arn)
        shown = {
            "CountAudienceFunction": readers.count_audience,
            "MeasureCampaignFunction": readers.measure_campaign,
            "ImportConsentFunction": readers.import_consent,
            "SendTestFunction": senders.send_test,
            "UnsubscribeFunction": senders.unsubscribe,
            "KeepCampaignsFunction": clock.function,
        }
        for output, function in shown.items():
            CfnOutput(self, output, value=function.arn)
