"""The stack of campaigns."""

from __future__ import annotations


def test_a_stage_has_the_stack_only_if_it_says_so(app, console, campaigns):
    assert "campaigns" not in {**app.templates, **console.templates}
    assert campaigns.templates.keys() == {"data", "pipeline", "console", "campaigns"}
