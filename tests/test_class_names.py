"""A public class has a unique name: a reader who searches for it finds one."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = (
    "tessera", "adapters", "steps", "lambdas", "glue_jobs", "sagemaker_jobs", "infra", "local",
    "tools",
)  # fmt: skip


def test_no_two_files_have_a_public_class_of_the_same_name():
    places = defaultdict(set)
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            for node in ast.parse(file.read_bytes()).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places[node.name].add(str(file.relative_to(ROOT)))
    several = {name: sorted(files) for name, files in places.items() if len(files) > 1}
    assert several == {}
