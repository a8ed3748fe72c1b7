"""Markdown → the blocks of text that a reader sees, and their sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """One paragraph, list item, heading, table cell, or comment inside an example.

    ``text`` keeps its line ends, so that a place in it has a line. ``sentences`` says whether it
    counts for the averages: headings, short cells and comments do not.
    """

    line: int
    text: str
    sentences: bool

    def line_at(self, start: int) -> int:
        """Return the line of the page on which a place in the text is."""
        return self.line + self.text.count("\n", 0, start)


_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})\s*(\w*)")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
_ADMONITION = re.compile(r"^\s*(?:!!!|\?\?\?\+?|===)\s*")
_DELIMITER_ROW = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
_CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
_IMAGE_OR_LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)]*\)(?:\{[^}]*\})?")
_ADDRESS = re.compile(r"<?https?://[^\s>]+>?")
_TAG = re.compile(r"</?[A-Za-z][^>\n]*>")
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)")
_SENTENCE_END = re.compile(
    r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\bal\.)(?<=[.!?])[\"”’)\]]*\s+(?=[\"“(\[]*[A-Z0-9])"
)
_WORD = re.compile(r"[^\s\w]*\w\S*")
_COMMENT_MARKS = {"sh": "#", "bash": "#", "toml": "#", "python": "#", "yaml": "#", "sql": "--"}
_SHORT_CELL_WORDS = 3


def blocks(source: str) -> Iterator[Block]:
    """Yield the blocks of a page, without code, front matter, addresses and markup."""
    lines, comments = _without_fences(_blank_out(source).split("\n"))
    yield from comments
    paragraph: list[str] = []
    begin = 0
    for number, line in enumerate([*lines, ""], start=1):
        single = _single(number, line, lines)
        if paragraph and (single is not None or _ITEM.match(line)):
            yield Block(begin, plain("\n".join(paragraph)), sentences=True)
            paragraph = []
        if single is not None:
            yield from single
            continue
        begin = begin if paragraph else number
        paragraph.append(_ITEM.sub("", line, count=1))


def long_lines(source: str, *, limit: int) -> Iterator[tuple[int, int]]:
    """Yield the number and the length of each line that could be wrapped and is not.

    Code, table rows, headings, comments and lines without a space to break at stay as they are.
    """
    lines, _ = _without_fences(_blank_out(source).split("\n"))
    for number, line in enumerate(lines, start=1):
        text = _ITEM.sub("", line, count=1).strip()
        if len(line) > limit and " " in text and text[0] not in "|#":
            yield number, len(line)


def _without_fences(lines: list[str]) -> tuple[list[str], list[Block]]:
    """Return the lines with fenced code as empty ones, and the comments in that code."""
    outside, comments = [], []
    fence, mark = "", ""
    for number, line in enumerate(lines, start=1):
        opening = _FENCE.match(line)
        if fence and line.strip().startswith(fence):
            fence = ""
        elif fence and mark and mark in line:
            comments.append(Block(number, line.split(mark, 1)[1].strip(), sentences=False))
        elif not fence and opening:
            fence, mark = opening[1], _COMMENT_MARKS.get(opening[2], "")
        elif not fence:
            outside.append(line)
            continue
        outside.append("")
    return outside, comments


def _single(number: int, line: str, lines: list[str]) -> list[Block] | None:
    """Return the blocks of a line that stands for itself, or None for a line of a paragraph."""
    if not line.strip() or _RULE.match(line):
        return []
    if line.lstrip().startswith("#"):
        return [Block(number, plain(line.lstrip("# ")), sentences=False)]
    if _ADMONITION.match(line):
        return [Block(number, plain(_ADMONITION.sub("", line, count=1)), sentences=False)]
    if line.lstrip().startswith("|"):
        return _cells(number, line, lines)
    return None


def _cells(number: int, line: str, lines: list[str]) -> list[Block]:
    if _DELIMITER_ROW.match(line):
        return []
    header = number < len(lines) and _DELIMITER_ROW.match(lines[number])
    texts = [plain(cell.strip()) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
    return [
        Block(number, text, sentences=not header and words(text) > _SHORT_CELL_WORDS)
        for text in texts
    ]


def _blank_out(source: str) -> str:
    """Return the source with front matter and comments as empty lines."""
    for pattern in (_FRONT_MATTER, _HTML_COMMENT):
        source = pattern.sub(lambda part: "\n" * part[0].count("\n"), source)
    return source


def plain(text: str) -> str:
    """Return the text as a reader sees it. A piece of code is the one word ``Code``."""
    text = _CODE.sub(lambda code: "Code" + "\n" * code[2].count("\n"), text)
    text = _IMAGE_OR_LINK.sub(r"\1", text)
    text = _ADDRESS.sub("Address", text)
    return _EMPHASIS.sub("", _TAG.sub("", text))


def sentences(text: str) -> list[str]:
    """Return the sentences of a plain text."""
    return [part.strip() for part in _SENTENCE_END.split(text) if _WORD.search(part)]


def words(text: str) -> int:
    """Return how many words a plain text has. A dash between spaces is none."""
    return len(_WORD.findall(text))
