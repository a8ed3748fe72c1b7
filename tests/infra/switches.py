"""Each switch of the sources alone: what it adds to a stage that has no other, in one synth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.infra.synthesis import NO_COPIES, kept_assembly

if TYPE_CHECKING:
    import aws_cdk as cdk

_PLACE = {
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
}
_READ = {"mode": "nightly", "name": "shop", "tables": ["public.orders"], **_PLACE}
# An engine changes nothing but its endpoint. This one needs a certificate too.
_MYSQL = {
    **_READ, "engine": "mysql",
    "certificate_arn": "arn:aws:dms:us-east-1:111122223333:cert:SHOP",
}  # fmt: skip
_NAMESPACE = "arn:aws:redshift-serverless:us-east-1:111122223333:namespace/0a1b2c3d"
_AURORA = {"aurora": True, **_PLACE}
_EXPORTS = {"objects": ["salesforce-accounts"]}
_FLOWS = {"appflow": True, "appflow_connection": "salesforce-of-the-shop"}
OWN_BUCKET = {
    "source_bucket": "exports-of-the-shop",
    "source_prefix": "crm/",
    "source_key_arn": "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d",
}

SWITCHES: Mapping[str, Mapping[str, Any]] = {
    "stream": {"stream": {"shards": 1}},
    "pages": {"stream": {"shards": 1, "origins": ["https://shop.example"]}},
    "labels": {"stream": {"shards": 1}, "labels": {"enabled": True}},
    "forward": {
        "stream": {"shards": 1}, "destinations": ["export", "klaviyo"],
        "labels": {"enabled": True, "forward": ["klaviyo"]},
    },
    "nightly": {"database": {**_READ, "route_table_ids": ["rtb-0123456789abcdef0"]}},
    "changes": {"database": {**_READ, "mode": "changes"}},
    "mysql": {"database": _MYSQL},
    "aurora": {"database": _AURORA},
    "zeroetl": {"database": {**_AURORA, "zero_etl": _NAMESPACE}},
    "crm": {"crm": _EXPORTS},
    "ownbucket": {"crm": {**_EXPORTS, **OWN_BUCKET}},
    "appflow": {"crm": {**_EXPORTS, **_FLOWS}},
    "connectors": {"connectors": {"names": ["woocommerce"]}},
}  # fmt: skip


def synthesize_switches() -> Path:
    """Return the assembly that has the stacks of each switch, checked by cdk-nag.

    They share one foundation. Each switch is a stage that is named like it: its stacks are
    ``Tessera-crm-Curation`` and the like.
    """
    return kept_assembly(repr(SWITCHES), _build)


def _build(outdir: str) -> cdk.App:
    import aws_cdk as cdk

    from infra.app import CDK_JSON, make_sources
    from infra.data.stack import DataStack
    from infra.kit import nag
    from infra.settings import StageSettings

    flags = json.loads(CDK_JSON.read_text(encoding="utf-8"))["context"]
    app = cdk.App(
        context={**flags, **NO_COPIES}, outdir=outdir, builtin_cloud_formation_validation=True
    )
    place = cdk.Environment(account="111122223333", region="us-east-1")
    off = {"account": place.account, "retain": False}
    tree = {"stages": {name: {**off, **groups} for name, groups in SWITCHES.items()}}
    shared = StageSettings.parse("off", {"stages": {"off": off}})
    data = DataStack(app, "Tessera-off-Data", settings=shared, env=place)
    for name in SWITCHES:
        settings = StageSettings.parse(name, tree)
        make_sources(app, settings=settings, foundation=data.foundation, place=place)
    nag.attach(app)
    return app
