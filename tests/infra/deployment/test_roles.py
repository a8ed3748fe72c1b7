"""Who may deploy from a pipeline: only one repository's or project's jobs."""

from __future__ import annotations

import json

import pytest
import yaml

from infra.deployment.trust import Trust, trusted_pipeline
from infra.settings import StageSettings
from tessera.errors import InvalidInput
from tests.infra.synthesis import synthesize

REPOSITORY = "octo-org/shop.segments"
ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::111122223333:oidc-provider/{ISSUER}"
PROJECT = "group/sub-group/shop.segments"
GITLAB = "git.example.com/code"
GITLAB_PROVIDER = f"arn:aws:iam::111122223333:oidc-provider/{GITLAB}"


def context(**deployment):
    stage = {"retain": False, "deployment": deployment}
    return {"stage": "dev", "tessera": {"stages": {"dev": stage}}}


@pytest.fixture(scope="module")
def deploying():
    """A stage that one repository deploys, in an account that has no provider yet."""
    return synthesize(context(github_repository=REPOSITORY))


@pytest.fixture(scope="module")
def at_gitlab():
    """A stage that one project of a self-managed GitLab deploys, whose provider is there."""
    known = context(
        gitlab_project=PROJECT,
        gitlab_branch="production",
        gitlab_url=f"https://{GITLAB}",
        gitlab_provider=GITLAB_PROVIDER,
    )
    return synthesize(known)


def trusts(app):
    """Return the trust policies of the roles that somebody with a web identity may assume."""
    policies = []
    for role in app.resources("AWS::IAM::Role"):
        [statement, *_] = role["AssumeRolePolicyDocument"]["Statement"]
        if statement["Action"] == "sts:AssumeRoleWithWebIdentity":
            policies.append(role["AssumeRolePolicyDocument"]["Statement"])
    return policies


def test_a_stage_as_it_ships_trusts_no_pipeline(app):
    assert not trusts(app)
    assert not app.resources("AWS::IAM::OIDCProvider")


def test_both_roles_trust_exactly_the_repositorys_environment(deploying):
    roles = trusts(deploying)
    assert len(roles) == 2
    for statements in roles:
        [statement] = statements
        assert statement["Condition"] == {
            "StringEquals": {
                f"{ISSUER}:aud": "sts.amazonaws.com",
                f"{ISSUER}:sub": f"repo:{REPOSITORY}:environment:dev",
            }
        }


def test_both_roles_trust_exactly_the_projects_branch_at_gitlab(at_gitlab):
    roles = trusts(at_gitlab)
    assert len(roles) == 2
    for [statement] in roles:
        assert at_gitlab.resolve(statement["Principal"]) == {"Federated": GITLAB_PROVIDER}
        assert statement["Condition"] == {
            "StringEquals": {
                f"{GITLAB}:aud": "sts.amazonaws.com",
                f"{GITLAB}:sub": f"project_path:{PROJECT}:ref_type:branch:ref:production",
            }
        }
    assert not at_gitlab.resources("AWS::IAM::OIDCProvider")


def test_the_pipelines_at_gitlab_have_the_rights_of_those_at_github(deploying, at_gitlab):
    for role in ("DeployRole", "CanaryRole"):
        assert at_gitlab.statements(role) == deploying.statements(role)


def test_the_token_of_the_file_for_gitlab_has_the_audience_that_the_roles_trust(root, at_gitlab):
    file = yaml.safe_load((root / ".gitlab-ci.yml").read_text())
    [token] = file[".deploy"]["id_tokens"].values()
    [[statement], _] = trusts(at_gitlab)
    assert statement["Condition"]["StringEquals"][f"{GITLAB}:aud"] == token["aud"]


def test_gitlab_itself_and_its_main_branch_are_the_defaults():
    tree = context(gitlab_project=PROJECT)["tessera"]
    trust = trusted_pipeline(StageSettings.parse("dev", tree).deployment, stage="dev")
    assert trust == Trust(
        "gitlab.com", f"project_path:{PROJECT}:ref_type:branch:ref:main", provider_arn=""
    )


def test_the_provider_is_made_without_a_thumbprint(deploying):
    [provider] = deploying.resources("AWS::IAM::OIDCProvider")
    assert provider["Url"] == f"https://{ISSUER}"
    assert provider["ClientIdList"] == ["sts.amazonaws.com"]
    assert "ThumbprintList" not in provider


def test_the_deploy_role_may_only_assume_the_roles_of_the_cdks_bootstrap(deploying):
    [statement] = deploying.statements("DeployRole")
    assert statement["Action"] == "sts:AssumeRole"
    names = {arn.rpartition("/")[2] for arn in statement["Resource"]}
    place = "111122223333-us-east-1"
    assert names == {
        f"cdk-hnb659fds-{kind}-role-{place}" for kind in ("deploy", "file-publishing", "lookup")
    }
    assert "*" not in json.dumps(statement)


def test_the_canary_role_reaches_its_own_tenant_alone(deploying):
    statements = deploying.statements("CanaryRole")
    objects = [
        resource.partition("/")[2]
        for statement in statements
        if "s3:" in json.dumps(statement["Action"])
        for resource in _listed(statement["Resource"])
        if "/" in resource
    ]
    assert set(objects) == {
        "uploads/canary/*",
        "tenants/canary/settings.toml",
        "tenants/canary/runs/*",
    }
    actions = {action for statement in statements for action in _listed(statement["Action"])}
    assert actions == {
        "cloudformation:DescribeStacks",
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "s3:AbortMultipartUpload",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
        "states:DescribeExecution",
        "states:GetExecutionHistory",
        "states:ListExecutions",
    }


def _listed(value):
    return value if isinstance(value, list) else [value]


def test_the_pipelines_roles_are_outputs(deploying):
    assert deploying.outputs().keys() >= {"DeployRole", "CanaryRole"}


@pytest.mark.parametrize(
    ("deployment", "words"),
    [
        ({"github_repository": "octo-org"}, "owner/repository"),
        ({"github_repository": "octo-org/*"}, "owner/repository"),
        ({"github_repository": "octo-org/a:environment:prod"}, "owner/repository"),
        ({"github_provider": PROVIDER}, "beside 'github_repository'"),
        ({"github_repository": REPOSITORY, "github_provider": "arn:aws:iam::1:role/x"}, "ARN"),
        ({"gitlab_project": "shop"}, "group/project"),
        ({"gitlab_project": "group/*"}, "group/project"),
        ({"gitlab_project": "group/a:ref_type:tag"}, "group/project"),
        ({"gitlab_project": PROJECT, "github_repository": REPOSITORY}, "without 'github_rep"),
        ({"gitlab_project": PROJECT, "gitlab_branch": "release-*"}, "without a pattern"),
        ({"gitlab_project": PROJECT, "gitlab_branch": ""}, "one branch's name"),
        ({"gitlab_url": "http://git.example.com"}, "https://"),
        ({"gitlab_url": "https://*.example.com"}, "https://"),
        ({"gitlab_provider": GITLAB_PROVIDER}, "beside 'gitlab_project'"),
        ({"gitlab_project": PROJECT, "gitlab_provider": GITLAB_PROVIDER}, "of 'gitlab_url'"),
    ],
)
def test_a_setting_that_would_trust_others_is_refused(deployment, words):
    tree = context(**deployment)["tessera"]
    with pytest.raises(InvalidInput, match=words):
        StageSettings.parse("dev", tree)


def test_a_provider_that_is_there_is_used():
    known = context(github_repository=REPOSITORY, github_provider=PROVIDER)
    app = synthesize(known)
    assert not app.resources("AWS::IAM::OIDCProvider")
    for [statement] in trusts(app):
        assert app.resolve(statement["Principal"]) == {"Federated": PROVIDER}
