"""Whose jobs may assume a stage's roles: the identity provider, and the subject of its tokens."""

from __future__ import annotations

import dataclasses

from infra.deployment.settings import GITHUB_ISSUER, DeploymentSettings


@dataclasses.dataclass(frozen=True)
class Trust:
    """One pipeline.

    Parameters
    ----------
    issuer
        The identity provider's address without ``https://``, the prefix of IAM's condition keys.
    subject
        The one subject that is trusted.
    provider_arn
        The ARN of the provider if the account has it already. Empty if it is to be created.
    """

    issuer: str
    subject: str
    provider_arn: str


def trusted_pipeline(settings: DeploymentSettings, *, stage: str) -> Trust | None:
    """Return the pipeline that deploys a stage, None if there is none."""
    if settings.github_repository:
        subject = f"repo:{settings.github_repository}:environment:{stage}"
        return Trust(GITHUB_ISSUER, subject, settings.github_provider)
    if settings.gitlab_project:
        # GitLab's default subject names the branch, not the environment.
        branch = f"ref_type:branch:ref:{settings.gitlab_branch}"
        subject = f"project_path:{settings.gitlab_project}:{branch}"
        return Trust(settings.gitlab_issuer, subject, settings.gitlab_provider)
    return None
