"""The settings of deployments from a pipeline."""

from __future__ import annotations

import dataclasses
import re

from infra.kit.checks import failed

# The platforms' own rules for names. No pattern can hide in them, and no second claim.
_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}")
_PROJECT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*){1,20}")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,254}")
_URL = re.compile(r"https://(?P<issuer>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/[A-Za-z0-9._-]+)*)")
_PROVIDER = r"arn:aws[a-z-]*:iam::\d{12}:oidc-provider/"

GITHUB_ISSUER = "token.actions.githubusercontent.com"


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeploymentSettings:
    """Roles for a repository at GitHub or a project at GitLab that deploys the stage.

    ``github_repository`` is ``owner/repository``. Only its jobs in the environment with the stage's
    name get the roles. ``gitlab_project`` is ``group/project``, with its subgroups. Only its jobs
    on ``gitlab_branch`` get the roles. ``gitlab_url`` is the address of your GitLab. Both empty
    make no roles. ``github_provider`` and ``gitlab_provider`` are the ARN of the platform's
    identity provider where the account has one already. Empty makes it.
    """

    github_repository: str = ""
    github_provider: str = ""
    gitlab_project: str = ""
    gitlab_branch: str = "main"
    gitlab_url: str = "https://gitlab.com"
    gitlab_provider: str = ""

    @property
    def gitlab_issuer(self) -> str:
        """The address of GitLab without ``https://``. Empty if it is none."""
        url = _URL.fullmatch(self.gitlab_url)
        return url["issuer"] if url else ""

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        repository, project = self.github_repository, self.gitlab_project
        issuer = self.gitlab_issuer
        return failed(
            {
                "github_repository": (
                    not repository or bool(_REPOSITORY.fullmatch(repository)),
                    "owner/repository, or empty",
                ),
                "github_provider": (
                    _is_provider(self.github_provider, of=repository, issuer=GITHUB_ISSUER),
                    "the ARN of GitHub's identity provider, beside 'github_repository', or empty",
                ),
                "gitlab_project": (
                    not project or (not repository and bool(_PROJECT.fullmatch(project))),
                    "group/project without 'github_repository', or empty",
                ),
                "gitlab_branch": (
                    bool(_BRANCH.fullmatch(self.gitlab_branch)),
                    "one branch's name, without a pattern",
                ),
                "gitlab_url": (bool(issuer), "an address such as https://gitlab.example.com"),
                "gitlab_provider": (
                    _is_provider(self.gitlab_provider, of=project, issuer=issuer),
                    "the ARN of the provider of 'gitlab_url', beside 'gitlab_project', or empty",
                ),
            }
        )


def _is_provider(arn: str, *, of: str, issuer: str) -> bool:
    """Return whether an ARN is empty, or the issuer's provider beside what it serves."""
    return not arn or bool(of and re.fullmatch(_PROVIDER + re.escape(issuer), arn))
