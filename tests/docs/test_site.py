"""The docs site, without its packages: complete navigation, and links that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [path for path in sorted(DOCS.rglob("*.md")) if "templates" not in path.parts]
LINKING = [*PAGES, *sorted(ROOT.glob("*.md")), ROOT / "examples" / "README.md"]
CURRENT = [page for page in LINKING if page.name != "CHANGELOG.md"]  # that one is history
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^\s*```.*?^\s*```", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_ROOMS = "tessera|adapters|steps|lambdas|sagemaker_jobs|glue_jobs|infra|local|tools|bench|tests"
_PATH = re.compile(rf"`((?:{_ROOMS})/[\w/.-]+)`")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(page: Path) -> str:
    return _FENCED.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Return the headings' anchors, as GitHub and mkdocs make them alike."""
    plain = (
        re.sub(r"[^\w\s-]", "", title).strip().lower() for title in _HEADING.findall(text(page))
    )
    return {re.sub(r"\s+", "-", title) for title in plain}


def test_every_page_is_in_the_navigation_or_the_list_of_decisions_once():
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n")[1]
    decisions = re.findall(r"\((0[\w-]+\.md)\)", text(DOCS / "decisions" / "README.md"))
    listed = [*re.findall(r"[\w/-]+\.md", navigation), *(f"decisions/{one}" for one in decisions)]
    assert sorted(listed) == sorted(page.relative_to(DOCS).as_posix() for page in PAGES)


@pytest.mark.parametrize("page", LINKING, ids=name)
def test_links_lead_to_a_page_and_its_heading(page: Path):
    broken = []
    for link in _LINK.findall(text(page)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_pages_of_the_site_link_to_the_site_alone(page: Path):
    links = [link.partition("#")[0] for link in _LINK.findall(text(page)) if "://" not in link]
    assert all((page.parent / link).resolve().is_relative_to(DOCS) for link in links)


@pytest.mark.parametrize("page", CURRENT, ids=name)
def test_paths_of_the_tree_that_a_page_names_are_there(page: Path):
    missing = [
        path
        for path in _PATH.findall(page.read_text(encoding="utf-8"))
        if not (ROOT / path).exists()
    ]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_an_item_after_a_nested_block_begins_a_new_paragraph(page: Path):
    """Python-Markdown takes the item into the block otherwise, as GitHub does not."""
    merged = re.findall(r"\n\n {4}\S[^\n]*\n(?: {4}[^\n]*\n)*(\d+\.|[-*]) ", text(page))
    assert not merged
