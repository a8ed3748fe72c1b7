"""A JSON document beside the code, for what a function's environment has no room for."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from infra.kit.assets import BUILD
from infra.kit.grants import allow_asset


class JsonDocument(Construct):
    """A value that functions read from S3. Each content has its own key.

    A function's environment holds 4 KB in all, which one segment definition can exceed.
    """

    def __init__(self, scope: Construct, id_: str, *, value: Any) -> None:
        super().__init__(scope, id_)
        text = json.dumps(value, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        path = BUILD / f"document-{digest[:16]}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self._asset = assets.Asset(self, "Asset", path=str(path), asset_hash=digest)

    @property
    def uri(self) -> str:
        """Where it is, such as ``s3://bucket/key``."""
        return str(self._asset.s3_object_url)

    def allow_read(self, role: iam.Role) -> None:
        """Let a role read this document."""
        allow_asset(role, self._asset)
