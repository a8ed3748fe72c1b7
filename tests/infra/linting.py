"""cfn-lint over the templates of all stages: its rules are loaded once, and nothing is read twice.

Stages share most of their resources. One that was read in a region is read again there only where
another refers to it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from typing import Any

IGNORED = ["W3005"]  # the CDK's DependsOn repeats what a reference says already
SECTIONS = ("Parameters", "Mappings", "Conditions")
_read: dict[str, set[str]] = {}  # by region, resources that cfn-lint had nothing to say about


def findings(templates: Iterable[Mapping[str, Any]], *, region: str) -> list[str]:
    """Return what cfn-lint says of templates in a region."""
    read = _read.setdefault(region, set())
    everything = []
    for template in templates:
        rest = unread(template, read=read)
        matches = _lint(json.dumps(rest), region) if rest["Resources"] else []
        if not matches:
            read.update(_text(resource) for resource in template["Resources"].values())
        everything += matches
    return everything


def unread(template: Mapping[str, Any], *, read: set[str]) -> dict[str, Any]:
    """Return a template with its unread resources, with what these refer to, and its outputs."""
    resources = {name: _text(one) for name, one in template["Resources"].items()}
    todo = [name for name, text in resources.items() if text not in read]
    todo += [name for name in resources if todo and _names(_text(template.get("Outputs")), name)]
    kept: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in kept:
            kept.add(name)
            todo += [other for other in resources if _names(resources[name], other)]
    rest = {**template, "Resources": {n: template["Resources"][n] for n in resources if n in kept}}
    for section in SECTIONS:
        others = _text({name: one for name, one in rest.items() if name != section})
        used = {n: one for n, one in template.get(section, {}).items() if _names(others, n)}
        rest.pop(section, None)
        rest |= {section: used} if used else {}
    return rest


def _names(text: str, name: str) -> bool:
    return f'"{name}"' in text or f"${{{name}" in text


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@functools.cache
def _runner(region: str) -> Any:
    from cfnlint.config import ConfigMixIn, ManualArgs  # slow to import
    from cfnlint.runner import Runner

    return Runner(ConfigMixIn(**ManualArgs(ignore_checks=IGNORED, regions=[region])))


def _lint(text: str, region: str) -> list[str]:
    from cfnlint.decode.decode import decode_str

    template, errors = decode_str(text)
    return [str(match) for match in errors or _runner(region).validate_template(template)]
