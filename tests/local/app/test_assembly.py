"""What the embedded AWS is made from."""

from __future__ import annotations

import json
import os

import pytest

from infra.foundation.settings import MailSettings
from local.app import assembly

TREE = {"defaults": {"console": {"domain": "console.example.com"}}, "stages": {}}
CONTEXT = {"stage": "dev", "tessera": TREE}


@pytest.mark.parametrize("settings", [{}, {"console": {"enabled": True, "domain": "a.example"}}])
def test_the_embedded_stage_has_no_console_stack(monkeypatch, tmp_path, settings):
    """A run needs no built page: ``make console`` serves it here."""
    asked = []

    def synthesize(outdir, *, context, nag):
        asked.append((context, nag))
        outdir.mkdir()

    tree = {**TREE, "stages": {"dev": dict(settings)}}
    monkeypatch.setattr(
        assembly, "context_of", lambda stage, *, destinations: {"stage": stage, "tessera": tree}
    )
    monkeypatch.setattr(assembly, "synthesize", synthesize)
    assembly.cached(folder=tmp_path)
    [(context, _)] = asked
    made = context["tessera"]["stages"]["dev"]
    assert made["console"] == {**settings.get("console", {}), "enabled": False}
    assert not made["campaigns"]["enabled"]


def test_campaigns_are_deployed_where_they_are_wanted(monkeypatch, tmp_path):
    asked = []

    def synthesize(outdir, *, context, nag):
        asked.append(context["tessera"]["stages"]["dev"]["campaigns"])
        outdir.mkdir()

    own = {"campaigns": {"enabled": True, "domain": "mail.own.com", "warm_up_from": "2026-12-01"}}
    tree = {**TREE, "stages": {"dev": own}}
    monkeypatch.setattr(
        assembly, "context_of", lambda stage, *, destinations: {"stage": stage, "tessera": tree}
    )
    monkeypatch.setattr(assembly, "synthesize", synthesize)
    assembly.cached(campaigns=True, folder=tmp_path)
    (made,) = asked
    assert MailSettings(**made).problems() == {}
    assert (made["enabled"], made["warm_up_from"]) == (True, "")
    assert made["domain"].endswith(".example")  # nothing leads to a real one


def code(folder):
    """Two assets as a synth leaves them where they are, and the manifests of two stacks."""
    (folder / "code" / "package").mkdir(parents=True)
    (folder / "code" / "package" / "module.py").write_text("pass\n")
    (folder / "script.py").write_text("pass\n")
    out = folder / "cdk.out"
    out.mkdir()
    files = {
        "one": {"source": {"path": "A.template.json", "packaging": "file"}},
        "two": {"source": {"path": str(folder / "code"), "packaging": "zip"}},
        "three": {"source": {"path": str(folder / "script.py"), "packaging": "file"}},
    }
    for name in ("A", "B"):
        (out / f"{name}.assets.json").write_text(json.dumps({"files": files}))
    return out


@pytest.mark.parametrize("other_disk", [False, True])
def test_an_assembly_has_its_code_where_a_deployment_has_it(monkeypatch, tmp_path, other_disk):
    def refuse(*_):
        raise OSError(18, "Invalid cross-device link")

    def synthesize(outdir, *, context, nag):
        assert context["aws:cdk:disable-asset-staging"]
        code(tmp_path / "made").rename(outdir)

    monkeypatch.setattr(assembly, "context_of", lambda stage, *, destinations: CONTEXT)
    monkeypatch.setattr(assembly, "synthesize", synthesize)
    if other_disk:
        monkeypatch.setattr(os, "link", refuse)
    made = assembly.cached(folder=tmp_path / "cache")
    for name in ("A", "B"):
        files = json.loads((made / f"{name}.assets.json").read_text())["files"]
        paths = [files[key]["source"]["path"] for key in ("one", "two", "three")]
        assert paths == ["A.template.json", "asset.two", "asset.three.py"]
    for part, source in {"asset.two/package/module.py": "code/package/module.py",
                         "asset.three.py": "script.py"}.items():  # fmt: skip
        original = tmp_path / "made" / source
        assert (made / part).read_text() == "pass\n"
        assert (made / part).samefile(original) is not other_disk


def test_an_assembly_for_this_machine_takes_no_time_for_a_deployments_rules(made):
    assert not (made / "validation-report.json").exists()
