"""The pipelines call targets that exist, and may do no more than they need."""

from __future__ import annotations

import re

import pytest
import yaml

WORKFLOWS = ("ci.yml", "deploy.yml")
_TARGET = re.compile(r"\bmake ((?:[a-z][a-z-]*[ \n]?)+)")
_MATRIX = "${{ matrix.check.target }}"


@pytest.fixture(scope="module")
def targets(root):
    text = (root / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))


def workflow(root, name):
    text = (root / ".github" / "workflows" / name).read_text(encoding="utf-8")
    return yaml.safe_load(text)


def gitlab(root):
    return yaml.safe_load((root / ".gitlab-ci.yml").read_text(encoding="utf-8"))


def steps(document):
    return [step for job in document["jobs"].values() for step in job["steps"]]


def called(lines):
    """Return the make targets that shell lines call."""
    return {target for line in lines for names in _TARGET.findall(line) for target in names.split()}


def runs(document):
    lines = []
    for job in document["jobs"].values():
        matrix = job.get("strategy", {}).get("matrix", {}).get("check", [])
        for step in job["steps"]:
            line = step.get("run", "")
            lines += [line.replace(_MATRIX, one["target"]) for one in matrix] or [line]
    return lines


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_command_of_a_workflow_is_a_make_target(root, targets, name):
    lines = [line for line in runs(workflow(root, name)) if line]
    assert lines
    assert all(re.fullmatch(r"make [a-z-]+", line) for line in lines)
    assert called(lines) <= targets


def test_the_checks_run_side_by_side(root):
    document = workflow(root, "ci.yml")
    assert called(runs(document)) == {
        "lint", "test-unit", "test-embedded", "test-spark", "test-container", "test-console",
        "docs-site",
    }  # fmt: skip
    assert not any("needs" in job for job in document["jobs"].values())


def test_the_parts_of_the_tests_are_all_of_them(root):
    """Each test is in exactly one part: without Spark and embedded AWS, with one, or the other."""
    text = (root / "Makefile").read_text(encoding="utf-8")
    recipes = {
        target: re.search(rf"^{target}:.*\n\t@(.*)$", text, re.MULTILINE)[1]
        for target in ("test-unit", "test-embedded", "test-spark")
    }
    assert '-m "not spark" --ignore tests/local' in recipes["test-unit"]
    assert '-m "not spark" tests/local' in recipes["test-embedded"]
    assert recipes["test-spark"].endswith("-m spark")
    for path in (root / "tests" / "adapters" / "engines" / "spark").glob("test_*.py"):
        assert "pytestmark = pytest.mark.spark" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_to_a_version(root, name):
    used = [step["uses"] for step in steps(workflow(root, name)) if "uses" in step]
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+\.\d+\.\d+", action), action


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflows_start_from_no_write_permission(root, name):
    document = workflow(root, name)
    assert set(document["permissions"].values() if document["permissions"] else []) <= {"read"}
    for job in document["jobs"].values():
        wanted = {"contents": "read", "id-token": "write"} if name == "deploy.yml" else {}
        assert job.get("permissions", {}) == wanted
        assert job["timeout-minutes"] <= 90


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_workflow_leaves_git_credentials_or_runs_foreign_code_with_secrets(root, name):
    document = workflow(root, name)
    triggers = document[True]  # YAML 1.1 reads the key `on` as true
    assert "pull_request_target" not in triggers
    for step in steps(document):
        if step.get("uses", "").startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False
        assert "secrets." not in str(step)
        assert "github.event" not in step.get("run", "")


def test_dev_and_its_canary_come_before_prod_and_its_canary(root):
    jobs = workflow(root, "deploy.yml")["jobs"]
    assert jobs["prod"]["needs"] == "dev"
    for stage, job in jobs.items():
        assert job["environment"] == stage
        assert job["env"] == {"STAGE": stage}
        lines = [step["run"] for step in job["steps"] if "run" in step]
        assert lines == ["make diff", "make deploy", "make canary"]
        roles = [step.get("with", {}).get("role-to-assume") for step in job["steps"]]
        assert [role for role in roles if role] == [
            "${{ vars.DEPLOY_ROLE }}",
            "${{ vars.CANARY_ROLE }}",
        ]


def test_only_a_push_to_main_that_passed_the_checks_is_deployed(root):
    document = workflow(root, "deploy.yml")
    assert document[True]["workflow_run"]["workflows"] == [workflow(root, "ci.yml")["name"]]
    assert document[True]["workflow_run"]["branches"] == ["main"]
    condition = document["jobs"]["dev"]["if"]
    assert "conclusion == 'success'" in condition
    assert "event == 'push'" in condition  # a fork's pull request may be called main too
    assert "vars.DEPLOY == 'true'" in condition


def test_gitlab_calls_the_same_targets(root, targets):
    document = gitlab(root)
    jobs = {name: job for name, job in document.items() if isinstance(job, dict)}
    lines = [line for job in jobs.values() for line in job.get("script", [])]
    theirs = called(runs(workflow(root, "ci.yml"))) | called(runs(workflow(root, "deploy.yml")))
    assert called(lines) == theirs
    assert called(lines) <= targets


def test_gitlab_asks_a_person_before_prod(root):
    document = gitlab(root)
    assert document["stages"].index("dev") < document["stages"].index("prod")
    assert document["deploy-prod"]["rules"][0]["when"] == "manual"
    for name, stage in (("deploy-dev", "dev"), ("deploy-prod", "prod")):
        assert document[name]["environment"] == stage
        assert document[name]["variables"]["STAGE"] == stage
    assert document[".deploy"]["id_tokens"]["AWS_TOKEN"]["aud"] == "sts.amazonaws.com"


def test_the_hooks_are_local_and_their_programs_are_in_the_locked_environment(root, targets):
    document = yaml.safe_load((root / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in document["repos"]] == ["local"]
    hooks = document["repos"][0]["hooks"]
    assert len({hook["id"] for hook in hooks}) == len(hooks)
    for hook in hooks:
        assert hook["language"] == "system"
        program, *rest = hook["entry"].split()
        if program == "make":
            assert rest[0] in targets
        else:
            assert program.startswith(".venv/bin/")
            assert (root / program).exists(), program
