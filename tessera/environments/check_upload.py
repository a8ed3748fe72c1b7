"""The environment of CheckUpload."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class CheckUploadEnvironment(Environment):
    """For lambdas/check_upload.

    ``run_defaults`` is where the stage's RunSettings are as JSON: a segment definition alone can
    be larger than a function's environment. Sizes are bytes. ``tenancy`` is what
    ``Tenancy.to_text`` writes.
    """

    data_bucket: str
    runs_table: str
    tenants_table: str
    run_defaults: str
    max_upload_bytes: str
    available_destinations: str  # comma separated
    tenancy: str
