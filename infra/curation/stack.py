"""The job that curates: change files of a source in, its upload out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.curation.constructs.curate_job import CurateJob
from infra.curation.settings import CuratedSettings, ExportsPlace
from infra.foundation.foundation import Foundation


class CurationStack(Stack):
    """The Glue job ``curate``, which other stacks start for each of their sources.

    Parameters
    ----------
    folders
        Patterns of the upload folders that it may write, such as ``crm-*``.
    exports
        From where it copies exports of a CRM to change files first. None for no exports.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: CuratedSettings,
        foundation: Foundation,
        folders: Sequence[str],
        exports: ExportsPlace | None,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id_, **stack)
        self.job = CurateJob(
            self,
            "CurateJob",
            settings=settings,
            foundation=foundation,
            folders=folders,
            exports=exports,
        ).job
        CfnOutput(self, "CurateJobName", value=self.job.name)
