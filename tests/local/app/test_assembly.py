"""What the embedded AWS is made from."""

from __future__ import annotations

import pytest

from local.app import assembly

TREE = {"defaults": {"console": {"domain": "console.example.com"}}, "stages": {}}


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
    made = context["tessera"]["stages"]["dev"]["console"]
    assert made == {**settings.get("console", {}), "enabled": False}
