"""Assembles the app. The CLI, the laptop and the tests all call ``build_app``.

A stack that a stage may lack is imported where it is made. Its part of the CDK takes up to half a
second to compile in a new checkout.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.kit import node

node.start()

import aws_cdk as cdk  # noqa: E402 (only after Node.js is there)
from aws_cdk import aws_iam as iam  # noqa: E402

from infra.crm.settings import ExportSettings  # noqa: E402
from infra.curation.settings import ExportsPlace  # noqa: E402
from infra.data.stack import DataStack  # noqa: E402
from infra.destinations import redshift  # noqa: E402
from infra.foundation.foundation import Foundation  # noqa: E402
from infra.foundation.settings import check_address  # noqa: E402
from infra.kit import nag as nag_rules  # noqa: E402
from infra.kit.stage import stack_name  # noqa: E402
from infra.pipeline.stack import PipelineStack  # noqa: E402
from infra.settings import StageSettings  # noqa: E402
from tessera import naming  # noqa: E402

CDK_JSON = Path(__file__).resolve().parents[1] / "cdk.json"
_STAGE, _SETTINGS = "stage", "tessera"


def build_app(
    context: Mapping[str, Any] | None = None, *, nag: bool = True, outdir: str | None = None
) -> cdk.App:
    """Return the app of one stage, not yet synthesized.

    Parameters
    ----------
    context
        Wins over cdk.json: ``{"stage": "prod"}``, say.
    nag
        Whether the synth checks rules: cdk-nag's, and CloudFormation's of valid templates.
    outdir
        Where the cloud assembly goes. By default $CDK_OUTDIR or cdk.out.

    Raises
    ------
    InvalidInput
        The stage is unknown or one of its settings is wrong.
    """
    # Only the CDK's CLI reads cdk.json. Without this, "python app.py" would lack its flags and
    # make another template than "cdk deploy".
    known = json.loads(CDK_JSON.read_text(encoding="utf-8"))["context"]
    app = cdk.App(
        context={**known, **(context or {})},
        outdir=outdir or os.environ.get("CDK_OUTDIR", "cdk.out"),
        builtin_cloud_formation_validation=nag,
    )
    stage = app.node.try_get_context(_STAGE)
    settings = StageSettings.parse(stage, app.node.try_get_context(_SETTINGS) or {})
    check_address(settings)
    place = cdk.Environment(account=settings.account or None, region=settings.region)
    data = DataStack(
        app, stack_name(stage, "Data"), settings=settings, env=place, synthesizer=_in_folder(stage)
    )
    PipelineStack(
        app,
        stack_name(stage, "Pipeline"),
        settings=settings,
        foundation=data.foundation,
        console=settings.console.origin if settings.console.enabled else "",
        has_sources=settings.has_sources,
        forwarded=settings.labels.forward,
        erasure_places=settings.erasure_places,
        own_warehouse=naming.warehouse(stage) if settings.warehouse.enabled else "",
        env=place,
        synthesizer=_in_folder(stage),
    )
    api_id = ""
    if settings.console.enabled:
        from infra.console.stack import ConsoleStack

        console = ConsoleStack(
            app,
            stack_name(stage, "Console"),
            settings=settings,
            foundation=data.foundation,
            run_defaults=settings.run.to_dict(),
            write_keys=naming.write_keys_table(stage) if settings.stream.collects else "",
            labels=naming.labels_table(stage) if settings.labels.enabled else "",
            longest_write_seconds=settings.longest_write_seconds,
            env=place,
            synthesizer=_in_folder(stage),
        )
        api_id = console.api_id
    if settings.campaigns.enabled:
        from infra.campaigns.stack import CampaignsStack

        CampaignsStack(
            app,
            stack_name(stage, "Campaigns"),
            settings=settings,
            foundation=data.foundation,
            run_defaults=settings.run.to_dict(),
            origin=settings.campaigns.links_origin or settings.console.origin,
            api_id=api_id,
            has_webhook="webhook" in settings.destinations,
            env=place,
            synthesizer=_in_folder(stage),
        )
    make_sources(app, settings=settings, foundation=data.foundation, place=place)
    if settings.warehouse.used:
        from infra.warehouse.stack import WarehouseStack

        WarehouseStack(
            app,
            stack_name(stage, "Warehouse"),
            settings=settings,
            foundation=data.foundation,
            has_stream=bool(settings.stream.shards),
            is_destination=redshift.NAME in settings.destinations,
            env=place,
            synthesizer=_in_folder(stage),
        )
    if settings.dashboards.reader_group:
        from infra.dashboards.stack import DashboardsStack

        DashboardsStack(
            app,
            stack_name(stage, "Dashboards"),
            settings=settings,
            foundation=data.foundation,
            env=place,
            synthesizer=_in_folder(stage),
        )
    cdk.Tags.of(app).add("project", "tessera")
    cdk.Tags.of(app).add("stage", settings.stage)
    if settings.permissions_boundary:
        boundary = iam.ManagedPolicy.from_managed_policy_arn(
            data, "Boundary", settings.permissions_boundary
        )
        iam.PermissionsBoundary.of(app).apply(boundary)
    if nag:
        nag_rules.attach(app)
    return app


def _make_streams(
    app: cdk.App, *, settings: StageSettings, foundation: Foundation, place: cdk.Environment
) -> None:
    """Make the event stream, and the labels that follow its events."""
    if not settings.stream.shards:
        return
    from infra.streams.stack import StreamsStack

    streams = StreamsStack(
        app,
        stack_name(settings.stage, "Streams"),
        settings=settings,
        foundation=foundation,
        env=place,
        synthesizer=_in_folder(settings.stage),
    )
    if settings.labels.enabled:
        from infra.labels.stack import LabelsStack

        labels = LabelsStack(
            app,
            stack_name(settings.stage, "Labels"),
            settings=settings,
            foundation=foundation,
            env=place,
            synthesizer=_in_folder(settings.stage),
        )
        labels.add_stack_dependency(streams, "It reads the stream, which it knows by name.")


def make_sources(
    app: cdk.App, *, settings: StageSettings, foundation: Foundation, place: cdk.Environment
) -> None:
    """Make the stacks of the sources, and of the job that curates some of them."""
    _make_streams(app, settings=settings, foundation=foundation, place=place)
    curation = None
    if folders := curated_folders(settings):
        from infra.curation.stack import CurationStack

        curation = CurationStack(
            app,
            stack_name(settings.stage, "Curation"),
            settings=settings,
            foundation=foundation,
            folders=folders,
            exports=_exports(settings.crm),
            env=place,
            synthesizer=_in_folder(settings.stage),
        )
        if settings.crm.objects:
            from infra.crm.stack import CrmStack

            CrmStack(
                app,
                stack_name(settings.stage, "Crm"),
                settings=settings,
                foundation=foundation,
                curate=curation.job,
                curate_hours=settings.curation.hours,
                env=place,
                synthesizer=_in_folder(settings.stage),
            )
        if settings.connectors.names:
            from infra.connectors.stack import ConnectorsStack

            ConnectorsStack(
                app,
                stack_name(settings.stage, "Connectors"),
                settings=settings,
                foundation=foundation,
                run_defaults=settings.run.to_dict(),
                curate=curation.job,
                curate_hours=settings.curation.hours,
                env=place,
                synthesizer=_in_folder(settings.stage),
            )
    if settings.database.used:
        from infra.databases.stack import DatabasesStack

        DatabasesStack(
            app,
            stack_name(settings.stage, "Databases"),
            settings=settings,
            foundation=foundation,
            curate=curation.job if curation and settings.database.mode else None,
            curate_hours=settings.curation.hours,
            env=place,
            synthesizer=_in_folder(settings.stage),
        )


def _exports(crm: ExportSettings) -> ExportsPlace | None:
    if not crm.objects:
        return None
    return ExportsPlace(
        bucket=crm.source_bucket, prefix=crm.source_prefix, key_arn=crm.source_key_arn
    )


def curated_folders(settings: StageSettings) -> list[str]:
    """Return patterns of the upload folders that are curated. A stage without any has no job."""
    sources = {"crm-*": settings.crm.objects, "database-*": settings.database.mode}
    pulled = [naming.pulled_folder(name) for name in settings.connectors.names]
    return [*(pattern for pattern, used in sources.items() if used), *pulled]


def _in_folder(stage: str) -> cdk.DefaultStackSynthesizer:
    """Return a synthesizer that publishes assets to a folder of the stage.

    So roles can read the stage's earlier code too, which a rollback uses, and nobody else's.
    """
    return cdk.DefaultStackSynthesizer(bucket_prefix=f"tessera/{stage}/")
