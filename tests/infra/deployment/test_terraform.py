"""The Terraform module: it parses, it is consistent, and it reads what a real assembly has."""

from __future__ import annotations

import json
import re

import hcl2
import pytest


@pytest.fixture(scope="module")
def folder(root):
    return root / "deploy" / "terraform"


@pytest.fixture(scope="module")
def module(folder):
    """All blocks of the module's files, by their kind."""
    merged = {}
    for path in sorted(folder.glob("*.tf")):
        for kind, blocks in hcl2.loads(path.read_text(encoding="utf-8")).items():
            merged.setdefault(kind, []).extend(blocks)
    return merged


@pytest.fixture(scope="module")
def text(folder):
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.tf")))


def unquoted(name):
    return name.strip('"')


def resources(module):
    return {
        f"{unquoted(kind)}.{unquoted(name)}": body
        for block in module["resource"]
        for kind, named in block.items()
        for name, body in named.items()
    }


def test_every_variable_is_declared_described_and_used(module, text):
    declared = {
        unquoted(name): body for block in module["variable"] for name, body in block.items()
    }
    assert set(re.findall(r"\bvar\.(\w+)", text)) == set(declared)
    assert all(body["description"] for body in declared.values())


def test_every_local_is_declared_and_used(module, text):
    declared = {name for block in module["locals"] for name in block if not name.startswith("__")}
    assert set(re.findall(r"\blocal\.(\w+)", text)) == declared


def test_every_resource_that_is_referred_to_exists(module, text):
    known = {*resources(module), "aws_cloudformation_stack.data"}
    referred = set(re.findall(r"\b(?:terraform_data|aws_cloudformation_stack)\.\w+", text))
    assert referred <= known


def test_versions_are_bounded(module):
    [terraform] = module["terraform"]
    assert re.search(r">= \d", terraform["required_version"])
    [providers] = terraform["required_providers"]
    assert "<" in providers["aws"]["version"]
    [version] = [
        body["default"]
        for block in module["variable"]
        for name, body in block.items()
        if unquoted(name) == "cdk_assets_version"
    ]
    assert re.fullmatch(r"\d+\.\d+\.\d+", unquoted(version))


def test_stacks_come_after_their_assets_and_the_pipeline_after_its_data(module):
    stacks = resources(module)
    data, pipeline = (stacks[f"aws_cloudformation_stack.{name}"] for name in ("data", "pipeline"))
    assert "terraform_data.assets" in str(data["depends_on"])
    assert "terraform_data.assets" in str(pipeline["depends_on"])
    assert "aws_cloudformation_stack.data" in str(pipeline["depends_on"])
    assert data["lifecycle"][0]["prevent_destroy"] in {True, "true", "${true}"}


def test_named_roles_are_allowed_only_with_the_capabilities_for_them(module):
    for name, body in resources(module).items():
        if name.startswith("aws_cloudformation_stack."):
            assert {unquoted(each) for each in body["capabilities"]} == {
                "CAPABILITY_IAM",
                "CAPABILITY_NAMED_IAM",
            }


@pytest.mark.parametrize(
    ("made", "names"),
    [("app", ("Data", "Pipeline")), ("console", ("Data", "Pipeline", "Console"))],
)
def test_a_real_assembly_has_what_the_module_reads(request, module, text, made, names):
    """CloudFormation's names of stacks, URLs and roles, as the module's expressions expect them."""
    app = request.getfixturevalue(made)
    manifest = json.loads((app.folder / "manifest.json").read_text())
    stacks = {
        name: artifact
        for name, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    assert set(stacks) == {f"Tessera-dev-{name}" for name in names}
    for name in names:
        local = f"{name.lower()}_stack"
        assert unquoted(module["locals"][0][local]) == f"Tessera-${{var.stage}}-{name}"
        assert f"aws_cloudformation_stack.{name.lower()}" in resources(module)
    pattern = re.search(r'"(\^s3://.*?\$)"', text)[1]
    for name, stack in stacks.items():
        assert (app.folder / f"{name}.assets.json").exists()
        assert stack["environment"].endswith("/us-east-1")
        properties = stack["properties"]
        url = _filled(properties["stackTemplateAssetObjectUrl"])
        place = re.fullmatch(pattern, url)
        assert place["bucket"] == "cdk-hnb659fds-assets-111122223333-us-east-1"
        assert re.fullmatch(r"tessera/dev/[0-9a-f]{64}\.json", place["key"])
        assert "$" not in _filled(properties["cloudFormationExecutionRoleArn"])


def test_a_stage_without_a_console_makes_no_stack_for_it(module):
    console = resources(module)["aws_cloudformation_stack.console"]
    assert "if name == local.console_stack" in str(console["for_each"])
    assert "aws_cloudformation_stack.pipeline" in str(console["depends_on"])
    assert "terraform_data.assets" in str(console["depends_on"])


def _filled(value):
    known = {"AWS::AccountId": "111122223333", "AWS::Region": "us-east-1", "AWS::Partition": "aws"}
    for name, text in known.items():
        value = value.replace(f"${{{name}}}", text)
    return value
