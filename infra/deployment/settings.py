"""The settings of deployments from a pipeline."""

from __future__ import annotations

import dataclasses
import re

from infra.kit.checks import failed

# GitHub's own rules for the names of an owner and a repository; no pattern can hide in them.
_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}")
_PROVIDER = re.compile(
    r"arn:aws[a-z-]*:iam::\d{12}:oidc-provider/token\.actions\.githubusercontent\.com"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeploymentSettings:
    """Roles for a GitHub repository that deploys the stage.

    ``github_repository`` is ``owner/repository``. Only its jobs in the environment with the stage's
    name get the roles. Empty makes no roles. ``github_provider`` is the ARN of GitHub's identity
    provider where the account has one already. Empty makes it.
    """

    github_repository: str = ""
    github_provider: str = ""

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        repository, provider = self.github_repository, self.github_provider
        return failed(
            {
                "github_repository": (
                    not repository or bool(_REPOSITORY.fullmatch(repository)),
                    "owner/repository, or empty",
                ),
                "github_provider": (
                    not provider or bool(repository and _PROVIDER.fullmatch(provider)),
                    "the ARN of GitHub's identity provider, beside 'github_repository', or empty",
                ),
            }
        )
